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
	documents, err := k.Parse(file, text)
	switch {
	case err != nil:
		return err
	case len(documents) == 0:
		return Faults(nil).and(check(), func(f *Fault) *Fault { f.File = file; return f })
	case len(documents) > 1:
		return Faults{documents[1].Fault("", "this is a second document: put all keys into the first")}
	}
	return documents[0].DecodeChecked(into, check)
}

// DecodeChecked is Kind.DecodeChecked for a document.
func (d *Document) DecodeChecked(into any, check func() Faults) error {
	// What is at fault is cut out of a copy: the document has the places.
	pruned := &Document{Root: copied(d.Root, map[*yaml.Node]*yaml.Node{}), kind: d.kind, file: d.file, lines: d.lines}
	c := checker{document: pruned, bad: map[*yaml.Node]bool{}}
	c.value(pruned.Root, d.kind.of, "")
	if len(pruned.Root.Content) == 0 || c.tooLarge || c.bad[pruned.Root.Content[0]] {
		return c.faults
	}
	c.prune(pruned.Root.Content[0])
	if err := pruned.Root.Decode(into); err != nil {
		return append(c.faults, pruned.decoderFaults(err)...)
	}
	return c.faults.and(check(), func(f *Fault) *Fault {
		if c.covers(f.Key) || slices.ContainsFunc(f.Relies, c.covers) {
			return nil
		}
		return d.Fault(f.Key, f.Text)
	})
}

// copied returns a copy of a tree; an alias points into the copy.
func copied(n *yaml.Node, known map[*yaml.Node]*yaml.Node) *yaml.Node {
	if n == nil || known[n] != nil {
		return known[n]
	}
	own := *n
	known[n] = &own
	own.Alias = copied(n.Alias, known)
	own.Content = make([]*yaml.Node, len(n.Content))
	for i, inner := range n.Content {
		own.Content[i] = copied(inner, known)
	}
	return &own
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
