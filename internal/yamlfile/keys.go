package yamlfile

import (
	"iter"
	"reflect"
	"regexp"
	"strings"
)

// keyOf returns the key of a field, without what its tag says of writing it; "" for a
// field without a key.
func keyOf(field reflect.StructField) string {
	key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	return key
}

// keyed yields the fields of a struct that have a key. Those of an inline struct are
// keys of the struct around it.
func keyed(of reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) { yieldKeyed(of, yield) }
}

func yieldKeyed(of reflect.Type, yield func(reflect.StructField) bool) bool {
	for field := range of.Fields() {
		_, flags, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case keyOf(field) != "":
			if !yield(field) {
				return false
			}
		case flags == "inline" && !yieldKeyed(field.Type, yield):
			return false
		}
	}
	return true
}

func fieldOf(of reflect.Type, key string) (reflect.Type, bool) {
	for field := range keyed(of) {
		if keyOf(field) == key {
			return field.Type, true
		}
	}
	return nil, false
}

func keysOf(of reflect.Type) (keys []string) {
	for field := range keyed(of) {
		keys = append(keys, keyOf(field))
	}
	return keys
}

// nestedKey finds the key in a section that people write as one word: log_level is
// level of log.
func nestedKey(of reflect.Type, word string) (section, key string, ok bool) {
	for field := range keyed(of) {
		key, found := strings.CutPrefix(word, keyOf(field)+"_")
		if !found || field.Type.Kind() != reflect.Struct {
			continue
		}
		if _, ok := fieldOf(field.Type, key); ok {
			return keyOf(field), key, true
		}
	}
	return "", "", false
}

var fieldParts = regexp.MustCompile(`^(\w+)((?:\[\d+\])*)$`)

// Key returns the key of a field of the kind's struct: that of Rules[1].Guests is
// rules[1].guests. A field of an inline struct is named with or without that struct. The
// key ends with the first name that is no field, as it is.
func (k Kind) Key(field string) string {
	key, of := "", k.of
	for part := range strings.SplitSeq(field, ".") {
		parts := fieldParts.FindStringSubmatch(part)
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if parts == nil || of.Kind() != reflect.Struct {
			return join(key, part)
		}
		found, ok := of.FieldByName(parts[1])
		if !ok {
			return join(key, part)
		}
		of = found.Type
		if name := keyOf(found); name != "" {
			key = join(key, name) + parts[2]
		}
	}
	return key
}
