package handover

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/stages"
	"parley/hostagent/journal"
)

// machine is one of stages.
type machine interface {
	Step(stages.Event) []stages.Effect
}

// posted is an event for a machine.
type posted struct {
	stages.Event
	// session is the connection of a Linked, and that of a Heard or Unlinked: events of a
	// connection that was replaced are dropped.
	session *session
	wait    int // the number of a Later
}

// eventsMost bounds the messages of the other end that wait to be looked at.
const eventsMost = 64

// run is the driver of one end of a move.
type run struct {
	mover *Mover
	key   key
	move  Move
	mail  *mailbox
	asked stages.Event // what the machine begins with

	// Owned by the goroutine that plays the machine.
	source    *stages.Source
	target    *stages.Target
	session   *session
	rounds    *rounds
	halt      context.CancelFunc // of the action in progress
	timer     *time.Timer
	waits     int
	linking   context.CancelFunc
	since     time.Time
	finished  bool
	began     time.Time
	admitting hostagent.AdmissionAsked
	offer     *offer
	result    chan Result   // of a source; has room for one
	settled   chan struct{} // closed once the guest may be in another move

	shown shown // guarded by mover.mu
}

// shown is what others may know of a move in progress.
type shown struct {
	stage       stages.Stage
	released    bool // source: the guest may run at the target
	mine        bool // target: the guest is to run here
	firm        bool // target: from here it may move on
	told        string
	round       int
	session     *session
	description Description
	stopped     time.Time // since when the guest stands still
	downtime    time.Duration
	took        []hostagent.StageTime
}

// Result is how a move ended for the source.
type Result struct {
	stages.Ended
	Migrated hostagent.Migrated
}

// refuse closes what came with an event that nobody looks at any more.
func (ev posted) refuse() {
	if _, linked := ev.Event.(stages.Linked); linked {
		ev.session.close()
	}
}

func (r *run) machine() machine {
	if r.source != nil {
		return r.source
	}
	return r.target
}

// play feeds events to the machine until it is finished or the mover is closed.
func (r *run) play() {
	defer r.end()
	r.since = time.Now()
	r.step(posted{Event: r.asked, session: r.session})
	for !r.finished {
		select {
		case <-r.mail.filled:
			r.deliver(r.mail.take())
		case <-r.mover.closing.Done():
			return
		}
	}
}

// deliver feeds events one after the other. The last that the machine takes may finish it: a
// connection that comes after it is closed, as its other end waits for an answer for as long
// as it is open.
func (r *run) deliver(events []posted) {
	for _, ev := range events {
		if r.finished {
			ev.refuse()
			continue
		}
		r.step(ev)
	}
}

func (r *run) end() {
	if r.halt != nil {
		r.halt()
	}
	if r.linking != nil {
		r.linking()
	}
	if r.timer != nil {
		r.timer.Stop()
	}
	if r.session != nil {
		r.session.close()
	}
	for _, ev := range r.mail.close() {
		ev.refuse()
	}
	r.mover.forget(r)
}

// step feeds one event, unless it is of the past.
func (r *run) step(ev posted) {
	switch ev.Event.(type) {
	case stages.Heard:
		if ev.session != r.session {
			return
		}
	case stages.Unlinked:
		if ev.session != r.session || ev.session == nil && r.linking == nil {
			return
		}
		r.linking = nil
		r.attach(nil)
	case stages.Linked:
		if r.linking != nil {
			r.linking = nil
		} else if r.session != nil {
			before := r.session
			r.attach(nil)
			before.close()
			r.feed(stages.Unlinked{Why: "the other host has connected again"})
			if r.finished {
				ev.session.close()
				return
			}
		}
		r.attach(ev.session)
	case stages.Later:
		if ev.wait != r.waits {
			return
		}
	case stages.Did:
		r.halt = nil
	}
	r.feed(ev.Event)
}

func (r *run) attach(s *session) {
	r.session = s
	r.rounds = nil
	if s != nil {
		r.rounds = &rounds{session: s}
		r.note(func(shown *shown) {
			if shown.session == nil { // the first one has all the parts
				shown.session = s
			}
		})
	}
}

// feed steps the machine and carries out the effects.
func (r *run) feed(ev stages.Event) {
	effects := r.machine().Step(ev)
	r.follow()
	for _, e := range effects {
		r.do(e)
	}
}

