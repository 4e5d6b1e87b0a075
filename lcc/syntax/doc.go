// Package syntax reads texts in LCC: a stateful lexer and a participle grammar
// (grammar.go) give structs close to the text, which are lowered (lower.go) to
// the tree of this package (tree.go), the only thing that others see.
//
// A text is cut into its items (declarations, clauses, facts, rules) before it
// is parsed (split.go), and each is parsed alone, so one faulty clause hides no
// other and all errors come at once. A parenthesis without a partner is
// reported and given one (repair.go), so that the checker can look at the
// clause too. Everything that could make the parser recurse is counted on the
// tokens first (bounds.go): participle itself has no limit, and a Go program
// cannot recover from the overflow of its stack.
//
// Text (print.go) gives any node back on one line, Format (format.go,
// layout.go) a whole text in its canonical form, with its comments.
package syntax
