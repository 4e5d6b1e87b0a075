package yamlfile

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// DecodeChecked reads a text of at most one document into a value of its kind, without the
// keys that are at fault, and has the rest checked: so faults of keys and of values are
// reported in one go. check returns what is wrong with the value, by key; it is not asked
// where nothing can be read. The error is Faults.
func (k Kind) DecodeChecked(file string, text []byte, into any, check func() Faults) error {
	placed, err := k.Parse(file, text)
	if err != nil {
		return err
	}
	if len(placed) == 0 {
		return Faults(nil).and(check(), func(f *Fault) *Fault { f.File = file; return f })
	}
	if len(placed) > 1 {
		return Faults{placed[1].Fault("", "this is a second document: put all keys into the first")}
	}
	// What is at fault is cut out of a tree of its own: the other has the places.
	pruned, err := k.Parse(file, text)
	if err != nil {
		return err
	}
	c := checker{document: pruned[0], bad: map[*yaml.Node]bool{}}
	c.value(pruned[0].Root, k.of, "")
	if len(pruned[0].Root.Content) == 0 || c.tooLarge || c.bad[pruned[0].Root.Content[0]] {
		return c.faults
	}
	c.prune(pruned[0].Root.Content[0])
	if err := pruned[0].Root.Decode(into); err != nil {
		return append(c.faults, pruned[0].decoderFaults(err)...)
	}
	return c.faults.and(check(), func(f *Fault) *Fault {
		if c.covers(f.Key) {
			return nil
		}
		return placed[0].Fault(f.Key, f.Text)
	})
}

// and adds the faults of a check, each with its place; nil: it is left out.
func (l Faults) and(more Faults, place func(*Fault) *Fault) error {
	for _, f := range more {
		if f = place(f); f != nil {
			l = append(l, f)
		}
	}
	if len(l) == 0 {
		return nil
	}
	slices.SortStableFunc(l, func(a, b *Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return l
}

// prune cuts out of a mapping the keys at fault, and with an entry its whole list: the
// others would get other numbers.
func (c *checker) prune(n *yaml.Node) (bad bool) {
	if c.bad[n] {
		return true
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.prune(n.Alias)
	case yaml.SequenceNode:
		for _, entry := range n.Content {
			bad = c.prune(entry) || bad
		}
	case yaml.MappingNode:
		var kept []*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if name, value := n.Content[i], n.Content[i+1]; !c.bad[name] && !c.prune(value) {
				kept = append(kept, name, value)
			}
		}
		n.Content = kept
	}
	return bad
}

// covers says whether a fault is about a key already, about something in it or around it.
func (c *checker) covers(key string) bool {
	within := func(inner, outer string) bool {
		return strings.HasPrefix(inner, outer) && (len(inner) == len(outer) || strings.ContainsAny(inner[len(outer):len(outer)+1], ".["))
	}
	return slices.ContainsFunc(c.about, func(about string) bool { return within(key, about) || within(about, key) })
}
