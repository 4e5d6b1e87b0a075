package hostagent

import (
	"slices"
	"time"

	"parley/lcc"
	"parley/lcc/vocabulary"
)

// Ask answers a question of the vocabulary. It changes nothing that an answer depends on. Its
// answers stay the same until the next Changed effect with the question's name, except for
// the age of a note. While the load is unknown the answer is Later.
func (c *Core) Ask(goal lcc.Term) (lcc.Answer, bool) {
	name, args, ok := lcc.Name(goal)
	if !ok {
		return lcc.Answer{}, false
	}
	q, ok := questionOf[predicate{name, len(args)}]
	if !ok {
		return lcc.Answer{}, false
	}
	if !q.anytime && !c.load.known() {
		return lcc.Answer{Truth: lcc.Later, Detail: c.load.lookErr}, true
	}
	return q.answer(c, args), true
}

// question is a predicate of the vocabulary that the host answers: how a model asks it,
// and the answer.
type question struct {
	signature vocabulary.Signature
	answer    func(*Core, []lcc.Term) lcc.Answer
	// anytime says that it is answered before the load is known. Every other question
	// waits for it (lcc.Later), so it is in loadNames: the waiting models must be woken.
	anytime bool
}

var questions = slices.Concat(loadQuestions, worthQuestions, roomQuestions, guestQuestions, otherQuestions)

// predicate names a question.
type predicate struct {
	name  string
	arity int
}

var questionOf = func() map[predicate]*question {
	each := make(map[predicate]*question, len(questions))
	for i, q := range questions {
		each[predicate{q.signature.Name, len(q.signature.Params)}] = &questions[i]
	}
	return each
}()

var waitingForLoad = func() []string {
	var names []string
	for _, q := range questions {
		if !q.anytime {
			names = append(names, q.signature.Name)
		}
	}
	slices.Sort(names)
	return slices.Clip(slices.Compact(names))
}()

// loadNames returns the questions whose answers depend on the load, sorted; nobody changes
// the list.
func loadNames() []string { return waitingForLoad }

// ofGuest answers a question about a guest that is here, which one of the arguments names.
func ofGuest(argument int, answer func(*Core, *tracked, []lcc.Term) lcc.Answer) func(*Core, []lcc.Term) lcc.Answer {
	return func(c *Core, args []lcc.Term) lcc.Answer {
		t := c.load.guests[GuestID(text(args[argument]))]
		if t == nil || t.guest.State == Incoming {
			return no("no such guest is here")
		}
		return answer(c, t, args)
	}
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
func (re *recommended) overloaded(level float64) (Resources, bool) {
	stays := re.stays()
	over := Resources{
		CPU:         round(max(0, stays.CPU-level*re.load.platform.Capacity.CPU)),
		MemoryBytes: max(0, stays.MemoryBytes-int64(level*float64(re.load.platform.Capacity.MemoryBytes))),
	}
	return over, over != (Resources{}) && re.level().above(level)
}

// underloaded says whether the load is below a level, and returns the room below it
// beside the reservations. A host that can take no more moves in is not underloaded.
func (re *recommended) underloaded(level float64) (Resources, bool) {
	with := re.loadedWith(Resources{})
	room := Resources{
		CPU:         round(max(0, level*re.load.platform.Capacity.CPU-with.CPU)),
		MemoryBytes: max(0, int64(level*float64(re.load.platform.Capacity.MemoryBytes))-with.MemoryBytes),
	}
	return room, room.CPU > 0 && room.MemoryBytes > 0 && re.room.permits.begins() && re.level().below(level) &&
		re.book.count(TargetSide) < re.config.MovesIn
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
