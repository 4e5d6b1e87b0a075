package syntax

import (
	"strings"
	"unicode/utf8"
)

// Widths, in characters, above which an event or a rule is split over several lines.
// Events are nested in parentheses, rules are not.
const (
	eventWidth = 96
	ruleWidth  = 80
)

// step is the indentation per level, in spaces.
const step = 4

// line is a line of a formatted text. begin is the offset of its content in the old
// text, or -1 for a line of parentheses; comments are placed by it.
type line struct {
	indent int
	text   string
	begin  int
	item   int    // the number of its item
	after  string // its trailing comment
	blank  bool   // an empty line precedes it
	remark bool   // it is a comment
}

// layout breaks nodes into lines. bounds limits the nesting of definitions, which
// bounds the recursion; sequences are handled in a loop.
type layout struct {
	lines  []line
	number int // of the current item
}

func (l *layout) add(indent int, begin int, text string) {
	l.lines = append(l.lines, line{indent: indent, text: text, begin: begin, item: l.number})
}

// append appends text to the last line.
func (l *layout) append(text string) { l.lines[len(l.lines)-1].text += text }

func (l *layout) item(item Item) {
	switch item := item.(type) {
	case *Clause:
		l.add(0, item.Pos().Offset, Text(item.Agent)+" ::")
		l.def(item.Body, step)
	case *Rule:
		l.rule(item)
	default:
		l.add(0, item.Pos().Offset, Text(item))
	}
}

// rule writes a rule on one line, or its constraint on separate lines that are filled
// as far as possible.
func (l *layout) rule(r *Rule) {
	begin, head := r.Pos().Offset, Text(r.Head)
	if r.Body == nil {
		l.add(0, begin, head+".")
		return
	}
	parts := []Cons{r.Body}
	if and, ok := r.Body.(*And); ok {
		parts = and.Parts
	}
	texts := literals(parts)
	if whole := head + " :- " + strings.Join(texts, ", ") + "."; width(whole) <= ruleWidth {
		l.add(0, begin, whole)
		return
	}
	l.add(0, begin, head+" :-")
	l.fill(step, ruleWidth, parts, texts, ",")
	l.append(".")
}

func literals(parts []Cons) (texts []string) {
	for _, part := range parts {
		var p printer
		p.cons(part, true)
		texts = append(texts, p.String())
	}
	return texts
}

// fill writes the parts of a conjunction, joined by sign, on lines of at most most
// characters.
func (l *layout) fill(indent, most int, parts []Cons, texts []string, sign string) {
	for i, text := range texts {
		last := len(l.lines) - 1
		switch {
		case i == 0:
			l.add(indent, parts[i].Pos().Offset, text)
		case indent+width(l.lines[last].text+sign+" "+text)+len(sign)+1 > most:
			l.append(sign)
			l.add(indent, parts[i].Pos().Offset, text)
		default:
			l.append(sign + " " + text)
		}
	}
}

// def writes a definition that is the whole of a clause or of a group.
func (l *layout) def(d Def, indent int) {
	switch d := d.(type) {
	case *Then:
		l.sequence(d, indent)
	case *Or:
		l.branches(d.Branches, "or", indent)
	case *Par:
		l.branches(d.Branches, "par", indent)
	default:
		l.event(d, indent)
	}
}

func (l *layout) sequence(d *Then, indent int) {
	for {
		l.part(d.First, indent)
		l.append(" then")
		rest, ok := d.Rest.(*Then)
		if !ok {
			l.part(d.Rest, indent)
			return
		}
		d = rest
	}
}

// part writes a member of a sequence; a group gets parentheses.
func (l *layout) part(d Def, indent int) {
	switch d.(type) {
	case *Then, *Or, *Par:
		l.add(indent, -1, "(")
		l.def(d, indent+step)
		l.add(indent, -1, ")")
	default:
		l.event(d, indent)
	}
}

func (l *layout) branches(list []Def, word string, indent int) {
	for i, d := range list {
		if i == 0 {
			l.add(indent, -1, "(")
		} else {
			l.append(" " + word + " (")
		}
		l.def(d, indent+step)
		l.add(indent, -1, ")")
	}
}

// event writes an event on one line, or its constraint on separate lines.
func (l *layout) event(d Def, indent int) {
	whole := Text(d)
	if indent+width(whole)+len(" then") <= eventWidth {
		l.add(indent, d.Pos().Offset, whole)
		return
	}
	head, guard := unguarded(d)
	if guard == nil {
		l.add(indent, d.Pos().Offset, whole)
		return
	}
	l.add(indent, d.Pos().Offset, Text(head))
	parts := []Cons{guard}
	if and, ok := guard.(*And); ok {
		parts = and.Parts
	}
	texts := literals(parts)
	if len(parts) == 1 {
		texts = []string{Text(guard)}
	}
	texts[0] = "<- " + texts[0]
	l.fill(indent+step, eventWidth, parts, texts, " and")
}

// unguarded returns an event without its constraint, and the constraint.
func unguarded(d Def) (Def, Cons) {
	switch d := d.(type) {
	case *Null:
		bare := *d
		bare.Guard = nil
		return &bare, d.Guard
	case *Send:
		bare := *d
		bare.Guard = nil
		return &bare, d.Guard
	case *Receive:
		bare := *d
		bare.Guard = nil
		return &bare, d.Guard
	case *Enter:
		bare := *d
		bare.Guard = nil
		return &bare, d.Guard
	case *Do:
		bare := *d
		bare.Guard = nil
		return &bare, d.Guard
	}
	return d, nil
}

func width(text string) int { return utf8.RuneCountInString(text) }
