package stages

import "fmt"

// Stage is where a move is, for people.
type Stage string

// The stages of a move.
const (
	Preparing  Stage = "prepare"
	Copying    Stage = "copy"
	Freezing   Stage = "freeze"
	Restoring  Stage = "restore"
	Releasing  Stage = "release"
	Activating Stage = "activate"
	Leaving    Stage = "leave"
	Undoing    Stage = "undo"
)

// RoundsMost bounds the rounds of a copy.
const RoundsMost = 64

// closingsMost bounds the tries to tell a target that the source will not ask again. Tests
// have fewer.
var closingsMost = 30

// silentTries is after how many tries a person is told that a target is silent.
const silentTries = 3

// Source is the end of a move where the guest runs first. The zero value is ready for
// Begin or Restarted.
type Source struct {
	Stage Stage
	// Released says that the guest may run at the target, so it must not run here.
	Released bool
	// Frozen says that the guest was stopped, or may have been.
	Frozen bool

	linked   bool
	linking  bool
	doing    Action // in progress; "" for none
	writing  Record // on its way to the journal; "" for none
	round    int
	again    bool // the round that ended is worth another one
	received bool // by the target, the round in progress
	cancel   bool // since Released: the target is asked to give up
	tries    int
	told     bool
	gone     bool // the guest, from here
	left     bool // that it is gone is durable
	ended    bool
	why      string
	refused  string // code
}

// Step feeds an event.
func (s *Source) Step(ev Event) []Effect {
	switch ev := ev.(type) {
	case Begin:
		s.Stage = Preparing
		return s.write(Begun)
	case Restarted:
		return s.restarted(ev.Record)
	case Recorded:
		s.writing = ""
		return s.recorded(ev)
	case Did:
		s.doing = ""
		return s.did(ev)
	case Linked:
		s.linked, s.linking = true, false
		return s.onLinked()
	case Unlinked:
		s.linked, s.linking = false, false
		return s.unlinked(ev)
	case Heard:
		return s.heard(ev.Message)
	case Stop:
		return s.stop(ev.Why)
	case Later:
		return s.later()
	case Settled:
		return s.settled(ev.Here)
	}
	return nil
}

func (s *Source) write(r Record) []Effect {
	s.writing = r
	return []Effect{Write{r}}
}

func (s *Source) do(a Action) []Effect {
	s.doing = a
	return []Effect{Do{Action: a}}
}

// Gone says that nothing of the guest is here any more, so that it may come back.
func (s *Source) Gone() bool { return s.left }

func (s *Source) link() []Effect {
	if s.linking {
		return nil
	}
	s.linking = true
	return []Effect{Link{}}
}

func (s *Source) restarted(r Record) []Effect {
	switch r {
	case Begun:
		s.Stage, s.Frozen, s.why = Undoing, true, "the agent was restarted during the move"
		return s.do(DoResume)
	case Released:
		s.Stage, s.Frozen, s.Released = Activating, true, true
		return s.link()
	case Left:
		s.Stage, s.Frozen, s.Released, s.gone, s.left = Leaving, true, true, true, true
		return s.link()
	case Kept:
		s.Stage, s.Frozen, s.why = Undoing, true, "the target does not run the guest"
		return s.do(DoResume)
	}
	return []Effect{Finished{}}
}

func (s *Source) recorded(ev Recorded) []Effect {
	switch ev.Record {
	case Begun:
		switch {
		case ev.Err != "" && s.Stage == Preparing:
			s.why = "the move could not be journalled: " + ev.Err
			s.Stage = Undoing
		case s.Stage == Preparing:
			return s.link()
		}
		return s.undo()
	case Released:
		s.Stage = Activating
		if ev.Lost {
			return s.fail("that the guest is released could not be journalled: " + ev.Err)
		}
		if ev.Err != "" {
			// It may be durable: only the target can say that the guest does not run there.
			s.cancel = true
			s.why = "that the guest is released could not be journalled: " + ev.Err
		}
		return s.ask()
	case Left:
		s.tries = 0
		ended := s.end(Ended{Moved: true})
		if ev.Err != "" {
			return append(ended, Wait{Try: 1})
		}
		s.left = true
		if !s.linked {
			return append(ended, s.link()...)
		}
		return append(ended, s.close()...)
	case Kept:
		return s.do(DoResume)
	case Over:
		return s.finish()
	}
	return nil
}

