package hostagent

import (
	"parley/lcc"
	"parley/lcc/vocabulary"
)

// loadQuestions are about the load of this host.
var loadQuestions = []question{
	{
		signature: vocabulary.Signature{
			Name: "load", Params: params(paramLoad),
			Doc: "The forecast load of this host: the largest of its resources'.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			return yes(lcc.Float(c.load.shareOf(c.recommended.used())))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "load", Params: params(oneOf("Resource", vocabulary.In, "cpu", "memory", "network", "disk"), paramLoad),
			Doc: "The forecast load of one resource of this host; of the network and the disk as far as the machine shows it.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			if part, ok := c.load.loadOf(c.recommended.used(), text(args[0])); ok {
				return yes(args[0], lcc.Float(part))
			}
			if c.load.pressure.Known && text(args[0]) == "network" {
				return yes(args[0], lcc.Float(round(c.load.pressure.Network)))
			}
			if c.load.pressure.Known && text(args[0]) == "disk" {
				return yes(args[0], lcc.Float(round(c.load.pressure.Disk)))
			}
			return no("there is no resource " + args[0].String() + " that is measured: cpu, memory, network or disk")
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "forecast", Params: params(out("Load", "number", unitLoad, "rarely exceeded")),
			Doc: "The load that this host is forecast to stay below during the share of the next half hour " +
				"that the configuration names (coverage).",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			if !c.load.horizon.known {
				return lcc.Answer{Truth: lcc.Later}
			}
			return yes(lcc.Float(round(c.recommended.forecast())))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "confidence", Params: params(out("Share", "number", "0..1", "share of earlier measurements that the forecasts covered")),
			Doc: "How reliable the forecast is: 0 after a start, then the share of measurements that the forecasts covered.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer { return yes(lcc.Float(round(c.load.horizon.confidence()))) },
	},
	{
		signature: vocabulary.Signature{
			Name:   "pressure",
			Params: params(oneOf("Resource", vocabulary.In, "cpu", "memory", "io", "steal"), out("Share", "number", "0..1", "of the time")),
			Doc: "How much of the last ten seconds some task of this machine waited for the resource; steal: what a hypervisor below took of the " +
				"processors.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			p, ok := map[string]float64{
				"cpu": c.load.pressure.CPU, "memory": c.load.pressure.Memory, "io": c.load.pressure.IO, "steal": c.load.pressure.Steal,
			}[text(args[0])]
			return when(ok && c.load.pressure.Known, args[0], lcc.Float(round(p)))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "overloaded", Params: params(paramExcess),
			Doc: "This host is above the level that its configuration calls high, and by how much.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			need, ok := c.recommended.overloaded(c.config.High)
			return when(ok, needTerm(need))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "overloaded", Params: params(paramLevel, paramExcess),
			Doc: "The load was above the level for the host's number of samples and has not come back below it by the hysteresis; what is in " +
				"flight to other hosts no longer counts.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			level, ok := number(args[0])
			if !ok {
				return no("the level is not a number")
			}
			need, ok := c.recommended.overloaded(level)
			return when(ok, args[0], needTerm(need))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "underloaded", Params: params(paramCapacity),
			Doc: "This host is below the level that its configuration calls low, and has this room up to it.",
		},
		answer: func(c *Core, _ []lcc.Term) lcc.Answer {
			room, ok := c.recommended.underloaded(c.config.Low)
			return when(ok, roomTerm(room))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "underloaded", Params: params(paramLevel, paramCapacity),
			Doc: "The load was below the level for the host's number of samples and has not come back above it by the hysteresis, and there is " +
				"room up to the level beside what is reserved and incoming.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			level, ok := number(args[0])
			if !ok {
				return no("the level is not a number")
			}
			room, ok := c.recommended.underloaded(level)
			return when(ok, args[0], roomTerm(room))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "loadWith", Params: params(paramNeedIn, paramLoad),
			Doc: "The load of this host with the need and all that is reserved and incoming.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			need, ok := resources(args[0], "need")
			return when(ok, args[0], lcc.Float(c.load.shareOf(c.recommended.loadedWith(need))))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "loadWith", Params: params(paramResource, paramNeedIn, paramLoad),
			Doc: "As loadWith/2, of one resource.",
		},
		answer: func(c *Core, args []lcc.Term) lcc.Answer {
			need, ok := resources(args[1], "need")
			part, known := c.load.loadOf(c.recommended.loadedWith(need), text(args[0]))
			return when(ok && known, args[0], args[1], lcc.Float(part))
		},
	},
	{
		signature: vocabulary.Signature{
			Name: "loadWithout", Params: params(in("Guest", "string", "", "a guest that is here"), paramLoad),
			Doc: "The load of this host without one of its guests and without those in flight to other hosts.",
		},
		answer: ofGuest(0, func(c *Core, t *tracked, args []lcc.Term) lcc.Answer {
			return yes(args[0], lcc.Float(c.load.shareOf(c.recommended.loadedWithout(t))))
		}),
	},
	{
		signature: vocabulary.Signature{
			Name: "loadWithout", Params: params(paramResource, in("Guest", "string", "", "a guest that is here"), paramLoad),
			Doc: "As loadWithout/2, of one resource.",
		},
		answer: ofGuest(1, func(c *Core, t *tracked, args []lcc.Term) lcc.Answer {
			part, known := c.load.loadOf(c.recommended.loadedWithout(t), text(args[0]))
			return when(known, args[0], args[1], lcc.Float(part))
		}),
	},
}