// follow notes where the move is, and since when.
func (r *run) follow() {
	now := time.Now()
	r.mover.mu.Lock()
	defer r.mover.mu.Unlock()
	stage := &r.shown.stage
	before := *stage
	if r.source != nil {
		*stage, r.shown.released = r.source.Stage, r.source.Released
	} else {
		*stage, r.shown.mine, r.shown.firm = r.target.Stage, r.target.Mine, r.target.Firm()
	}
	if r.shown.firm || r.source != nil && r.source.Gone() {
		r.mover.release(r)
	}
	if *stage == before {
		return
	}
	r.shown.took = append(r.shown.took, r.shown.stageTime(before, now.Sub(r.since)))
	r.since = now
	switch {
	case *stage == stages.Freezing:
		r.shown.stopped = now
	case *stage == stages.Leaving && !r.shown.stopped.IsZero():
		r.shown.downtime = now.Sub(r.shown.stopped)
	}
	r.mover.tellChanged()
}

func (r *run) note(change func(*shown)) {
	r.mover.mu.Lock()
	change(&r.shown)
	r.mover.mu.Unlock()
	r.mover.tellChanged()
}

func (r *run) post(ev stages.Event) { r.mail.put(posted{Event: ev}) }

func (r *run) do(e stages.Effect) {
	switch e := e.(type) {
	case stages.Write:
		r.write(e.Record)
	case stages.Say:
		r.say(e.Message)
	case stages.Do:
		r.act(e)
	case stages.Halt:
		if r.halt != nil {
			r.halt()
		}
	case stages.Link:
		r.link()
	case stages.Unlink:
		if r.session != nil {
			r.session.close()
			r.attach(nil)
		}
	case stages.Wait:
		r.wait(e)
	case stages.Tell:
		r.tell(e.Why)
	case stages.Ended:
		r.result <- Result{e, r.migrated()}
	case stages.Finished:
		r.finished = true
	}
}

func (r *run) migrated() hostagent.Migrated {
	r.mover.mu.Lock()
	defer r.mover.mu.Unlock()
	m := hostagent.Migrated{Total: time.Since(r.began), Downtime: r.shown.downtime, Bytes: r.shown.bytes()}
	m.Stages = append(slices.Clone(r.shown.took), r.shown.stageTime(r.shown.stage, time.Since(r.since)))
	return m
}

// bytes is what was sent so far over the present connection.
func (s *shown) bytes() int64 {
	if s.session == nil {
		return 0
	}
	return s.session.transferred()
}

// stageTime is what a stage has taken that ends now.
func (s *shown) stageTime(stage stages.Stage, took time.Duration) hostagent.StageTime {
	t := hostagent.StageTime{Stage: string(stage), Took: took, Bytes: s.bytes()}
	for _, before := range s.took {
		t.Bytes -= before.Bytes
	}
	t.Bytes = max(0, t.Bytes) // the connection may be a new one
	return t
}

func (r *run) write(rec stages.Record) {
	line, err := encode(record{Move: r.move.ID, Guest: r.move.Guest, Other: r.move.Other, Target: r.key.target, Record: rec})
	if err != nil {
		r.post(stages.Recorded{Record: rec, Err: err.Error(), Lost: true})
		return
	}
	r.mover.o.Journal.Append(line, func(err error) {
		ev := stages.Recorded{Record: rec}
		if err != nil {
			ev.Err, ev.Lost = err.Error(), errors.Is(err, journal.ErrFull) || errors.Is(err, journal.ErrClosed)
		}
		r.post(ev)
	})
}

func (r *run) say(m stages.Message) {
	if r.session == nil {
		return
	}
	sent := message{Saying: m.Saying, Round: m.Round, Last: m.Last, Code: m.Code, Why: m.Why[:min(len(m.Why), whyBytes)]}
	switch m.Saying {
	case stages.Offer:
		sent.Offer = r.offer
	case stages.Round:
		r.note(func(s *shown) { s.round = m.Round })
	}
	r.session.say(sent)
}

// act has the platform do something, in a goroutine of its own.
func (r *run) act(e stages.Do) {
	ctx, cancel := context.WithCancel(r.mover.closing)
	r.halt = cancel
	rounds := r.rounds
	r.mover.work.Go(func() {
		defer cancel()
		did := stages.Did{Action: e.Action}
		var err error
		if err = ctx.Err(); err == nil {
			did.Again, did.Code, err = r.carryOut(ctx, e, rounds)
		}
		if err != nil {
			did.Err, did.NeverRan = err.Error(), errors.Is(err, ErrNeverRan)
		}
		r.post(did)
	})
}

