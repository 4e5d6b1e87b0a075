package hostagent

import (
	"parley/lcc"
	"parley/lcc/vocabulary"
)

// roomQuestions are about what this host has, and has room for.
var roomQuestions = []question{
	{
		signature: vocabulary.Signature{
			Name: "capacity", Params: params(out("Capacity", formRoom, "cores, MiB", "what the guests of this host may use")),
			Doc: "What this host declares that its guests may use.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer { return yes(roomTerm(c.load.platform.Capacity)) },
	},
	{
		signature: vocabulary.Signature{
			Name: "fits", Params: params(paramNeedIn),
			Doc: "This host has room for the need beside its guests and all that is reserved and incoming.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			need, ok := resources(args[0], "need")
			return when(ok && c.recommended.fits(need), args...)
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "canMigrate", Params: params(in("Capacity", formRoom, "cores, MiB", "the room at the target"), paramNeedIn),
			Doc: "A guest with this need goes into that room.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			room, okRoom := resources(args[0], "room")
			need, okNeed := resources(args[1], "need")
			return when(okRoom && okNeed && need.CPU <= room.CPU && need.MemoryBytes <= room.MemoryBytes, args...)
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "power", Params: params(out("Watts", "number", "watts", "0 where no guest is")),
			Doc: "What this host takes for its guests at their forecast CPU load, by the curve that its configuration gives; a host without " +
				"guests counts as asleep.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			watts, known := c.load.watts(c.recommended.used(), c.recommended.guests() > 0)
			return when(known, lcc.Float(watts))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "powerWith", Params: params(paramNeedIn, out("Watts", "number", "watts", "with it")),
			Doc: "What this host would take with the need and all that is reserved and incoming.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			need, ok := resources(args[0], "need")
			watts, known := c.load.watts(c.recommended.loadedWith(need), true)
			return when(ok && known, args[0], lcc.Float(watts))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "powerFull", Params: params(out("Watts", "number", "watts", "at full load")),
			Doc: "What this host takes at full CPU load.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			watts, known := c.load.watts(c.load.platform.Capacity, true)
			return when(known, lcc.Float(watts))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "label", Params: params(out("Label", "string", "", "\"key=value\"")),
			Doc: "A label of this host, as its configuration gives them.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			var answer lcc.Answer
			for _, label := range c.config.Labels { // sorted
				answer.Truth = lcc.True
				answer.Solutions = append(answer.Solutions, []lcc.Term{lcc.String(label)})
			}
			return answer
		},
	},
}
