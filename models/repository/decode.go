package repository

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// The decoder's errors, in its words.
var (
	lineOf  = regexp.MustCompile(`line (\d+): (.*)`)
	unknown = regexp.MustCompile(`^field (.*) not found in type repository\.(\w+)$`)
	another = regexp.MustCompile("^cannot unmarshal !!\\w+ (?:`(.*)` )?into (.*)$")
)

// yamlBytes bounds a file that people write.
const yamlBytes = 8 << 20

// decodeYAML reads one document strictly: an unknown key is refused with the nearest
// that there is, and every error names file and line.
func decodeYAML(path string, text []byte, into any) error {
	if len(text) > yamlBytes {
		return fmt.Errorf("%s: it has %d bytes, more than %d", path, len(text), yamlBytes)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	err := decoder.Decode(into)
	if err == nil {
		if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: it has more than one document: put all into the first", path)
		}
		return nil
	}
	if errors.Is(err, io.EOF) {
		return nil // only comments: all keys have their defaults
	}
	var list []error
	for _, found := range lineOf.FindAllStringSubmatch(err.Error(), -1) {
		list = append(list, fmt.Errorf("%s:%s: %s", path, found[1], reworded(found[2], into)))
	}
	if len(list) == 0 {
		return fmt.Errorf("%s: %w", path, err)
	}
	return errors.Join(list...)
}

func reworded(text string, into any) string {
	if found := unknown.FindStringSubmatch(text); found != nil {
		return fmt.Sprintf("there is no key %q here: %s", found[1], meant(found[1], sections(into)[found[2]]))
	}
	if found := another.FindStringSubmatch(text); found != nil {
		value := "this"
		if found[1] != "" {
			value = fmt.Sprintf("%q", found[1])
		}
		return fmt.Sprintf("%s is not %s", value, wanted(found[2]))
	}
	return text
}

// wanted says in words what a type of Go holds.
func wanted(of string) string {
	switch {
	case of == "int":
		return "a whole number"
	case of == "float64":
		return "a number"
	case of == "string":
		return "a text"
	case strings.HasPrefix(of, "[]"):
		return "a list: write it in brackets, or each entry on a line with a dash"
	}
	return "a section with keys: see docs/operations.md"
}

// meant suggests a key, or lists those that there are.
func meant(key string, keys []string) string {
	nearest := slices.MinFunc(keys, func(a, b string) int {
		return levenshtein.ComputeDistance(key, a) - levenshtein.ComputeDistance(key, b)
	})
	if levenshtein.ComputeDistance(key, nearest) <= 1+len(key)/3 {
		return fmt.Sprintf("did you mean %q?", nearest)
	}
	return "there are " + strings.Join(keys, ", ")
}

// sections lists the keys of each section by the name of its type.
func sections(of any) map[string][]string {
	all := map[string][]string{}
	var add func(reflect.Type)
	add = func(t reflect.Type) {
		for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		var keys []string
		for field := range t.Fields() {
			if key := field.Tag.Get("yaml"); key != "" {
				keys = append(keys, key)
				add(field.Type)
			}
		}
		all[t.Name()] = keys
	}
	add(reflect.TypeOf(of))
	return all
}

// Span is a time as people write it: 30s, 10m, 24h, or days such as 90d.
type Span time.Duration

// UnmarshalYAML reads a number with its unit.
func (s *Span) UnmarshalYAML(n *yaml.Node) error {
	text := strings.TrimSpace(n.Value)
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var number int64
		number, err = strconv.ParseInt(days, 10, 32)
		d = time.Duration(number) * 24 * time.Hour
	}
	if n.Kind != yaml.ScalarNode || err != nil || d < 0 || d > 100*365*24*time.Hour {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %q is not a time: write one such as 30s, 10m, 24h or 90d", n.Line, n.Value)}}
	}
	*s = Span(d)
	return nil
}

// String is the time as it is written, in days where it is whole days.
func (s Span) String() string {
	const day = 24 * time.Hour
	if d := time.Duration(s); d > 0 && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	return time.Duration(s).String()
}
