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

// signature describes a predicate that a text does not define itself, and says whose it is.
func (s *server) signature(d *document, name string, arity int) (sig vocabulary.Signature, from string, ok bool) {
	if sig, ok = lcc.Builtins().Lookup(name, arity); ok {
		return sig, "built in", true
	}
	if sig, ok = check.Words(d.file, s.options.Words).Lookup(name, arity); ok {
		if sig.Acts {
			return sig, "an action of the host", true
		}
		return sig, "a question of the host", true
	}
	return sig, "", false
}

func (s *server) Hover(_ context.Context, p *protocol.HoverParams) (*protocol.Hover, error) {
	d, use, ok, err := s.use(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	at := d.span(use.Offset, use.Length)
	return &protocol.Hover{
		Contents: &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: s.described(d, use)}, Range: &at,
	}, nil
}

// described is what is known of a name, in Markdown.
func (s *server) described(d *document, use names.Use) string {
	if theirs := d.theirs(use); len(theirs) > 0 {
		return d.describedImport(theirs[0])
	}
	switch use.Kind {
	case names.Role:
		return d.describedRole(use)
	case names.Message:
		declared, _ := check.Declarations(d.file)
		if sig, ok := declared.Messages.Lookup(use.Name, use.Arity); ok {
			return describedSignature(sig, "a message of this text") + "\n\n" + d.describedMessage(use)
		}
		return d.describedMessage(use)
	case names.Predicate:
		if sig, from, ok := s.signature(d, use.Name, use.Arity); ok {
			return describedSignature(sig, from)
		}
		declared, _ := check.Declarations(d.file)
		if sig, ok := declared.Predicates.Lookup(use.Name, use.Arity); ok {
			return describedSignature(sig, "declared by this text") + "\n\n" + d.describedPredicate(use)
		}
		return d.describedPredicate(use)
	}
	first := d.index.Definitions(use)
	return code(use.Name) + fmt.Sprintf("A variable, first in line %d; it stands at %s.", first[0].Line, times(len(d.index.Uses(use.Symbol))))
}

func times(n int) string {
	if n == 1 {
		return "one place"
	}
	return fmt.Sprintf("%d places", n)
}

func code(text string) string { return "```lcc\n" + text + "\n```\n" }

// signed is a predicate with the modes of its arguments: + bound by the caller, - bound by
// the answer, ? either.
func signed(sig vocabulary.Signature) string {
	var params []string
	for _, p := range sig.Params {
		params = append(params, string(rune(p.Mode))+p.Name)
	}
	return called(sig.Name, params)
}

func called(name string, args []string) string {
	if len(args) == 0 {
		return name
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

func describedSignature(sig vocabulary.Signature, from string) string {
	var b strings.Builder
	if b.WriteString(code(signed(sig)) + sig.Doc); sig.Doc != "" {
		b.WriteString("\n\n")
	}
	b.WriteString("It is " + from + ".\n")
	for _, p := range sig.Params {
		what := p.Type
		if len(p.Values) > 0 {
			what += " (" + strings.Join(p.Values, ", ") + ")"
		}
		if p.Unit != "" {
			what += ", " + p.Unit
		}
		if p.Doc != "" && len(p.Values) == 0 {
			what += "; " + p.Doc
		}
		fmt.Fprintf(&b, "\n- `%c%s`: %s", p.Mode, p.Name, what)
	}
	return b.String()
}

// declared is the declaration of a role; nil where there is none.
func (d *document) declared(name string) *syntax.RoleDecl {
	for _, item := range d.file.Items {
		if decl, ok := item.(*syntax.RoleDecl); ok && decl.Role.Name == name {
			return decl
		}
	}
	return nil
}

func (d *document) describedRole(use names.Use) string {
	definitions := d.index.Definitions(use)
	if len(definitions) == 0 {
		return code("a("+use.Name+", _)") + "A role that no clause of this text defines."
	}
	var b strings.Builder
	for _, def := range definitions {
		clause := def.Node.(*syntax.Clause)
		b.WriteString(code(syntax.Text(clause.Agent) + " ::"))
		b.WriteString(above(d.file, clause.Pos().Line))
	}
	decl := d.declared(use.Name)
	if decl == nil {
		b.WriteString("A role.")
		return b.String()
	}
	b.WriteString("A role, declared " + decl.Kind)
	switch {
	case decl.Max >= 0:
		fmt.Fprintf(&b, ", for %d to %d peers", decl.Min, decl.Max)
	case decl.Min >= 0:
		fmt.Fprintf(&b, ", for %d peers or more", decl.Min)
	}
	b.WriteString(".")
	return b.String()
}

// above is the comment above a line, as a paragraph.
func above(file *syntax.File, line int) string {
	lines := names.Above(file, line)
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n\n"
}

func (d *document) describedMessage(use names.Use) string {
	var sent, taken []string
	for _, u := range d.index.Uses(use.Symbol) {
		said := fmt.Sprintf("%s (line %d)", roleName(u.Role), u.Line)
		if u.Defines {
			sent = append(sent, said)
		} else {
			taken = append(taken, said)
		}
	}
	text := code(syntax.Text(use.Node)) + "A message."
	if len(sent) > 0 {
		text += "\n\nSent by " + strings.Join(sent, ", ") + "."
	}
	if len(taken) > 0 {
		text += "\n\nReceived by " + strings.Join(taken, ", ") + "."
	}
	return text
}

func roleName(role syntax.Term) string {
	if role, ok := role.(*syntax.Const); ok {
		return role.Name
	}
	return "?"
}

func (d *document) describedPredicate(use names.Use) string {
	text := code(syntax.Text(use.Node))
	definitions := d.index.Definitions(use)
	if len(definitions) == 0 {
		return text + "A constraint that neither the text nor the host defines."
	}
	var lines []string
	for _, def := range definitions {
		lines = append(lines, fmt.Sprint(def.Line))
	}
	lines = slices.Compact(lines)
	where := "line " + lines[0]
	if len(lines) > 1 {
		where = "lines " + strings.Join(lines[:min(len(lines), 6)], ", ")
	}
	if len(lines) > 6 {
		where += " and more"
	}
	return text + above(d.file, definitions[0].Line) + "Defined by this text, in " + where + "."
}