func (r *run) carryOut(ctx context.Context, e stages.Do, rounds *rounds) (again bool, code string, err error) {
	p := r.mover.o.Platform
	switch e.Action {
	case stages.DoCopy, stages.DoFreeze, stages.DoReceive:
		if rounds == nil {
			return false, "", errors.New("the connection has ended")
		}
		again, err = r.round(ctx, e, rounds)
	case stages.DoResume:
		err = p.Resume(ctx, r.move)
	case stages.DoLeave:
		err = p.Leave(ctx, r.move)
	case stages.DoAdmit:
		var why hostagent.Refusal
		if why = r.mover.admit(ctx, r.admitting); why.Is() {
			return false, string(why.Code), errors.New(why.Detail)
		}
	case stages.DoPrepare:
		err = p.Prepare(ctx, r.move, r.shown.description) // it does not change
	case stages.DoRestore:
		err = p.Restore(ctx, r.move)
	case stages.DoActivate:
		err = p.Activate(ctx, r.move)
	case stages.DoDiscard:
		err = p.Discard(ctx, r.move)
	}
	return again, "", err
}

// round carries out one end of a round.
func (r *run) round(ctx context.Context, e stages.Do, of *rounds) (again bool, err error) {
	p := r.mover.o.Platform
	if e.Action == stages.DoReceive {
		in := &in{ctx: ctx, of: of}
		if err := p.Receive(ctx, r.move, e.Round, e.Last, in); err != nil {
			return false, err
		}
		return false, in.finish()
	}
	out := &out{ctx: ctx, of: of, stopped: func(since time.Time) { r.note(func(s *shown) { s.stopped = since }) }}
	if e.Action == stages.DoFreeze {
		err = p.Freeze(ctx, r.move, out)
	} else {
		again, err = p.Copy(ctx, r.move, e.Round, out)
	}
	if err != nil {
		return false, err
	}
	return again, out.finish()
}

// link connects to the target and says which move it is about.
func (r *run) link() {
	ctx, cancel := context.WithTimeout(r.mover.closing, linkWithin)
	r.linking = cancel
	r.mover.work.Go(func() {
		defer cancel()
		s, err := r.mover.connect(ctx, r)
		if err == nil && ctx.Err() != nil {
			s.close()
			err = ctx.Err()
		}
		if err != nil {
			r.mail.put(posted{Event: stages.Unlinked{Why: err.Error()}})
			return
		}
		r.mail.put(posted{Event: stages.Linked{}, session: s})
	})
}

// hear is called by the reader of a session.
func (r *run) hear(s *session, m message) {
	if r.mail.waiting() > eventsMost {
		s.stop(protocol("it says more than can be looked at"))
		return
	}
	r.mail.put(posted{session: s, Event: stages.Heard{Message: stages.Message{
		Saying: m.Saying, Round: m.Round, Last: m.Last, Code: m.Code, Why: m.Why,
	}}})
}

func (r *run) unlinked(s *session, why error) {
	if errors.Is(why, errProtocol) {
		r.mover.o.Logger.Warn("a connection of a move was closed", "event", "move_connection_refused", "guest", r.move.Guest,
			"host", r.move.Other, "error", why)
	}
	r.mail.put(posted{session: s, Event: stages.Unlinked{Why: why.Error()}})
}

// wait asks for a Later. The pause doubles with each try.
func (r *run) wait(e stages.Wait) {
	pause := pauseMost
	if e.Hold {
		pause = holdFor
	} else if e.Try < 8 {
		pause = min(time.Second<<max(e.Try-1, 0), pauseMost)
	}
	if r.timer != nil {
		r.timer.Stop()
	}
	r.waits++
	n := r.waits
	r.timer = time.AfterFunc(pause, func() { r.mail.put(posted{Event: stages.Later{}, wait: n}) })
}

func (r *run) tell(why string) {
	r.note(func(s *shown) { s.told = why })
	if why == "" {
		r.mover.o.Logger.Info("a move that needed a person no longer does", "event", "move_clear", "guest", r.move.Guest, "host", r.move.Other)
		return
	}
	r.mover.o.Logger.Warn("a move cannot be settled", "event", "move_unsettled", "guest", r.move.Guest, "host", r.move.Other, "error", why)
}