// ask has the target run the guest, or say that it never will.
func (s *Source) ask() []Effect {
	if !s.linked {
		s.tries++
		return append(s.silent("it cannot be reached"), s.link()...)
	}
	saying := Go
	if s.cancel {
		saying = Cancel
	}
	s.tries++
	return append(s.silent("it does not answer"), Say{Message{Saying: saying}}, Wait{Try: s.tries})
}

// silent tells a person once that the target says nothing.
func (s *Source) silent(how string) []Effect {
	if s.tries != silentTries+1 {
		return nil
	}
	return s.tell(fmt.Sprintf("the guest stands still: it is released to the target, and %s; it is asked again "+
		"(if it never comes back: parley forget GUEST --runs-on HOST)", how))
}

func (s *Source) tell(why string) []Effect {
	if why == "" && !s.told {
		return nil
	}
	s.told = why != ""
	return []Effect{Tell{why}}
}

func (s *Source) onLinked() []Effect {
	switch {
	case s.Stage == Preparing:
		return []Effect{Say{Message{Saying: Offer}}}
	case s.Stage == Activating:
		return s.ask()
	case s.Stage == Leaving && s.left:
		return []Effect{Say{Message{Saying: Closed}}, Wait{Try: s.tries}}
	}
	return nil
}

func (s *Source) unlinked(ev Unlinked) []Effect {
	switch {
	case s.running():
		return s.fail("the connection to the target ended: " + ev.Why)
	case s.Stage == Activating:
		return []Effect{Wait{Try: s.tries}}
	case s.Stage == Leaving && s.left:
		return []Effect{Wait{Try: s.tries}}
	}
	return nil
}

// close has the target forget the move. It is not tried for ever: what the target keeps
// is small.
func (s *Source) close() []Effect {
	switch {
	case s.tries >= closingsMost:
		return s.over()
	case !s.linked:
		s.tries++
		return s.link()
	}
	s.tries++
	return []Effect{Say{Message{Saying: Closed}}, Wait{Try: s.tries}}
}

// running says that the guest may simply run on here.
func (s *Source) running() bool {
	return s.Stage == Preparing || s.Stage == Copying || s.Stage == Freezing || s.Stage == Restoring
}

// fail ends a move before the guest is released.
func (s *Source) fail(why string) []Effect {
	s.why, s.Stage, s.Released = why, Undoing, false
	var effects []Effect
	if s.linked {
		effects = append(effects, Say{Message{Saying: Cancel}})
	}
	effects = append(effects, Unlink{})
	s.linked = false
	if s.doing != "" {
		return append(effects, Halt{})
	}
	return append(effects, s.undo()...)
}

// undo lets the guest run on here once nothing else is in progress.
func (s *Source) undo() []Effect {
	if s.doing != "" || s.writing != "" {
		return nil
	}
	return s.do(DoResume)
}

func (s *Source) heard(m Message) []Effect {
	switch {
	case s.Stage == Activating:
		return s.answered(m)
	case s.Stage == Leaving:
		if m.Saying == Forgotten && s.left {
			return s.over()
		}
		return nil
	case !s.running():
		return nil // it crossed what was said here
	case m.Saying == Refused && s.Stage == Preparing:
		s.refused = m.Code
		return s.fail(m.Why)
	case m.Saying == Failed || m.Saying == Never || m.Saying == Unclear:
		return s.fail("at the target: " + m.Why)
	case m.Saying == Prepared && s.Stage == Preparing:
		return s.copyRound()
	case m.Saying == Received && s.Stage == Copying && m.Round == s.round && !s.received:
		s.received = true
		return s.afterRound()
	case m.Saying == Ready && s.Stage == Restoring:
		s.Stage, s.Released = Releasing, true
		return s.write(Released)
	}
	return s.fail(fmt.Sprintf("the target says %q, which it should not do at the stage %q", m.Saying, s.Stage))
}

