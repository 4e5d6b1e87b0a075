package check

import (
	"slices"
	"strings"

	"parley/lcc/syntax"
)

// This file leaves out what follows from another finding: one mistake, one finding. It is found
// once the other is corrected, if it is still there.

// withoutFollowing returns sorted findings without those that follow from others.
func withoutFollowing(found []Diagnostic) []Diagnostic {
	noRole := slices.ContainsFunc(found, func(d Diagnostic) bool { return d.Code == codeNoRole })
	unbound := map[syntax.Position]int{} // index of what says that a variable has no value
	for i, d := range found {
		if d.Code == codeUnboundIn || d.Code == codeUnboundSend {
			unbound[d.Pos] = i
		}
	}
	said := map[Missing]bool{}
	var kept []Diagnostic
	drop := make([]bool, len(found))
	for i, d := range found {
		switch d.Code {
		case codeUnreachable, codeNotReceived, codeNotSent: // a role that is missing plays them, or names them
			drop[i] = noRole
		case codeNoRole:
			drop[i] = d.Missing != (Missing{}) && said[d.Missing]
			said[d.Missing] = true
		case codeOnce: // who gives the variable a value uses it again
			if at, ok := unbound[d.Pos]; ok {
				drop[i] = true
				if strings.HasPrefix(d.Hint, "did you mean") {
					found[at].Hint = meantOnly(d.Hint)
				}
			}
		}
	}
	for i, d := range found {
		if !drop[i] {
			kept = append(kept, d)
		}
	}
	return kept
}

// meantOnly is the first sentence of a hint.
func meantOnly(hint string) string {
	meant, _, _ := strings.Cut(hint, "?")
	return meant + "?"
}
