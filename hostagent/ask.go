package hostagent

import (
	"slices"
	"time"

	"parley/lcc"
)

// Ask answers a question of the vocabulary. It changes nothing. Its answers stay the
// same until the next Changed effect with the question's name, except for the age of a
// note. While the load is unknown the answer is Later.
func (c *Core) Ask(goal lcc.Term) (lcc.Answer, bool) {
	name, args, ok := lcc.Name(goal)
	if !ok {
		return lcc.Answer{}, false
	}
	answer, ok := questions[predicate{name, len(args)}]
	if !ok {
		return lcc.Answer{}, false
	}
	if !anytime[name] && !c.load.known() {
		return lcc.Answer{Truth: lcc.Later, Detail: c.load.lookErr}, true
	}
	return answer(c, args), true
}

// anytime lists the questions that are answered before the load is known. All others
// wait for it (lcc.Later), so each of them is in loadNames: the waiting models must be
// woken.
var anytime = map[string]bool{"settled": true, "noted": true, "beyond": true}

var waitingForLoad = func() []string {
	var names []string
	for q := range questions {
		if !anytime[q.name] {
			names = append(names, q.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}()

// loadNames returns the questions whose answers depend on the load, sorted.
func loadNames() []string { return slices.Clone(waitingForLoad) }

// predicate names a question.
type predicate struct {
	name  string
	arity int
}

var questions = map[predicate]func(*Core, []lcc.Term) lcc.Answer{
	{"load", 1}: func(c *Core, _ []lcc.Term) lcc.Answer {
		return yes(lcc.Float(c.load.shareOf(c.load.used())))
	},
	{"load", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		if part, ok := c.load.loadOf(c.load.used(), text(args[0])); ok {
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
	{"forecast", 1}: func(c *Core, _ []lcc.Term) lcc.Answer {
		if !c.load.horizon.known {
			return lcc.Answer{Truth: lcc.Later}
		}
		return yes(lcc.Float(round(c.load.horizon.forecast())))
	},
	{"confidence", 1}: func(c *Core, _ []lcc.Term) lcc.Answer { return yes(lcc.Float(round(c.load.horizon.confidence()))) },
	{"pressure", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		p, ok := map[string]float64{
			"cpu": c.load.pressure.CPU, "memory": c.load.pressure.Memory, "io": c.load.pressure.IO, "steal": c.load.pressure.Steal,
		}[text(args[0])]
		return when(ok && c.load.pressure.Known, args[0], lcc.Float(round(p)))
	},
	{"stability", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		t := c.load.guests[GuestID(text(args[0]))]
		if t == nil || t.guest.State == Incoming {
			return no("no such guest is here")
		}
		return yes(args[0], lcc.Float(stability(t)))
	},
	{"contention", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		t := c.load.guests[GuestID(text(args[0]))]
		if t == nil || t.guest.State == Incoming {
			return no("no such guest is here")
		}
		return yes(args[0], lcc.Float(round(t.waits.mean)))
	},
	{"price", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		t := c.load.guests[GuestID(text(args[0]))]
		if t == nil || t.guest.State == Incoming {
			return no("no such guest is here")
		}
		p, known := c.load.price(t)
		return when(known, args[0], lcc.NewTerm("cost", lcc.Float(round(p.Total.Seconds())),
			lcc.Int(p.Downtime.Milliseconds()), lcc.Int(p.Bytes/mebibyte)))
	},
	{"power", 1}: func(c *Core, _ []lcc.Term) lcc.Answer {
		watts, known := c.load.watts(c.load.used(), len(c.load.running()) > 0)
		return when(known, lcc.Float(watts))
	},
	{"powerWith", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		need, ok := resources(args[0], "need")
		watts, known := c.load.watts(c.room.loadedWith(need), true)
		return when(ok && known, args[0], lcc.Float(watts))
	},
	{"powerFull", 1}: func(c *Core, _ []lcc.Term) lcc.Answer {
		watts, known := c.load.watts(c.load.platform.Capacity, true)
		return when(known, lcc.Float(watts))
	},
	{"overloaded", 1}: func(c *Core, _ []lcc.Term) lcc.Answer {
		need, ok := c.room.overloaded(c.config.High)
		return when(ok, needTerm(need))
	},
	{"overloaded", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		level, ok := number(args[0])
		if !ok {
			return no("the level is not a number")
		}
		need, ok := c.room.overloaded(level)
		return when(ok, args[0], needTerm(need))
	},
	{"underloaded", 1}: func(c *Core, _ []lcc.Term) lcc.Answer {
		room, ok := c.room.underloaded(c.config.Low)
		return when(ok, roomTerm(room))
	},
	{"underloaded", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		level, ok := number(args[0])
		if !ok {
			return no("the level is not a number")
		}
		room, ok := c.room.underloaded(level)
		return when(ok, args[0], roomTerm(room))
	},
	// The peer answers this before the host is asked, once it knows any host beyond the
	// group.
	{"beyond", 1}: func(*Core, []lcc.Term) lcc.Answer { return no("no host beyond the group is known") },
	{"canMigrate", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		room, okRoom := resources(args[0], "room")
		need, okNeed := resources(args[1], "need")
		return when(okRoom && okNeed && need.CPU <= room.CPU && need.MemoryBytes <= room.MemoryBytes, args...)
	},
	{"guest", 2}: func(c *Core, _ []lcc.Term) lcc.Answer {
		var answer lcc.Answer
		for _, t := range c.eligible.movable() {
			answer.Truth = lcc.True
			answer.Solutions = append(answer.Solutions, []lcc.Term{lcc.String(t.guest.ID), needTerm(c.load.need(t))})
		}
		return answer
	},
	{"priority", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		t := c.load.guests[GuestID(text(args[0]))]
		if t == nil || t.guest.State == Incoming {
			return no("no such guest is here")
		}
		return yes(args[0], lcc.Int(c.load.rules(t).Priority))
	},
	{"label", 1}: func(c *Core, _ []lcc.Term) lcc.Answer {
		var answer lcc.Answer
		for _, label := range c.config.Labels { // sorted
			answer.Truth = lcc.True
			answer.Solutions = append(answer.Solutions, []lcc.Term{lcc.String(label)})
		}
		return answer
	},
	{"guests", 1}: func(c *Core, _ []lcc.Term) lcc.Answer { return yes(lcc.Int(len(c.load.running()))) },
	{"fits", 1}: func(c *Core, args []lcc.Term) lcc.Answer {
		need, ok := resources(args[0], "need")
		return when(ok && c.room.fits(need), args...)
	},
	{"loadWith", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		need, ok := resources(args[0], "need")
		return when(ok, args[0], lcc.Float(c.load.shareOf(c.room.loadedWith(need))))
	},
	{"loadWith", 3}: func(c *Core, args []lcc.Term) lcc.Answer {
		need, ok := resources(args[1], "need")
		part, known := c.load.loadOf(c.room.loadedWith(need), text(args[0]))
		return when(ok && known, args[0], args[1], lcc.Float(part))
	},
	{"loadWithout", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
		t := c.load.guests[GuestID(text(args[0]))]
		if t == nil || t.guest.State == Incoming {
			return no("no such guest is here")
		}
		return yes(args[0], lcc.Float(c.load.shareOf(c.room.loadedWithout(t))))
	},
	{"loadWithout", 3}: func(c *Core, args []lcc.Term) lcc.Answer {
		t := c.load.guests[GuestID(text(args[1]))]
		if t == nil || t.guest.State == Incoming {
			return no("no such guest is here")
		}
		part, known := c.load.loadOf(c.room.loadedWithout(t), text(args[0]))
		return when(known, args[0], args[1], lcc.Float(part))
	},
	{"capacity", 1}: func(c *Core, _ []lcc.Term) lcc.Answer { return yes(roomTerm(c.load.platform.Capacity)) },
	{"noted", 3}:    func(c *Core, args []lcc.Term) lcc.Answer { return c.notebook.noted(args) },
	{"settled", 2}: func(c *Core, args []lcc.Term) lcc.Answer {
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
}

func yes(args ...lcc.Term) lcc.Answer {
	return lcc.Answer{Truth: lcc.True, Solutions: [][]lcc.Term{args}}
}

func no(why string) lcc.Answer { return lcc.Answer{Detail: why} }

func when(holds bool, args ...lcc.Term) lcc.Answer {
	if !holds {
		return lcc.Answer{}
	}
	return yes(args...)
}

// overloaded says whether the load is above a level, and returns the excess. Guests
// that are moving to another host do not count.
func (rm *room) overloaded(level float64) (Resources, bool) {
	stays := minus(rm.load.used(), rm.leaving())
	over := Resources{
		CPU:         round(max(0, stays.CPU-level*rm.load.platform.Capacity.CPU)),
		MemoryBytes: max(0, stays.MemoryBytes-int64(level*float64(rm.load.platform.Capacity.MemoryBytes))),
	}
	return over, over != (Resources{}) && rm.load.levels.above(level)
}

// underloaded says whether the load is below a level, and returns the room below it
// beside the reservations. A host that can take no more moves in is not underloaded.
func (rm *room) underloaded(level float64) (Resources, bool) {
	with := rm.loadedWith(Resources{})
	room := Resources{
		CPU:         round(max(0, level*rm.load.platform.Capacity.CPU-with.CPU)),
		MemoryBytes: max(0, int64(level*float64(rm.load.platform.Capacity.MemoryBytes))-with.MemoryBytes),
	}
	return room, room.CPU > 0 && room.MemoryBytes > 0 && rm.permits.settings == (Settings{}) && rm.load.levels.below(level) &&
		rm.book.count(TargetSide) < rm.config.MovesIn
}

// needTerm rounds memory up, so that the reservation covers the guest.
func needTerm(r Resources) lcc.Term {
	return lcc.NewTerm("need", lcc.Float(r.CPU), lcc.Int((r.MemoryBytes+mebibyte-1)/mebibyte))
}

func roomTerm(r Resources) lcc.Term {
	return lcc.NewTerm("room", lcc.Float(r.CPU), lcc.Int(r.MemoryBytes/mebibyte))
}

// resources reads need(Cores, MiB) or room(Cores, MiB).
func resources(t lcc.Term, functor string) (Resources, bool) {
	name, args, ok := lcc.Name(t)
	if !ok || name != functor || len(args) != 2 {
		return Resources{}, false
	}
	cores, okCores := number(args[0])
	mebibytes, okMemory := number(args[1])
	if !okCores || !okMemory || cores < 0 || mebibytes < 0 || cores > coresMax || mebibytes > memoryMax/mebibyte {
		return Resources{}, false
	}
	return Resources{CPU: cores, MemoryBytes: int64(mebibytes * mebibyte)}, true
}

// seconds rounds up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

func number(t lcc.Term) (float64, bool) {
	switch t := t.(type) {
	case lcc.Int:
		return float64(t), true
	case lcc.Float:
		return float64(t), true
	}
	return 0, false
}

// text reads a String or an Atom.
func text(t lcc.Term) string {
	switch t := t.(type) {
	case lcc.String:
		return string(t)
	case lcc.Atom:
		return string(t)
	}
	return ""
}

// dealTerm reads deal(Id, Token, Seconds).
func dealTerm(t lcc.Term) (id DealID, token string, ok bool) {
	name, args, ok := lcc.Name(t)
	if !ok || name != "deal" || len(args) != 3 {
		return "", "", false
	}
	id, token = DealID(text(args[0])), text(args[1])
	return id, token, isName(string(id)) && isName(token)
}

// isName says whether a text is valid as an id or a token.
func isName(text string) bool { return text != "" && len(text) <= 256 }
