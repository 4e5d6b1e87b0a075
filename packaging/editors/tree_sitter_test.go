//go:build cgo

package editors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	sitter "github.com/tree-sitter/go-tree-sitter"

	"parley/lcc/syntax"
	grammar "parley/packaging/editors/tree-sitter/src"
)

func sitterParser(t *testing.T) (*sitter.Parser, *sitter.Language) {
	t.Helper()
	language := sitter.NewLanguage(grammar.Language())
	parser := sitter.NewParser()
	t.Cleanup(parser.Close)
	if err := parser.SetLanguage(language); err != nil {
		t.Fatal(err)
	}
	return parser, language
}

// TestTreeSitterReads: what the parser of the language reads without an error, tree-sitter
// does too, with the same items.
func TestTreeSitterReads(t *testing.T) {
	parser, _ := sitterParser(t)
	read := 0
	for _, m := range texts(t) {
		tree := parser.Parse(m.text, nil)
		file, errs := syntax.Parse("text", m.text)
		if len(errs) > 0 {
			tree.Close()
			continue
		}
		read++
		if node := faulty(tree.RootNode()); node != nil {
			at := node.StartPosition()
			t.Errorf("%s:%d:%d: tree-sitter does not read this", m.name, at.Row+1, at.Column+1)
		}
		items := 0
		for i := range tree.RootNode().NamedChildCount() {
			if tree.RootNode().NamedChild(i).Kind() != "comment" {
				items++
			}
		}
		if items != len(file.Items) {
			t.Errorf("%s: tree-sitter sees %d items, want %d", m.name, items, len(file.Items))
		}
		tree.Close()
	}
	if read < 200 {
		t.Errorf("got %d texts without an error, want more", read)
	}
}

// faulty returns the first place of a tree that could not be read.
func faulty(node *sitter.Node) *sitter.Node {
	if !node.HasError() {
		return nil
	}
	for i := range node.ChildCount() {
		if found := faulty(node.Child(i)); found != nil {
			return found
		}
	}
	return node
}

// TestTreeSitterShape: the parts of a text are where the reference has them.
func TestTreeSitterShape(t *testing.T) {
	parser, _ := sitterParser(t)
	for text, want := range map[string]string{
		"p(X) :- q, not r(1) or s.":      "(rule head: (call name: (identifier) arguments: (arguments (variable))) body: (choice (conjunction (call name: (identifier)) (negation (call name: (identifier) arguments: (arguments (number))))) (call name: (identifier))))",
		"@a(@b, c(_))":                   "(annotation name: (identifier) arguments: (annotation_arguments (annotation name: (identifier)) (call name: (identifier) arguments: (arguments (anonymous)))))",
		"x :: m => y <- p then q par z":  "(clause head: (call name: (identifier)) body: (sequence (event (call name: (identifier)) (arrow) (call name: (identifier)) (arrow) (call name: (identifier))) (parallel (call name: (identifier)) (call name: (identifier)))))",
		"f([1|T], -2 + 3, 'a' = \"b\").": "(fact (call name: (identifier) arguments: (arguments (list (number) tail: (variable)) (sum (minus (number)) (number)) (comparison (call name: (quoted)) operator: (comparator) (string)))))",
		"p(1). q":                        "(fact (call name: (identifier) arguments: (arguments (number)))) (fact (call name: (identifier)))",
	} {
		tree := parser.Parse([]byte(text), nil)
		if got := tree.RootNode().ToSexp(); got != "(source_file "+want+")" {
			t.Errorf("%s\ngot  %s\nwant (source_file %s)", text, got, want)
		}
		tree.Close()
	}
}

var captures = map[string]byte{
	"comment": 'c', "string": 's', "string.special": 's', "number": 'n', "keyword": 'k', "variable": 'v', "operator.arrow": 'a',
}

// TestTreeSitterColours: what is coloured in a tree is what the lexer has.
func TestTreeSitterColours(t *testing.T) {
	parser, language := sitterParser(t)
	text, err := os.ReadFile("tree-sitter/queries/highlights.scm")
	if err != nil {
		t.Fatal(err)
	}
	query, fault := sitter.NewQuery(language, string(text))
	if fault != nil {
		t.Fatal(fault)
	}
	defer query.Close()
	names := query.CaptureNames()
	cursor := sitter.NewQueryCursor()
	defer cursor.Close()
	for _, m := range texts(t) {
		if _, errs := syntax.Parse("text", m.text); len(errs) > 0 {
			continue
		}
		tree := parser.Parse(m.text, nil)
		bytewise := []byte(strings.Repeat(".", len(m.text)))
		matches := cursor.Matches(query, tree.RootNode(), m.text)
		for match := matches.Next(); match != nil; match = matches.Next() {
			for _, c := range match.Captures {
				class, ok := captures[names[c.Index]]
				if !ok {
					continue
				}
				for i := c.Node.StartByte(); i < c.Node.EndByte(); i++ {
					bytewise[i] = class
				}
			}
		}
		tree.Close()
		var got []byte
		for i, b := range bytewise {
			if utf8.RuneStart(m.text[i]) {
				got = append(got, b)
			}
		}
		compare(t, m, got)
	}
}

// generator is the version of tree-sitter that has written the parser.
const generator = "0.22.6"

// TestTreeSitterGenerated: the parser is what the generator makes of the grammar.
func TestTreeSitterGenerated(t *testing.T) {
	said, err := exec.Command("tree-sitter", "--version").Output()
	if err != nil || !strings.Contains(string(said), generator) {
		t.Skipf("to generate the parser again needs tree-sitter %s (Debian 13: tree-sitter-cli) and node: got %q, %v", generator, said, err)
	}
	dir := t.TempDir()
	grammarText, err := os.ReadFile("tree-sitter/grammar.js")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "grammar.js"), grammarText, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("tree-sitter", "generate", "--no-bindings")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range []string{"src/parser.c", "src/grammar.json", "src/node-types.json", "src/tree_sitter/parser.h"} {
		got, err1 := os.ReadFile(filepath.Join(dir, name))
		want, err2 := os.ReadFile(filepath.Join("tree-sitter", name))
		if err1 != nil || err2 != nil || string(got) != string(want) {
			t.Errorf("%s is not what tree-sitter generates from grammar.js (%v, %v): run tree-sitter generate --no-bindings", name, err1, err2)
		}
	}
}
