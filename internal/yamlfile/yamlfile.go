package yamlfile

import (
	"errors"
	"fmt"
	"parley/internal/spell"
	"reflect"
	"regexp"
	"strings"
)

// File is a kind of file that people write.
type File struct {
	of     reflect.Type
	manual string
}

// Of is the kind of file that is decoded into a value of this type, a struct or a
// pointer to one whose keys are in yaml tags; manual is the page that describes it.
func Of(value any, manual string) File {
	return File{of: reflect.TypeOf(value), manual: manual}
}

// The decoder's errors, in its words.
var (
	lineOf  = regexp.MustCompile(`line (\d+): (.*)`)
	unknown = regexp.MustCompile(`^field (.*) not found in type \w+\.(\w+)$`)
	another = regexp.MustCompile("^cannot unmarshal !!\\w+ (?:`(.*)` )?into (.*)$")
)

// Explain gives each error of the strict decoder the form file:line, and says what to
// write there. What is not of a line stays as it is, behind the file's name.
func (f File) Explain(file string, err error) error {
	var list []error
	for _, found := range lineOf.FindAllStringSubmatch(err.Error(), -1) {
		list = append(list, fmt.Errorf("%s:%s: %s", file, found[1], f.reworded(found[2])))
	}
	if len(list) == 0 {
		return fmt.Errorf("%s: %w", file, err)
	}
	return errors.Join(list...)
}

func (f File) reworded(text string) string {
	if found := unknown.FindStringSubmatch(text); found != nil {
		return fmt.Sprintf("there is no key %q here: %s", found[1], f.meant(found[1], f.sections()[found[2]]))
	}
	if found := another.FindStringSubmatch(text); found != nil {
		value := "this"
		if found[1] != "" {
			value = fmt.Sprintf("%q", found[1])
		}
		return fmt.Sprintf("%s is not %s", value, f.wanted(found[2]))
	}
	return text
}

// wanted says in words what a type of Go holds.
func (f File) wanted(of string) string {
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
	return "a section with keys: see " + f.manual
}

// meant suggests a key, or lists those that there are.
func (f File) meant(key string, keys []string) string {
	if len(keys) == 0 {
		return "see " + f.manual
	}
	if meant := spell.Nearest(key, keys); meant != "" {
		return fmt.Sprintf("did you mean %q? %s has all", meant, f.manual)
	}
	return "there are " + strings.Join(keys, ", ")
}

// keyOf is the key of a field, without what its tag says of writing it.
func keyOf(field reflect.StructField) string {
	key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	return key
}

// sections lists the keys of each section by the name of its type.
func (f File) sections() map[string][]string {
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
			if key := keyOf(field); key != "" {
				keys = append(keys, key)
				add(field.Type)
			}
		}
		all[t.Name()] = keys
	}
	add(f.of)
	return all
}