func (s *Source) copyRound() []Effect {
	s.Stage, s.received, s.again = Copying, false, false
	s.round++
	s.doing = DoCopy
	return []Effect{Say{Message{Saying: Round, Round: s.round}}, Do{Action: DoCopy, Round: s.round}}
}

func (s *Source) sent() []Effect { return []Effect{Say{Message{Saying: Sent, Round: s.round}}} }

// afterRound continues once both ends are done with a round.
func (s *Source) afterRound() []Effect {
	if s.doing != "" || !s.received {
		return nil
	}
	if s.again && s.round < RoundsMost {
		return s.copyRound()
	}
	s.Stage, s.Frozen = Freezing, true
	s.round++
	s.doing = DoFreeze
	return []Effect{Say{Message{Saying: Round, Round: s.round, Last: true}}, Do{Action: DoFreeze, Round: s.round, Last: true}}
}

// answered takes what the target says about a guest that is released.
func (s *Source) answered(m Message) []Effect {
	switch m.Saying {
	case Active:
		return s.leave()
	case Never:
		return s.keep("the target does not run the guest: " + m.Why)
	case Unclear:
		return append(s.tell("the guest stands still: it is released to the target, which cannot say whether it runs there: "+m.Why),
			Wait{Try: s.tries})
	}
	return nil // it is asked again
}

func (s *Source) leave() []Effect {
	s.Stage, s.tries = Leaving, 0
	return append(s.tell(""), s.do(DoLeave)...)
}

func (s *Source) keep(why string) []Effect {
	if s.why == "" {
		s.why = why
	}
	s.Stage, s.Released = Undoing, false
	return append(s.tell(""), s.write(Kept)...)
}

func (s *Source) did(ev Did) []Effect {
	switch {
	case ev.Action == DoResume && ev.Err == "":
		s.Frozen = false
		effects := s.tell("")
		if s.linked {
			effects = append(effects, Say{Message{Saying: Closed}})
		}
		return append(effects, s.over()...)
	case ev.Action == DoResume:
		s.tries++
		return append(s.tell("the guest could not run on here after a move that failed: "+ev.Err), Wait{Try: s.tries})
	case ev.Action == DoLeave && ev.Err == "":
		s.gone = true
		return append(s.tell(""), s.write(Left)...)
	case ev.Action == DoLeave:
		s.tries++
		return append(s.tell("what is left here of a guest that has moved could not be removed: "+ev.Err), Wait{Try: s.tries})
	case s.Stage == Undoing:
		return s.undo()
	case ev.Err != "":
		return s.fail(fmt.Sprintf("%s: %s", ev.Action, ev.Err))
	case ev.Action == DoCopy:
		s.again = ev.Again
		return append(s.sent(), s.afterRound()...)
	case ev.Action == DoFreeze:
		s.Stage = Restoring
		return s.sent()
	}
	return nil
}

func (s *Source) stop(why string) []Effect {
	switch {
	case s.running():
		return s.fail(why)
	case s.Stage == Releasing:
		s.cancel, s.why = true, why
	case s.Stage == Activating && !s.cancel:
		s.cancel, s.why = true, why
		if s.linked {
			return s.ask()
		}
	}
	return nil
}

func (s *Source) later() []Effect {
	switch {
	case s.Stage == Activating:
		return s.ask()
	case s.Stage == Undoing:
		return s.undo()
	case s.Stage != Leaving || s.doing != "" || s.writing != "":
		return nil
	case !s.gone:
		return s.do(DoLeave)
	case !s.left:
		return s.write(Left)
	}
	return s.close()
}

func (s *Source) settled(here bool) []Effect {
	switch {
	case s.Stage != Activating:
		return nil
	case here:
		return s.keep("a person has said that the guest does not run at the target")
	}
	return s.leave()
}

func (s *Source) over() []Effect {
	if s.writing == Over {
		return nil
	}
	return s.write(Over)
}

func (s *Source) end(e Ended) []Effect {
	if s.ended {
		return nil
	}
	s.ended = true
	return []Effect{e}
}

func (s *Source) finish() []Effect {
	effects := s.end(Ended{Moved: s.Stage == Leaving, Refused: s.refused != "", Code: s.refused, Why: s.why})
	return append(effects, Unlink{}, Finished{})
}
