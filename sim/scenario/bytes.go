package scenario

import (
	"math"
	"strings"

	"go.yaml.in/yaml/v3"

	"parley/internal/bytesize"
)

// Bytes is a number of bytes, written as 64 GiB, 1.25 GB, 62.5 MB or 1000 B; a rate may
// be written as 62.5 MB/s. 0 needs no unit.
type Bytes float64

// UnmarshalYAML parses a number with its unit.
func (b *Bytes) UnmarshalYAML(n *yaml.Node) error {
	if n.Value == "0" {
		*b = 0
		return nil
	}
	bytes, err := bytesize.Parse(strings.TrimSuffix(n.Value, "/s"))
	*b = Bytes(bytes)
	return err
}

// MarshalYAML writes a number with the largest unit that leaves it whole.
func (b Bytes) MarshalYAML() (any, error) { return bytesize.Exact(int64(math.Round(float64(b)))), nil }
