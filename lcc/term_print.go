package lcc

import (
	"math"
	"strconv"
	"strings"
)

func (t Int) String() string       { return strconv.FormatInt(int64(t), 10) }
func (t Atom) String() string      { return atomText(string(t)) }
func (t *Var) String() string      { return printTerm(t) }
func (t *Compound) String() string { return printTerm(t) }
func (t String) String() string    { return quote(string(t), '"') }

// String always writes a point or an exponent, so that the text parses as a Float.
func (t Float) String() string {
	text := strconv.FormatFloat(float64(t), 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") && !math.IsInf(float64(t), 0) {
		text += ".0"
	}
	return text
}

// printDepth bounds the printer's recursion; deeper parts print as "...". Terms within
// Limits.TermDepth are far below it.
const printDepth = 1000

// briefBytes bounds the text of a term in the reason of a Finish.
const briefBytes = 200

// printer writes a term.
type printer struct {
	strings.Builder
	most int // bytes after which no further part is written; 0 is no bound
}

func (p *printer) full() bool { return p.most > 0 && p.Len() > p.most }

func printTerm(t Term) string {
	var b printer
	writeTerm(&b, t, 0, printDepth)
	return b.String()
}

// brief returns the beginning of a term's text, for people. A term can share strings
// and lists internally, so its whole text may be far larger than the term.
func brief(t Term) string {
	b := printer{most: briefBytes}
	writeTerm(&b, t, 0, printDepth)
	text := b.String()
	if len(text) <= briefBytes+50 {
		return text
	}
	return strings.ToValidUTF8(text[:briefBytes], "") + "..."
}

// tightness returns the precedence of an infix operator; 0 is no operator.
func tightness(functor string, arity int) int {
	if arity != 2 {
		return 0
	}
	switch functor {
	case "+", "-":
		return 1
	case "*", "/", "mod":
		return 2
	}
	return 0
}

func writeTerm(b *printer, t Term, outer, depth int) {
	if depth == 0 || b.full() {
		b.WriteString("...")
		return
	}
	switch t := deref(t).(type) {
	case *Compound:
		writeCompound(b, t, outer, depth)
	case *Var:
		if t.Name == "" {
			b.WriteByte('_')
			return
		}
		b.WriteString(t.Name)
	case nil:
		b.WriteByte('_')
	default:
		b.WriteString(t.String())
	}
}

func writeCompound(b *printer, t *Compound, outer, depth int) {
	if t.Functor == Cons && len(t.Args) == 2 {
		writeList(b, t, depth)
		return
	}
	if own := tightness(t.Functor, len(t.Args)); own > 0 {
		if own < outer {
			b.WriteByte('(')
			defer b.WriteByte(')')
		}
		writeTerm(b, t.Args[0], own, depth-1)
		b.WriteString(" " + t.Functor + " ")
		writeTerm(b, t.Args[1], own+1, depth-1)
		return
	}
	b.WriteString(atomText(t.Functor))
	b.WriteByte('(')
	for i, arg := range t.Args {
		if b.full() {
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		writeTerm(b, arg, 0, depth-1)
	}
	b.WriteByte(')')
}

func writeList(b *printer, t *Compound, depth int) {
	b.WriteByte('[')
	for {
		writeTerm(b, t.Args[0], 0, depth-1)
		switch tail := deref(t.Args[1]).(type) {
		case *Compound:
			if tail.Functor == Cons && len(tail.Args) == 2 && !b.full() {
				b.WriteString(", ")
				t = tail
				continue
			}
			b.WriteByte('|')
			writeTerm(b, tail, 0, depth-1)
		case Atom:
			if tail != Nil {
				b.WriteString("|" + tail.String())
			}
		default:
			b.WriteByte('|')
			writeTerm(b, tail, 0, depth-1)
		}
		b.WriteByte(']')
		return
	}
}

func atomText(name string) string {
	if name == string(Nil) {
		return name
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || i > 0 && (c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')
		if !letter {
			return quote(name, '\'')
		}
	}
	if name == "" || reserved[name] {
		return quote(name, '\'')
	}
	return name
}

// reserved are the keywords of the grammar.
var reserved = map[string]bool{
	"then": true, "or": true, "par": true, "null": true, "not": true,
	"and": true, "is": true, "in": true, "mod": true,
}

func quote(text string, mark byte) string {
	var b strings.Builder
	b.WriteByte(mark)
	for _, r := range text {
		switch r {
		case rune(mark), '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte(mark)
	return b.String()
}
