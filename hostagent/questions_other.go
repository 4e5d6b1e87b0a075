package hostagent

import (
	"parley/lcc"
	"parley/lcc/vocabulary"
)

// otherQuestions are about notes, other hosts and deals.
var otherQuestions = []question{
	{
		signature: vocabulary.Signature{
			Name: "noted", Params: params(in("Name", "atom", "", "as it was noted"), out("Number", "number", "", "the latest"),
				out("AgeSeconds", "integer", "s", "since it was last written")),
			Doc: "A number that a model of this host has noted; one that differs by less than a hundredth counts as the same. Nothing is noted " +
				"after a start.",
			Ages: true,
		},
		anytime: true,
		answer:  func(c *Core, args []lcc.Term) lcc.Answer { return c.notebook.noted(args) },
	},
	{
		signature: vocabulary.Signature{
			Name: "beyond", Params: params(out("Peer", "string", "", "a peer's id")),
			Doc: "A host outside this one's group, whose adverts are not heard. A few of all such hosts are answered, in random order; they " +
				"are chosen again every ten seconds. It may not enact the model, or be gone.",
		},
		anytime: true,
		// The peer answers this before the host is asked, once it knows any host beyond the
		// group.
		answer: func(*Core, []lcc.Term) lcc.Answer { return no("no host beyond the group is known") },
	},
	{
		signature: vocabulary.Signature{
			Name:   "settled",
			Params: params(paramDealIn, oneOf("Outcome", vocabulary.Out, "done", "aborted", "expired", "refused", "withdrawn", "stuck")),
			Doc:    "The deal has ended, as this end of it saw it; expired also when this end knows no such deal (any more).",
			Ages:   true,
		},
		anytime: true,
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			id, _, ok := dealTerm(args[0])
			if !ok {
				return no("the first argument is not a deal")
			}
			if d := c.book.endedDeal(id); d != nil {
				return yes(args[0], lcc.Atom(d.state))
			}
			if c.book.deals[id] == nil {
				// The deal was never known here, or was forgotten long ago.
				return yes(args[0], lcc.Atom(Expired))
			}
			return lcc.Answer{}
		},
	},
}
