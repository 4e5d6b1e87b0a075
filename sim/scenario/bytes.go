package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bytes is a number of bytes, written as 64 GiB, 1.25 GB, 62.5 MB or 1000 B; a rate may
// be written as 62.5 MB/s. 0 needs no unit.
type Bytes float64

var units = []struct {
	name string
	size float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1},
}

// UnmarshalYAML parses a number with its unit.
func (b *Bytes) UnmarshalYAML(n *yaml.Node) error {
	text := strings.TrimSuffix(strings.TrimSpace(n.Value), "/s")
	size := 0.0
	for _, u := range units {
		if rest, ok := strings.CutSuffix(text, u.name); ok {
			text, size = rest, u.size
			break
		}
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(number >= 0) || number*size > 1<<62 {
		return fmt.Errorf("%q is not a number of bytes: write one such as 64 GiB or 62.5 MB/s", n.Value)
	}
	if size == 0 && number != 0 {
		return fmt.Errorf("%q has no unit: write one, such as %s GiB or %s MiB", n.Value, n.Value, n.Value)
	}
	*b = Bytes(number * size)
	return nil
}
