package hostagent

import (
	"parley/lcc"
	"parley/lcc/vocabulary"
)

// worthQuestions are about what a move is worth.
var worthQuestions = []question{
	{
		signature: vocabulary.Signature{
			Name: "lasting", Params: params(out("Low", "number", unitLoad, "at least this is expected to last"),
				out("High", "number", unitLoad, "at most this is expected to last; not below the load now")),
			Doc: "The range of this host's CPU load that is expected to last, from the last half hour. While the host is crowded (0.9 and " +
				"more) the load of now is its low end.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			here := c.recommended.here()
			low, high := here.lasts.low, max(here.lasts.high, here.now)
			if here.crowded > 0 {
				low = max(low, here.now)
			}
			return yes(lcc.Float(low), lcc.Float(high))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "worth", Params: params(in("Guest", "string", "", "a guest that is here"),
				in("Load", "number", unitLoad, "of the target"), paramWorth),
			Doc: "What a move of a guest to a host like this one, with that load, relieves both hosts by while it is expected to last, less " +
				"what the migration costs.",
		},
		answer: ofGuest(0, func(c *Core, t *tracked, args []lcc.Term) lcc.Answer {
			load, ok := number(args[1])
			if !ok {
				return when(false)
			}
			t.told = told{worth: c.recommended.worthAway(t, load), load: load, at: c.now, known: true}
			return yes(args[0], args[1], lcc.Float(t.told.worth))
		}),
	},
	{
		signature: vocabulary.Signature{
			Name: "worthHere", Params: params(paramNeedIn, in("Load", "number", unitLoad, "of the source"), paramWorth),
			Doc: "As worth/3, at the target: of a guest with this need, from a host with that load.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			need, ok := resources(args[0], "need")
			load, known := number(args[1])
			return when(ok && known, args[0], args[1], lcc.Float(c.recommended.worthHere(need, load)))
		},
	},
}
