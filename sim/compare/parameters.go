package compare

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley/internal/spell"
	"parley/lcc"
)

// parameter is a new value for a fact with one argument at the head of a text.
type parameter struct{ name, value string }

// parameters parses "a[gap=0.1;quiet=0.3]".
func parameters(spec string) (name string, list []parameter, err error) {
	name, inside, ok := strings.Cut(spec, "[")
	if !ok {
		return name, nil, nil
	}
	inside, ok = strings.CutSuffix(inside, "]")
	for _, part := range strings.Split(inside, ";") {
		key, value, is := strings.Cut(part, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || !is || !isName.MatchString(key) || value == "" {
			return name, nil, fmt.Errorf("policy %s: write parameters as agility[gap=0.1;quiet=0.3]", spec)
		}
		list = append(list, parameter{key, value})
	}
	return name, list, nil
}

var isName = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)

// set replaces the values of facts in a text.
func set(name string, text []byte, list []parameter) ([]byte, error) {
	for _, p := range list {
		fact := regexp.MustCompile(`(?m)^` + p.name + `\([^()]*\)\.`)
		n := len(fact.FindAll(text, -1))
		if near := spell.Nearest(p.name, settable(text)); n == 0 && near != "" {
			return nil, fmt.Errorf("policy %s: it has no parameter %s: did you mean %s?", name, p.name, near)
		}
		if n != 1 {
			return nil, fmt.Errorf("policy %s: it has %d facts %s(_) of one argument that begin a line, so %s=%s cannot be set: its parameters "+
				"stand at the head of its text", name, n, p.name, p.name, p.value)
		}
		if err := p.fits(fact.Find(text)); err != nil {
			return nil, fmt.Errorf("policy %s: %w", name, err)
		}
		text = fact.ReplaceAllLiteral(text, []byte(p.name+"("+p.value+")."))
	}
	return text, nil
}

// fits reports a value of another type than that in the text, which only a run would
// find, if it comes to where the value is compared.
func (p parameter) fits(fact []byte) error {
	old, err := lcc.ParseTerm(strings.TrimSuffix(strings.TrimPrefix(string(fact), p.name+"("), ")."))
	if err != nil {
		return nil // the text has the fault, and is compiled
	}
	value, err := lcc.ParseTerm(p.value)
	if err != nil {
		return fmt.Errorf("%s=%s: %w", p.name, p.value, err)
	}
	if number(old) != number(value) {
		want := "a number"
		if !number(old) {
			want = "no number"
		}
		return fmt.Errorf("%s=%s: give %s, as %s in its text", p.name, p.value, want, bytes.TrimSuffix(fact, []byte(".")))
	}
	return nil
}

func number(t lcc.Term) bool {
	switch t.(type) {
	case lcc.Int, lcc.Float:
		return true
	}
	return false
}

// Number is a fact with one number at the head of a text, which Load can give another
// value.
type Number struct {
	Name  string
	Value float64
	Whole bool // it is a whole number
}

// Numbers returns the facts of a text that have a number, in the order of the text.
func Numbers(text []byte) (list []Number) {
	count := map[string]int{}
	for _, found := range isFact.FindAllSubmatch(text, -1) {
		count[string(found[1])]++
	}
	for _, found := range isFact.FindAllSubmatch(text, -1) {
		name := string(found[1])
		value, err := lcc.ParseTerm(strings.TrimSuffix(strings.TrimPrefix(string(found[0]), name+"("), ")."))
		if err != nil || count[name] > 1 {
			continue
		}
		switch v := value.(type) {
		case lcc.Int:
			list = append(list, Number{name, float64(v), true})
		case lcc.Float:
			list = append(list, Number{name, float64(v), false})
		}
	}
	return list
}

var isFact = regexp.MustCompile(`(?m)^([a-z][A-Za-z0-9_]*)\([^(),]*\)\.`)

// settable are the names of the facts in a text that can be set.
func settable(text []byte) (names []string) {
	for _, found := range isFact.FindAllSubmatch(text, -1) {
		names = append(names, string(found[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
