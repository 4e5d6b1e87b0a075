package docs_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"parley/lcc/syntax"
)

// production is the right side of a rule of the grammar: a tree of sequences,
// alternatives, options and repetitions over words.
type production struct {
	kind  string // seq, alt, opt, rep, name, text
	parts []*production
	text  string
}

// TestGrammar makes texts of the grammar on the page and has the parser read
// them. What they mean is another matter: the grammar is wider than the
// language, so errors about meaning are passed over, and errors about form are
// not.
func TestGrammar(t *testing.T) {
	var source string
	for _, b := range blocks(page(t, "language.md")) {
		if b.info == "ebnf" {
			source = b.text
		}
	}
	rules, err := grammar(source)
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for i := range 4000 {
		start := []string{"clause", "rule", "fact", "annotation"}[i%4]
		g := &maker{rules: rules, chance: chance, seen: seen}
		seen[start] = true
		text := strings.Join(g.make(rules[start], 9), " ")
		_, errs := syntax.Parse("text", []byte(text))
		for _, err := range errs {
			if strings.Contains(err.Message, "expected") || strings.Contains(err.Message, "breaks off") {
				t.Fatalf("the parser does not read what the grammar of the page allows (%s): %v\n%s", start, err, text)
			}
		}
	}
	for name := range rules {
		if !seen[name] && name != "file" && name != "item" {
			t.Errorf("%s was never made: the test is too short, or nothing uses it", name)
		}
	}
	for _, wrong := range []string{"a(x, X) :: m => a(y, Y) then.", "p(1)", "p(X) :- .", "a(x, X) :: or null"} {
		if _, errs := syntax.Parse("text", []byte(wrong)); len(errs) == 0 {
			t.Errorf("%q was read", wrong)
		}
	}
}

// grammar reads the notation of the page.
func grammar(source string) (map[string]*production, error) {
	rules := map[string]*production{}
	words := ebnfWords(source)
	for len(words) > 0 {
		if len(words) < 3 || words[1] != "=" {
			return nil, fmt.Errorf("a rule begins with a name and =: %v", words[:min(3, len(words))])
		}
		body, rest, err := alternatives(words[2:])
		if err != nil || len(rest) == 0 || rest[0] != "." {
			return nil, fmt.Errorf("the rule of %s does not end with a dot: %v", words[0], err)
		}
		rules[words[0]] = body
		words = rest[1:]
	}
	return rules, nil
}

func ebnfWords(source string) (words []string) {
	for i := 0; i < len(source); {
		switch c := source[i]; {
		case unicode.IsSpace(rune(c)):
			i++
		case c == '"':
			end := i + 1
			for source[end] != '"' {
				if source[end] == '\\' {
					end++
				}
				end++
			}
			words = append(words, source[i:end+1])
			i = end + 1
		case unicode.IsLetter(rune(c)):
			end := i
			for end < len(source) && unicode.IsLetter(rune(source[end])) {
				end++
			}
			words = append(words, source[i:end])
			i = end
		default:
			words = append(words, string(c))
			i++
		}
	}
	return words
}

func alternatives(words []string) (*production, []string, error) {
	alt := &production{kind: "alt"}
	for {
		seq := &production{kind: "seq"}
		for len(words) > 0 && !strings.Contains("|.)]}", words[0]) {
			part, rest, err := single(words)
			if err != nil {
				return nil, nil, err
			}
			seq.parts, words = append(seq.parts, part), rest
		}
		alt.parts = append(alt.parts, seq)
		if len(words) == 0 || words[0] != "|" {
			return alt, words, nil
		}
		words = words[1:]
	}
}

func single(words []string) (*production, []string, error) {
	for open, kind := range map[string]string{"(": "seq", "[": "opt", "{": "rep"} {
		if words[0] != open {
			continue
		}
		inner, rest, err := alternatives(words[1:])
		if err != nil || len(rest) == 0 || rest[0] != map[string]string{"(": ")", "[": "]", "{": "}"}[open] {
			return nil, nil, fmt.Errorf("%s is not closed: %v", open, err)
		}
		return &production{kind: kind, parts: []*production{inner}}, rest[1:], nil
	}
	if strings.HasPrefix(words[0], `"`) {
		text, err := strconv.Unquote(words[0])
		return &production{kind: "text", text: text}, words[1:], err
	}
	return &production{kind: "name", text: words[0]}, words[1:], nil
}

// lexical are the words that the page describes in prose.
var lexical = map[string][]string{
	"ident": {"p", "lamp", "a", "f", "null"}, "quoted": {"'Living room'", "'+'"}, "number": {"0", "17", "2.5", "1e3"},
	"string": {`"a \" b"`, `""`}, "variable": {"X", "Need", "_Other"},
}

// maker makes texts; what is deep takes the shortest way out.
type maker struct {
	rules  map[string]*production
	chance *rand.Rand
	seen   map[string]bool
}

func (g *maker) make(p *production, depth int) (words []string) {
	switch p.kind {
	case "text":
		return []string{p.text}
	case "name":
		if list := lexical[p.text]; list != nil {
			return []string{list[g.chance.IntN(len(list))]}
		}
		g.seen[p.text] = true
		return g.make(g.rules[p.text], depth-1)
	case "opt":
		if depth > 0 && g.chance.IntN(3) == 0 {
			return g.make(p.parts[0], depth-1)
		}
		return nil
	case "rep":
		for depth > 0 && g.chance.IntN(4) == 0 {
			words = append(words, g.make(p.parts[0], depth-2)...)
		}
		return words
	case "alt":
		at := g.chance.IntN(len(p.parts))
		if depth <= 0 && len(p.parts) > 1 {
			at = g.shallow(p)
		}
		return g.make(p.parts[at], depth)
	}
	for _, part := range p.parts {
		words = append(words, g.make(part, depth)...)
	}
	return words
}

// shallow is an alternative without a rule of its own in it.
func (g *maker) shallow(p *production) int {
	var list []int
	for i, seq := range p.parts {
		leaf := true
		for _, part := range seq.parts {
			leaf = leaf && (part.kind == "text" && part.text != "(" || part.kind == "name" && lexical[part.text] != nil)
		}
		if leaf {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return len(p.parts) - 1
	}
	return list[g.chance.IntN(len(list))]
}
