package stages

import "fmt"

// Target is the end of a move where the guest is to run. The zero value is ready for
// Begin or Restarted.
type Target struct {
	Stage Stage
	// Mine says that the guest runs here, or is about to: it must not run at the source.
	Mine bool
	// Known says that there may be something of the guest here.
	Known bool

	linked  bool
	doing   Action
	writing Record
	round   int
	sent    bool // by the source, the round that is received
	got     bool // what the round has, by the platform
	last    bool
	ready   bool // the guest is restored, and the source may know it
	asked   bool // the source waits for an answer
	active  bool
	noted   bool // that it is active is durable
	closed  bool // the source will not ask again
	doubt   bool // Mine may be durable, and the guest is not activated
	never   bool // durable
	dropped bool // what was here of the guest
	silent  bool // Never could not be journalled
	tries   int
	told    bool
	why     string
}

// Step feeds an event.
func (t *Target) Step(ev Event) []Effect {
	switch ev := ev.(type) {
	case Begin:
		t.Stage, t.linked, t.doing = Preparing, true, DoAdmit
		return []Effect{Do{Action: DoAdmit}}
	case Restarted:
		return t.restarted(ev.Record)
	case Recorded:
		t.writing = ""
		return t.recorded(ev)
	case Did:
		t.doing = ""
		return t.did(ev)
	case Linked:
		t.linked, t.asked = true, false
	case Unlinked:
		t.linked, t.asked = false, false
		if !t.ready && t.going() {
			return t.drop("the connection to the source ended: " + ev.Why)
		}
	case Heard:
		return t.heard(ev.Message)
	case Stop:
		if t.going() {
			return t.drop(ev.Why)
		}
	case Later:
		return t.later()
	case Settled:
		return t.settled(ev.Here)
	}
	return nil
}

func (t *Target) write(r Record) []Effect {
	t.writing = r
	return []Effect{Write{r}}
}

func (t *Target) do(a Action) []Effect {
	t.doing = a
	return []Effect{Do{Action: a}}
}

func (t *Target) tell(why string) []Effect {
	if why == "" && !t.told {
		return nil
	}
	t.told = why != ""
	return []Effect{Tell{why}}
}

// say sends a message if anyone hears it.
func (t *Target) say(m Message) []Effect {
	if !t.linked {
		return nil
	}
	return []Effect{Say{m}}
}

// going says that the move may still end either way, and that the guest is not activated.
func (t *Target) going() bool {
	return t.Stage == Preparing || t.Stage == Copying || t.Stage == Freezing || t.Stage == Restoring ||
		t.Stage == Releasing && !t.doubt && t.writing != Mine
}

func (t *Target) restarted(r Record) []Effect {
	switch r {
	case Mine:
		t.Stage, t.Mine, t.Known = Activating, true, true
		return t.do(DoActivate)
	case Runs:
		t.Stage, t.Mine, t.Known, t.active, t.noted = Leaving, true, true, true, true
		return nil
	case Begun:
		t.Stage, t.Known, t.why = Undoing, true, "the target's agent was restarted during the move"
		return t.write(NeverWas)
	case NeverWas:
		t.Stage, t.Known, t.never, t.why = Undoing, true, true, "the target's agent was restarted during the move"
		return t.do(DoDiscard)
	}
	return []Effect{Finished{}}
}

func (t *Target) recorded(ev Recorded) []Effect {
	switch ev.Record {
	case Begun:
		switch {
		case t.Stage == Undoing:
			return t.undo()
		case ev.Err != "":
			return t.drop("the move could not be journalled: " + ev.Err)
		}
		return t.do(DoPrepare)
	case Mine:
		if ev.Lost {
			return t.drop("that the guest runs here could not be journalled: " + ev.Err)
		}
		if ev.Err != "" {
			// It may be durable, so neither may be said. The source asks again.
			t.Stage, t.doubt = Releasing, true
			return append(t.tell("that the guest runs here could not be journalled, so it is not activated: "+ev.Err),
				t.unclear("its journal takes no record: "+ev.Err)...)
		}
		t.Stage, t.Mine = Activating, true
		return append(t.tell(""), t.do(DoActivate)...)
	case Runs:
		t.noted = ev.Err == ""
		switch {
		case t.closed:
			return t.write(Over)
		case !t.noted:
			return []Effect{Wait{Try: 1}}
		}
	case NeverWas:
		if ev.Err != "" {
			t.silent = true
			return append(t.tell("that the guest never runs here could not be journalled: "+ev.Err), t.undo()...)
		}
		t.never = true
		return append(t.answer(), t.undo()...)
	case Over:
		effects := []Effect{}
		if ev.Err == "" && t.active {
			effects = t.say(Message{Saying: Forgotten})
		}
		return append(effects, Finished{})
	}
	return nil
}

// answer says to a source that waits what has become of the guest.
func (t *Target) answer() []Effect {
	switch {
	case !t.asked || !t.linked:
		return nil
	case t.never:
		t.asked = false
		return t.say(Message{Saying: Never, Why: t.why})
	case t.active:
		t.asked = false
		return t.say(Message{Saying: Active})
	}
	return nil
}

func (t *Target) unclear(why string) []Effect {
	if !t.asked {
		return nil
	}
	t.asked = false
	return t.say(Message{Saying: Unclear, Why: why})
}

// drop ends a move whose guest does not come.
func (t *Target) drop(why string) []Effect {
	t.why = why
	var effects []Effect
	if !t.ready {
		effects = t.say(Message{Saying: Failed, Why: why}) // it has released nothing
	} else if t.linked {
		t.asked = true
	}
	t.Stage = Undoing
	if t.doing != "" {
		effects = append(effects, Halt{})
	}
	if !t.Known || t.writing != "" {
		return append(effects, t.undo()...)
	}
	return append(effects, t.write(NeverWas)...)
}

