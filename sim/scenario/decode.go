package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// The decoder's errors, in its words.
var (
	lineOf  = regexp.MustCompile(`line (\d+): (.*)`)
	unknown = regexp.MustCompile(`^field (.*) not found in type scenario\.(\w+)$`)
	another = regexp.MustCompile("^cannot unmarshal !!\\w+ (?:`(.*)` )?into (.*)$")
)

// decode reads the documents of a text into one.
func (s *Scenario) decode(text []byte) error {
	strict, nodes := yaml.NewDecoder(bytes.NewReader(text)), yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	for first := true; ; first = false {
		// As it stands, for its faults, and as nodes, which know their lines.
		err, node := strict.Decode(&Scenario{}), yaml.Node{}
		switch {
		case errors.Is(err, io.EOF) && !first:
			return s.decodeNode()
		case err != nil:
			return s.decodeError(err)
		}
		if err := nodes.Decode(&node); err != nil {
			return s.decodeError(err)
		}
		if first {
			s.root = &node
		} else if err := s.join(&node); err != nil {
			return err
		}
	}
}

func (s *Scenario) decodeNode() error {
	if err := s.root.Decode(s); err != nil {
		return s.decodeError(err)
	}
	return nil
}

// join puts the lists of another document to those of the first.
func (s *Scenario) join(other *yaml.Node) error {
	into, from := s.root.Content[0], other.Content[0]
	if into.Kind != yaml.MappingNode || from.Kind != yaml.MappingNode {
		return fmt.Errorf("scenario: %s:%d: a document is empty: give hosts and guests", s.file, other.Line)
	}
	for i := 0; i < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		if key.Value != "hosts" && key.Value != "guests" && key.Value != "policies" {
			return fmt.Errorf("scenario: %s:%d: %s: only the first document has this: those after it have hosts, guests and policies", s.file, key.Line, key.Value)
		}
		at := 0
		for at < len(into.Content) && into.Content[at].Value != key.Value {
			at += 2
		}
		switch {
		case at == len(into.Content):
			into.Content = append(into.Content, key, value)
			continue
		case into.Content[at+1].Kind != yaml.SequenceNode: // the key stands there alone
			into.Content[at+1] = value
			continue
		}
		for _, entry := range value.Content {
			same := func(n *yaml.Node) bool { return n.Value == entry.Value }
			if key.Value != "policies" || !slices.ContainsFunc(into.Content[at+1].Content, same) {
				into.Content[at+1].Content = append(into.Content[at+1].Content, entry)
			}
		}
	}
	return nil
}

// decodeError gives the errors of the decoder the form file:line, and says what
// to write.
func (s *Scenario) decodeError(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("scenario: %s: it is empty: it needs hosts and guests at least", s.file)
	}
	var list []error
	for _, found := range lineOf.FindAllStringSubmatch(err.Error(), -1) {
		list = append(list, fmt.Errorf("scenario: %s:%s: %s", s.file, found[1], reworded(found[2])))
	}
	if len(list) == 0 {
		return fmt.Errorf("scenario: %s: %w", s.file, err)
	}
	return errors.Join(list...)
}

func reworded(text string) string {
	if found := unknown.FindStringSubmatch(text); found != nil {
		return fmt.Sprintf("there is no key %q here: %s", found[1], meant(found[1], sections()[found[2]]))
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
	case of == "bool":
		return "true or false"
	case of == "string":
		return "a text"
	case of == "time.Duration":
		return "a time: write one such as 500ms, 30s, 5m or 2h"
	case strings.HasPrefix(of, "[]"):
		return "a list: write it in brackets, or each entry on a line with a dash"
	}
	return "a section with keys: see docs/scenarios.md"
}

// meant suggests a key, or lists those that there are.
func meant(key string, keys []string) string {
	if len(keys) == 0 {
		return "see docs/scenarios.md"
	}
	nearest := slices.MinFunc(keys, func(a, b string) int {
		return levenshtein.ComputeDistance(key, a) - levenshtein.ComputeDistance(key, b)
	})
	if levenshtein.ComputeDistance(key, nearest) <= 1+len(key)/3 {
		return fmt.Sprintf("did you mean %q? docs/scenarios.md has all", nearest)
	}
	return "there are " + strings.Join(keys, ", ")
}

// sections lists the keys of each section by the name of its type.
func sections() map[string][]string {
	all := map[string][]string{}
	var add func(reflect.Type)
	add = func(t reflect.Type) {
		for t.Kind() == reflect.Slice {
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
	add(reflect.TypeFor[Scenario]())
	return all
}
