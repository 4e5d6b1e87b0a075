package repository

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"parley/internal/yamlfile"
)

// Files returns a zero value of each kind of file that people write here, by file name
// without extension; the JSON schemas are made from them.
func Files() map[string]any { return map[string]any{"cluster": Cluster{}, "policy": settings{}} }

// yamlBytes bounds a file that people write.
const yamlBytes = 8 << 20

// decodeYAML decodes one document strictly and has it checked: all faults are reported in
// one go with file and line, an unknown key with the most similar known key.
func decodeYAML(path string, text []byte, into any, check func() yamlfile.Faults) error {
	if len(text) > yamlBytes {
		return fmt.Errorf("%s: it has %d bytes, more than %d", path, len(text), yamlBytes)
	}
	manual := "docs/operations.md"
	if kind := strings.TrimSuffix(filepath.Base(path), ".yaml"); Files()[kind] != nil {
		manual = "`parley schema " + kind + "`"
	}
	return yamlfile.Of(into, manual).DecodeChecked(path, text, into, check)
}

// Span is a duration: 30s, 10m, 24h, or days such as 90d.
type Span time.Duration

// ParseSpan parses a number with its unit.
func ParseSpan(text string) (Span, error) {
	text = strings.TrimSpace(text)
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var number int64
		number, err = strconv.ParseInt(days, 10, 32)
		d = time.Duration(number) * 24 * time.Hour
	}
	if err != nil || d < 0 || d > 100*365*24*time.Hour {
		return 0, fmt.Errorf("%q is not a time: write one such as 30s, 10m, 24h or 90d", text)
	}
	return Span(d), nil
}

// UnmarshalYAML parses a scalar.
func (s *Span) UnmarshalYAML(n *yaml.Node) (err error) {
	text := n.Value
	if n.Kind != yaml.ScalarNode {
		text = "" // no list or section is a time
	}
	*s, err = ParseSpan(text)
	return err
}

// String formats the duration, in days when it is a whole number of days.
func (s Span) String() string {
	const day = 24 * time.Hour
	if d := time.Duration(s); d > 0 && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	return time.Duration(s).String()
}