// undo removes what is here of the guest once nothing else is in progress.
func (t *Target) undo() []Effect {
	switch {
	case t.doing != "" || t.writing != "":
		return nil
	case !t.Known:
		return []Effect{Unlink{}, Finished{}}
	case !t.never && !t.silent:
		return t.write(NeverWas)
	case !t.dropped:
		return t.do(DoDiscard)
	}
	return t.write(Over)
}

func (t *Target) heard(m Message) []Effect {
	switch m.Saying {
	case Go, Cancel:
		return t.heardAsk(m.Saying == Cancel)
	case Closed:
		t.closed = t.active
		if t.active && t.writing == "" {
			return t.write(Over)
		}
		return nil
	case Round:
		if t.Stage == Copying && t.doing == "" && m.Round == t.round+1 && m.Round <= RoundsMost+1 {
			t.round, t.last, t.sent, t.got = m.Round, m.Last, false, false
			if m.Last {
				t.Stage = Freezing
			}
			t.doing = DoReceive
			return []Effect{Do{Action: DoReceive, Round: m.Round, Last: m.Last}}
		}
	case Sent:
		if t.receiving() && m.Round == t.round && !t.sent {
			t.sent = true
			return t.afterRound()
		}
	}
	if !t.going() || t.ready {
		return nil // it crossed what was said here, or says nothing that matters
	}
	return t.drop(fmt.Sprintf("the source says %q, which it should not do at the stage %q", m.Saying, t.Stage))
}

func (t *Target) receiving() bool {
	return (t.Stage == Copying || t.Stage == Freezing) && (t.doing == DoReceive || t.got)
}

// heardAsk takes the source's question whether the guest runs here.
func (t *Target) heardAsk(cancel bool) []Effect {
	t.asked = true
	switch {
	case t.Stage == Undoing && t.silent:
		return t.unclear("its journal takes no record")
	case t.Stage == Undoing || t.active:
		return t.answer()
	case t.Stage == Activating:
		return nil // it is answered once it is clear
	case t.Stage == Releasing && t.writing == Mine:
		return nil
	case t.Stage == Releasing && (!cancel || t.doubt):
		return t.write(Mine)
	case t.Stage == Releasing:
		return t.drop("the source asked that it does not run here")
	case cancel:
		return t.drop("the source has given up")
	}
	return t.drop("the source released the guest before it was ready here")
}

func (t *Target) did(ev Did) []Effect {
	switch {
	case ev.Action == DoDiscard && ev.Err == "":
		t.dropped = true
		return append(t.tell(""), t.undo()...)
	case ev.Action == DoDiscard:
		t.tries++
		return append(t.tell("what is left here of a guest that did not come could not be removed: "+ev.Err), Wait{Try: t.tries})
	case t.Stage == Undoing:
		return t.undo()
	case ev.Action == DoActivate:
		return t.activated(ev)
	case ev.Action == DoAdmit && ev.Err != "":
		t.Stage = Undoing
		return append(t.say(Message{Saying: Refused, Code: ev.Code, Why: ev.Err}), t.undo()...)
	case ev.Err != "":
		return t.drop(fmt.Sprintf("%s: %s", ev.Action, ev.Err))
	case ev.Action == DoAdmit:
		t.Known = true
		return t.write(Begun)
	case ev.Action == DoPrepare:
		t.Stage = Copying
		return t.say(Message{Saying: Prepared})
	case ev.Action == DoReceive:
		t.got = true
		return t.afterRound()
	case ev.Action == DoRestore:
		t.Stage, t.ready = Releasing, true
		return append(t.say(Message{Saying: Ready}), Wait{Hold: true})
	}
	return nil
}

// afterRound continues once both ends are done with a round.
func (t *Target) afterRound() []Effect {
	if !t.got || !t.sent {
		return nil
	}
	t.got, t.sent = false, false
	if t.last {
		t.Stage = Restoring
		return t.do(DoRestore)
	}
	return t.say(Message{Saying: Received, Round: t.round})
}

func (t *Target) activated(ev Did) []Effect {
	switch {
	case ev.Err == "":
		t.active, t.Stage = true, Leaving
		t.asked = t.linked // the source waits, whatever it has asked last
		return append(append(t.tell(""), t.answer()...), t.write(Runs)...)
	case ev.NeverRan:
		t.Mine = false
		return append(t.tell(""), t.drop("it could not be run: "+ev.Err)...)
	}
	t.tries++
	return append(t.tell("the guest is to run here, and could not be run: "+ev.Err+"; it is tried again"), Wait{Try: t.tries})
}

func (t *Target) later() []Effect {
	switch {
	case t.Stage == Releasing && t.writing == "" && !t.doubt:
		return t.drop("the source did not say in time that the guest is released")
	case t.Stage == Activating && t.doing == "" && t.writing == "":
		return t.do(DoActivate)
	case t.Stage == Leaving && !t.noted && t.writing == "":
		return t.write(Runs)
	case t.Stage == Undoing:
		return t.undo()
	}
	return nil
}

// Firm says that the guest runs here whatever happens, so that it may be moved on.
func (t *Target) Firm() bool { return t.noted }

func (t *Target) settled(here bool) []Effect {
	switch {
	case t.Stage != Activating || t.doing != "":
		return nil
	case here:
		return t.activated(Did{Action: DoActivate})
	}
	return t.activated(Did{Action: DoActivate, Err: "a person has said that it does not run here", NeverRan: true})
}
