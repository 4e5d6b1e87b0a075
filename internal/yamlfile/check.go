package yamlfile

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"parley/internal/spell"
)

// Limits of a document: an alias repeats what it names, so a small file can be a very
// large value.
const (
	nodesMost = 2_000_000
	depthMost = 100
)

// checker compares a document with the type that it is decoded into.
type checker struct {
	document *Document
	faults   Faults
	bad      map[*yaml.Node]bool // keys and values with a fault; nil: nobody asks
	about    []string            // the keys that the faults are about
	nodes    int
	depth    int
	tooLarge bool // the rest is not looked at
}

var (
	readsItself = reflect.TypeFor[yaml.Unmarshaler]()
	span        = reflect.TypeFor[time.Duration]()
)

func (c *checker) found(n *yaml.Node, key, format string, args ...any) {
	f := c.document.at(n, fmt.Sprintf(format, args...))
	f.Key = key
	c.faults = append(c.faults, f)
	if c.bad != nil {
		c.bad[n] = true
	}
	if key != "" {
		c.about = append(c.about, key)
	}
}

// value compares what stands at a node with a type.
func (c *checker) value(n *yaml.Node, of reflect.Type, key string) {
	if c.tooLarge {
		return
	}
	if c.nodes++; c.nodes > nodesMost || c.depth > depthMost {
		c.tooLarge = true
		c.found(n, key, "this is too large: a file has at most %d values, %d deep", nodesMost, depthMost)
		return
	}
	c.depth++
	defer func() { c.depth-- }()
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch {
	case n.Kind == yaml.DocumentNode:
		c.value(n.Content[0], of, key)
	case n.Kind == yaml.AliasNode:
		c.value(n.Alias, of, key)
	case n.ShortTag() == "!!null":
		// A key without a value fits every type.
	case reflect.PointerTo(of).Implements(readsItself):
		if err := reflect.New(of).Interface().(yaml.Unmarshaler).UnmarshalYAML(n); err != nil {
			c.found(n, key, "%v", err)
		}
	case of.Kind() == reflect.Struct:
		c.section(n, of, key)
	case of.Kind() == reflect.Map:
		c.table(n, of, key)
	case of.Kind() == reflect.Slice:
		c.list(n, of, key)
	default:
		c.scalar(n, of, key)
	}
}

func (c *checker) list(n *yaml.Node, of reflect.Type, key string) {
	if n.Kind != yaml.SequenceNode {
		c.found(n, key, "%s is not a list: write it in brackets, or each entry on a line with a dash", shown(n))
		return
	}
	for i, entry := range n.Content {
		c.value(entry, of.Elem(), fmt.Sprintf("%s[%d]", key, i))
	}
}

func (c *checker) table(n *yaml.Node, of reflect.Type, key string) {
	if n.Kind != yaml.MappingNode {
		c.found(n, key, "%s is not a section with keys: see %s", shown(n), c.document.kind.manual)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		c.value(n.Content[i+1], of.Elem(), join(key, n.Content[i].Value))
	}
}

// section compares a mapping with a struct.
func (c *checker) section(n *yaml.Node, of reflect.Type, key string) {
	if n.Kind != yaml.MappingNode {
		c.found(n, key, "%s is not a section with keys: %s", shown(n), c.sectionHint(key, of))
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if name.ShortTag() == "!!merge" {
			c.merged(value, of, key)
			continue
		}
		at := join(key, name.Value)
		if line, twice := first[name.Value]; twice {
			c.found(name, at, "the key stands on line %d already: join the two", line)
			continue
		}
		first[name.Value] = name.Line
		field, ok := fieldOf(of, name.Value)
		if !ok {
			c.unknown(name, of, key)
			continue
		}
		c.value(value, field, at)
	}
}

// merged compares what << takes in: a section, or a list of them.
func (c *checker) merged(n *yaml.Node, of reflect.Type, key string) {
	if n.Kind == yaml.SequenceNode {
		for _, entry := range n.Content {
			c.value(entry, of, key)
		}
		return
	}
	c.value(n, of, key)
}

// sectionKeysMost is how many keys of a section are listed where its value is none.
const sectionKeysMost = 4

// sectionHint says how a section is written.
func (c *checker) sectionHint(key string, of reflect.Type) string {
	keys := keysOf(of)
	if len(keys) == 0 || len(keys) > sectionKeysMost {
		return "see " + c.document.kind.manual
	}
	name := key[strings.LastIndex(key, ".")+1:] + ": "
	if strings.HasSuffix(key, "]") { // an entry of a list has no key
		name = ""
	}
	return fmt.Sprintf("write %s{%s: ...}", name, strings.Join(keys, ": ..., "))
}

// unknown refuses a key that means nothing, with the nearest that does: a misspelt
// limit that is ignored without a word is worse than none.
func (c *checker) unknown(name *yaml.Node, of reflect.Type, in string) {
	keys := keysOf(of)
	nearest := spell.Nearest(name.Value, keys)
	hint := "there are " + strings.Join(keys, ", ")
	section, key, nested := nestedKey(of, name.Value)
	switch {
	case len(keys) == 0:
		hint = "see " + c.document.kind.manual
	case nested:
		nearest = section + "." + key
		hint = fmt.Sprintf("write %s: {%s: ...}; %s has all", section, key, c.document.kind.manual)
	case nearest != "":
		hint = fmt.Sprintf("did you mean %q? %s has all", nearest, c.document.kind.manual)
	}
	c.found(name, "", "there is no key %q here: %s", name.Value, hint)
	c.faults[len(c.faults)-1].Nearest = nearest
	c.about = append(c.about, join(in, name.Value))
	if nearest != "" {
		c.about = append(c.about, join(in, nearest)) // it is not missing as well
	}
}

func (c *checker) scalar(n *yaml.Node, of reflect.Type, key string) {
	wanted := words(of)
	switch {
	case n.Kind != yaml.ScalarNode:
		c.found(n, key, "%s is not %s", shown(n), wanted)
	case of == span:
		c.span(n, key)
	case n.ShortTag() == "!!float" && whole(of.Kind()) && fraction(n.Value):
		c.found(n, key, "%s is not a whole number", shown(n))
	default:
		if err := n.Decode(reflect.New(of).Interface()); err != nil {
			c.found(n, key, "%s is not %s", shown(n), wanted)
		}
	}
}

// span wants a unit: 15 would be fifteen nanoseconds.
func (c *checker) span(n *yaml.Node, key string) {
	_, err := time.ParseDuration(n.Value)
	switch number := n.ShortTag() == "!!int" || n.ShortTag() == "!!float"; {
	case err == nil && number:
		n.Tag, n.Value = "!!str", "0s" // 0 needs no unit here, but for the decoder
	case err == nil:
	case number:
		c.found(n, key, "%s is not a time: write its unit, such as %ss", shown(n), n.Value)
	default:
		c.found(n, key, "%s is not a time: write one such as 500ms, 30s, 5m or 2h", shown(n))
	}
}

func shown(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return "this"
	}
	return strconv.Quote(n.Value)
}

// words says what a type of scalars holds.
func words(of reflect.Type) string {
	switch kind := of.Kind(); {
	case of == span:
		return "a time: write one such as 500ms, 30s, 5m or 2h"
	case whole(kind):
		return "a whole number"
	case kind == reflect.Float64 || kind == reflect.Float32:
		return "a number"
	case kind == reflect.Bool:
		return "true or false"
	}
	return "a text"
}

func whole(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uint64 }

// fraction says whether the decoder would cut a number off to make it whole.
func fraction(text string) bool {
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return err != nil || v != math.Trunc(v)
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}
