package hostagent

import (
	"parley/lcc"
	"parley/lcc/vocabulary"
)

// guestQuestions are about the guests of this host.
var guestQuestions = []question{
	{
		signature: vocabulary.Signature{
			Name: "guest", Params: params(
				out("Guest", "string", "", "the guest's id"), out("Need", formNeed, "cores, MiB", "its forecast CPU use and its memory")),
			Doc: "A guest that runs here and may be moved now (eligible, not cooling down, in no deal, and its rules let it go); the lowest " +
				"priority first, of one priority the largest CPU use.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			var answer lcc.Answer
			for _, t := range c.eligible.movable() {
				answer.Truth = lcc.True
				answer.Solutions = append(answer.Solutions, []lcc.Term{lcc.String(t.guest.ID), needTerm(c.load.need(t))})
			}
			return answer
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "guests", Params: params(out("Number", "integer", "", "how many guests run here")),
			Doc: "How many guests run on this host.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer { return yes(lcc.Int(c.recommended.guests())) },
	},
	{
		signature: vocabulary.Signature{
			Name: "priority", Params: params(in("Guest", "string", "", "a guest that is here"),
				out("Priority", "integer", "", "-100 to 100; 0 where no rule gives one")),
			Doc: "What a guest counts for beside others, by the rules that it brings along and those of its host.",
		},
		answer: ofGuest(0, func(c *Core, t *tracked, args []lcc.Term) lcc.Answer {
			return yes(args[0], lcc.Int(c.load.rules(t).Priority))
		}),
	},
	{
		signature: vocabulary.Signature{
			Name: "kind", Since: 2, Params: params(in("Guest", "string", "", "a guest that is here"),
				oneOf("Kind", vocabulary.Out, "vm", "container", "process")),
			Doc: "What a guest is: a virtual machine, a container, or a process that takes part in its own moves.",
		},
		answer: ofGuest(0, func(_ *Core, t *tracked, args []lcc.Term) lcc.Answer {
			return yes(args[0], lcc.Atom(t.guest.Kind))
		}),
	},
	{
		signature: vocabulary.Signature{
			Name: "mips", Since: 2, Params: params(in("Guest", "string", "", "a guest that is here"),
				out("Millions", "number", "1e6/s", "instructions a second, in millions, smoothed, to two digits")),
			Doc: "How many instructions a guest executes, as this machine counts them; it fails where the machine has no such counter, or " +
				"until it has counted twice.",
		},
		answer: ofGuest(0, func(_ *Core, t *tracked, args []lcc.Term) lcc.Answer {
			return when(t.isCounted(), args[0], lcc.Float(t.shownMIPS()))
		}),
	},
	{
		signature: vocabulary.Signature{
			Name: "mips", Since: 2, Params: params(out("Millions", "number", "1e6/s", "of all guests that run here")),
			Doc: "How many instructions the guests of this host execute together; it fails while one of them is not counted, so that nobody " +
				"acts on half a sum. A host without guests executes 0.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			sum, counted := c.recommended.mips()
			return when(counted, lcc.Float(round(sum)))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "stability", Params: params(in("Guest", "string", "", "a guest that is here"),
				out("Share", "number", "0..1", "1: its CPU use does not change")),
			Doc: "How steady a guest's recent CPU use is.",
		},
		answer: ofGuest(0, func(c *Core, t *tracked, args []lcc.Term) lcc.Answer {
			return yes(args[0], lcc.Float(stability(t)))
		}),
	},
	{
		signature: vocabulary.Signature{
			Name: "contention", Params: params(in("Guest", "string", "", "a guest that is here"),
				out("Share", "number", "0..1", "of its processors' time")),
			Doc: "How much of their time a guest's processors wait for a core of this host.",
		},
		answer: ofGuest(0, func(c *Core, t *tracked, args []lcc.Term) lcc.Answer {
			return yes(args[0], lcc.Float(round(t.waits.mean)))
		}),
	},
	{
		signature: vocabulary.Signature{
			Name: "price", Params: params(in("Guest", "string", "", "a guest that is here"), out("Cost", "cost(Seconds, DowntimeMs, MiB)", "",
				"what its migration is expected to take")),
			Doc: "What it would cost to migrate a guest; there is none while it is not known how fast it writes to its memory.",
		},
		answer: ofGuest(0, func(c *Core, t *tracked, args []lcc.Term) lcc.Answer {
			p, known := c.load.price(t)
			return when(known, args[0], lcc.NewTerm("cost", lcc.Float(round(p.Total.Seconds())),
				lcc.Int(p.Downtime.Milliseconds()), lcc.Int(p.Bytes/mebibyte)))
		}),
	},
}
