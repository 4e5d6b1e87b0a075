// Package syntax parses texts in LCC. A stateful lexer and a participle grammar
// (grammar.go) produce structs close to the text; lower.go converts them to the tree of
// this package (tree.go), the only exported form.
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
