package recall

import "parley/lcc"

// hiddenToken replaces a token. The token of a deal admits a guest, so it must not be readable
// in what is shown.
const hiddenToken = lcc.String("hidden")

// HideTokens copies a term if it contains a token. The engine's limits bound the depth
// of the term; a list is walked iteratively.
func HideTokens(t lcc.Term) lcc.Term {
	c, ok := t.(*lcc.Compound)
	if !ok {
		return t
	}
	args := make([]lcc.Term, len(c.Args))
	changed := false
	for i, arg := range c.Args {
		if args[i] = HideTokens(arg); args[i] != arg {
			changed = true
		}
	}
	if c.Functor == "deal" && len(args) == 3 {
		args[1], changed = hiddenToken, true
	}
	if !changed {
		return t
	}
	return &lcc.Compound{Functor: c.Functor, Args: args}
}
