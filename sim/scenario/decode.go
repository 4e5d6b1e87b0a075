package scenario

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// The decoder's errors, in its words.
var (
	lineOf  = regexp.MustCompile(`line (\d+): (.*)`)
	unknown = regexp.MustCompile(`^field (.*) not found in type scenario\.(\w+)$`)
	another = regexp.MustCompile("^cannot unmarshal !!\\w+ (?:`(.*)` )?into (.*)$")
)

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
