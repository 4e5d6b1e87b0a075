// Package syntax parses texts in LCC. lex.go divides a text, and a participle grammar
// (grammar.go) produces structs close to it; lower.go converts them to the tree of this
// package (tree.go), the only exported form. A Parser keeps the structs of the items that it
// has parsed (parser.go), for an editor, where a text changes at one place.
//
// A text is split into its items (declarations, clauses, facts, rules) before it is
// parsed (split.go), and each item is parsed alone, so a faulty clause hides no other
// and all errors are reported at once. An unmatched parenthesis is reported and
// completed (repair.go), so that the checker can check that clause too. Everything that
// could make the parser recurse is counted on the tokens first (bounds.go), because
// participle has no limit and a Go program cannot recover from a stack overflow.
//
// Text (print.go) prints any node on one line; Format (format.go, layout.go) prints a
// whole text in its canonical form, with its comments.
package syntax
