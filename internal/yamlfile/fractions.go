package yamlfile

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Fractions says where a fraction stands in place of a whole number: the decoder would
// cut it off without a word. The text behind the node was decoded already.
func (f File) Fractions(file string, root *yaml.Node) error {
	var list []error
	fractions(root, f.of, func(n *yaml.Node) {
		list = append(list, fmt.Errorf("%s:%d: %q is not a whole number", file, n.Line, n.Value))
	})
	return errors.Join(list...)
}

var readsItself = reflect.TypeFor[yaml.Unmarshaler]()

func fractions(n *yaml.Node, of reflect.Type, found func(*yaml.Node)) {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if reflect.PointerTo(of).Implements(readsItself) {
		return
	}
	switch {
	case n.Kind == yaml.DocumentNode:
		fractions(n.Content[0], of, found)
	case n.Kind == yaml.AliasNode:
		fractions(n.Alias, of, found)
	case n.Kind == yaml.SequenceNode && of.Kind() == reflect.Slice:
		for _, entry := range n.Content {
			fractions(entry, of.Elem(), found)
		}
	case n.Kind == yaml.MappingNode && of.Kind() == reflect.Map:
		for i := 1; i < len(n.Content); i += 2 {
			fractions(n.Content[i], of.Elem(), found)
		}
	case n.Kind == yaml.MappingNode && of.Kind() == reflect.Struct:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if field, ok := fieldOf(of, n.Content[i].Value); ok {
				fractions(n.Content[i+1], field, found)
			}
		}
	case n.ShortTag() == "!!float" && whole(of.Kind()):
		if v, err := strconv.ParseFloat(strings.ReplaceAll(n.Value, "_", ""), 64); err != nil || v != math.Trunc(v) {
			found(n)
		}
	}
}

func whole(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uint64 }

func fieldOf(of reflect.Type, key string) (reflect.Type, bool) {
	for field := range of.Fields() {
		if keyOf(field) == key {
			return field.Type, true
		}
	}
	return nil, false
}
