package syntax

import (
	"strconv"
	"strings"
)

// Precedence levels of the context of a term.
const (
	loose   = iota // an argument
	addend         // of + and -
	factor         // of *, / and mod
	operand        // of a minus sign
)

// operators are the infix functors.
var operators = map[string]int{"+": addend, "-": addend, "*": factor, "/": factor, "mod": factor}

// term prints a term that must bind at least as tightly as around.
func (p *printer) term(t Term, around int) {
	switch t := t.(type) {
	case *Var:
		p.write(t.Name)
	case *Wildcard:
		p.write("_")
	case *IntTerm:
		p.write(strconv.FormatInt(t.Value, 10))
	case *FloatTerm:
		p.write(floatText(t.Value))
	case *Str:
		p.write(quoted(t.Value, '"'))
	case *ListTerm:
		p.write("[")
		p.terms(t.Items)
		if t.Tail != nil {
			p.write("|")
			p.term(t.Tail, loose)
		}
		p.write("]")
	case *Const:
		p.constant(t, around)
	case *Goal:
		p.cons(t.Cons, true)
	}
}

func (p *printer) constant(t *Const, around int) {
	own := operators[t.Name]
	switch {
	case own > 0 && len(t.Args) == 2:
		if own < around {
			p.write("(")
			defer p.write(")")
		}
		p.term(t.Args[0], own)
		p.write(" ", t.Name, " ")
		p.term(t.Args[1], own+1)
	case t.Name == "-" && len(t.Args) == 1:
		p.write("-")
		switch t.Args[0].(type) {
		case *IntTerm, *FloatTerm: // -1 would be the literal
			p.write("(")
			p.term(t.Args[0], loose)
			p.write(")")
		default:
			p.term(t.Args[0], operand)
		}
	default:
		p.write(constantText(t.Name))
		if len(t.Args) > 0 {
			p.write("(")
			p.terms(t.Args)
			p.write(")")
		}
	}
}

func (p *printer) terms(list []Term) {
	for i, t := range list {
		if i > 0 {
			p.write(", ")
		}
		p.term(t, loose)
	}
}

// floatText always writes a point or an exponent: 5 would parse as an integer.
func floatText(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// words are the keywords of the grammar.
var words = map[string]bool{
	"then": true, "or": true, "par": true, "not": true,
	"and": true, "is": true, "in": true, "mod": true,
}

// constantText quotes a name that would not parse as a constant.
func constantText(name string) string {
	if name == "[]" || Plain(name) {
		return name
	}
	return quoted(name, '\'')
}

// Plain says whether a text is a name that needs no quotes, of a constant.
func Plain(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || i > 0 && (c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')) {
			return false
		}
	}
	return name != "" && !words[name]
}

var escapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`)

func quoted(text string, mark byte) string {
	m := string(mark)
	return m + strings.ReplaceAll(escapes.Replace(text), m, `\`+m) + m
}
