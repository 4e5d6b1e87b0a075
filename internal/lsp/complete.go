package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/names"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

func (s *server) Completion(_ context.Context, p *protocol.CompletionParams) (protocol.CompletionResult, error) {
	d, err := s.text(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	offset := d.offset(p.Position)
	place, begun := names.PlaceOf(d.text, offset)
	c := &completer{
		document: d, begun: begun, at: d.span(offset-len(begun), len(begun)),
		items: []protocol.CompletionItem{}, seen: map[string]bool{},
	}
	switch place {
	case names.Agents:
		c.roles()
	case names.Events:
		c.messages()
		c.add("null", "null", "an event without a message", protocol.CompletionItemKindKeyword, "")
		c.predicates(s.options.Words)
	case names.Conditions:
		c.predicates(s.options.Words)
		c.variables(offset)
	case names.Values:
		c.variables(offset)
	}
	return &protocol.CompletionList{Items: c.items}, nil
}

// completer gathers what may be written at a place.
type completer struct {
	*document
	begun string         // of the name, which is replaced
	at    protocol.Range // of what is begun
	items []protocol.CompletionItem
	seen  map[string]bool
}

func (c *completer) add(label, text, detail string, kind protocol.CompletionItemKind, doc string) {
	if c.seen[label] || !strings.HasPrefix(text, c.begun) {
		return
	}
	c.seen[label] = true
	item := protocol.CompletionItem{
		Label: label, Kind: kind, Detail: protocol.NewOptional(detail), TextEdit: &protocol.TextEdit{Range: c.at, NewText: text},
		SortText: protocol.NewOptional(fmt.Sprintf("%04d", len(c.items))),
	}
	if doc != "" {
		item.Documentation = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: doc}
	}
	c.items = append(c.items, item)
}

// symbols are those of the text as it is, those of the last text without errors, and those
// that it imports.
func (c *completer) symbols(kind names.Kind) []names.Use {
	return slices.Concat(c.index.Symbols(kind), c.whole.Symbols(kind), c.importedUses(kind))
}

func (c *completer) roles() {
	for _, use := range c.symbols(names.Role) {
		clause, ok := use.Node.(*syntax.Clause)
		if !ok {
			c.add(use.Name, use.Name, "role", protocol.CompletionItemKindClass, "")
			continue
		}
		text := syntax.Text(clause.Agent.Role)
		detail := "role"
		if decl := c.declared(use.Name); decl != nil {
			detail += ", " + decl.Kind
		}
		c.add(text, text, detail, protocol.CompletionItemKindClass, "")
	}
}

func (c *completer) messages() {
	declared, _ := check.Declarations(c.file)
	c.signatures(declared.Messages, "message")
	for _, use := range c.symbols(names.Message) {
		text := syntax.Text(use.Node)
		if len(use.Node.(*syntax.Const).Args) != use.Arity {
			continue
		}
		c.add(text, text, "message", protocol.CompletionItemKindEvent, "")
	}
}

func (c *completer) predicates(host *vocabulary.Set) {
	declared, _ := check.Declarations(c.file)
	c.signatures(declared.Predicates, "declared by this text")
	for _, use := range c.symbols(names.Predicate) {
		if use.Defines {
			text := syntax.Text(use.Node)
			c.add(fmt.Sprintf("%s/%d", use.Name, use.Arity), text, "of this text", protocol.CompletionItemKindFunction, "")
		}
	}
	c.signatures(host, "the host")
	c.signatures(lcc.Builtins(), "built in")
}

func (c *completer) signatures(set *vocabulary.Set, from string) {
	if set == nil {
		return
	}
	for _, sig := range set.Predicates {
		var params []string
		for _, p := range sig.Params {
			params = append(params, p.Name)
		}
		c.add(signed(sig), called(sig.Name, params), from, protocol.CompletionItemKindFunction, sig.Doc)
	}
}

// variables offers those of the clause or rule in which the offset is. While it has an
// error, its variables are read from the words between the items around it.
func (c *completer) variables(offset int) {
	for _, name := range names.VariablesNear(c.text, offset) {
		if name != c.begun {
			c.add(name, name, "variable", protocol.CompletionItemKindVariable, "")
		}
	}
}
