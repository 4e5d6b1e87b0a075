package handover

import (
	"bufio"
	"context"
	"time"

	"golang.org/x/time/rate"

	"parley/hostagent"
	"parley/hostagent/handover/stages"
)

// Arrive implements hostagent.Carrier.
func (m *Mover) Arrive(ctx context.Context, from hostagent.HostID, conn hostagent.Conn) {
	if !m.enter(from) {
		return // the source sees that the connection ends
	}
	defer m.leave(from)
	end := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer end()
	if err := m.arrive(from, conn); err != nil {
		m.o.Logger.Warn("a connection of a move was refused", "event", "move_connection_refused", "host", from, "error", err)
	}
}

func (m *Mover) enter(from hostagent.HostID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || m.connected[from] >= eachMost {
		return false
	}
	m.connected[from]++
	m.work.Add(1)
	return true
}

func (m *Mover) leave(from hostagent.HostID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.connected[from]--; m.connected[from] == 0 {
		delete(m.connected, from)
	}
	m.work.Done()
}

// arrive reads what a connection is about, and serves it until it ends.
func (m *Mover) arrive(from hostagent.HostID, conn hostagent.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(openWithin)); err != nil {
		return err
	}
	r := bufio.NewReaderSize(conn, dataBytes)
	about, err := first[opening](r, frameOpening)
	if err != nil {
		return err
	}
	if err := about.validate(); err != nil {
		return err
	}
	said, err := first[message](r, frameMessage)
	if err != nil {
		return err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	run, s, answer, err := m.route(from, conn, about, said)
	if err != nil {
		return err
	}
	if answer != nil {
		return say(conn, *answer)
	}
	if said.Saying == stages.Offer {
		m.play(run)
	} else {
		run.mail.put(posted{Event: stages.Linked{}, session: s})
		run.hear(s, said)
	}
	s.start(r)
	select {
	case <-s.done:
	case <-m.closing.Done():
		s.stop(errShut)
		<-s.done
	}
	return nil
}

// first reads the only frame that may come next.
func first[T any](r *bufio.Reader, kind byte) (v T, err error) {
	f, err := readFrame(r)
	if err != nil {
		return v, err
	}
	if f.kind != kind {
		return v, protocol("a frame %q where %q is due", f.kind, kind)
	}
	return decode[T](f.body)
}

// say answers on a connection that belongs to no move, and ends it.
func say(conn hostagent.Conn, m message) error {
	data, err := encode(m)
	if err != nil {
		return err
	}
	if err := conn.SetDeadline(time.Now().Add(closeSoon)); err != nil {
		return err
	}
	if _, err := conn.Write(appendFrame(nil, frameMessage, nil, data)); err != nil {
		return err
	}
	return conn.CloseWrite()
}

// route finds the move that a connection is about, or begins it. Without one it returns
// what is to be answered.
func (m *Mover) route(from hostagent.HostID, conn hostagent.Conn, about opening, said message) (*run, *session, *message, error) {
	k := key{true, from, about.Move}
	m.mu.Lock()
	r := m.runs[k]
	if said.Saying == stages.Offer {
		defer m.mu.Unlock()
		return m.offered(k, about, said, conn)
	}
	m.mu.Unlock()
	switch {
	case said.Saying != stages.Go && said.Saying != stages.Cancel && said.Saying != stages.Closed:
		return nil, nil, nil, protocol("a connection begins with %q", said.Saying)
	case r != nil && r.move.Guest != about.Guest:
		return nil, nil, nil, protocol("the move %s is about another guest", about.Move)
	case r != nil:
		s := m.newSession(conn, r)
		s.bound(r.shown.description.Declared, r.shown.description.MemoryMaxBytes)
		return r, s, nil, nil
	case said.Saying == stages.Closed:
		return nil, nil, &message{Saying: stages.Forgotten}, nil
	}
	answer := m.unknown(about.Guest)
	return nil, nil, &answer, nil
}

// unknown answers for a move of which this host has no record: it has never said that the
// guest is ready, or has undone it.
func (m *Mover) unknown(guest hostagent.GuestID) message {
	ctx, cancel := context.WithTimeout(m.closing, openWithin)
	defer cancel()
	switch has, err := m.o.Platform.Has(ctx, guest); {
	case err != nil:
		return message{Saying: stages.Unclear, Why: "the platform cannot be asked: " + err.Error()}
	case has:
		return message{Saying: stages.Unclear, Why: "the guest is here, and this move of it is not known"}
	}
	return message{Saying: stages.Never, Why: "this move of the guest is not known there"}
}

// offered begins the move of a guest that is offered. The caller holds mu.
func (m *Mover) offered(k key, about opening, said message, conn hostagent.Conn) (*run, *session, *message, error) {
	refused := func(code hostagent.Code, why string) (*run, *session, *message, error) {
		return nil, nil, &message{Saying: stages.Refused, Code: string(code), Why: why}, nil
	}
	if said.Offer == nil {
		return nil, nil, nil, protocol("an offer without a guest")
	}
	d, err := said.Offer.description()
	if err != nil {
		return nil, nil, nil, protocol("%v", err)
	}
	arriving := 0
	for _, r := range m.guests {
		if r.key.target {
			arriving++
		}
	}
	switch {
	case m.closed:
		return refused(hostagent.CodeSilent, "the target's agent ends")
	case m.runs[k] != nil || m.guests[about.Guest] != nil:
		return refused(hostagent.CodePresent, "the guest is on this host, or on its way here or away, already")
	case arriving >= arrivalMost:
		return refused(hostagent.CodeMovesIn, "as many guests as may arrive at one time")
	case len(m.runs) >= keptMost:
		return refused(hostagent.CodeMovesIn, "too many moves to this host were never settled by their sources")
	}
	r := m.newRun(k, Move{ID: about.Move, Guest: about.Guest, Other: k.other}, stages.Begin{})
	r.shown.stage, r.shown.description = stages.Preparing, d
	r.admitting = hostagent.AdmissionAsked{
		Guest: about.Guest, Kind: m.o.Kind, Deal: said.Offer.Deal, Token: said.Offer.Token, Need: d.Declared, Rules: d.Rules,
	}
	s := m.newSession(conn, r)
	s.bound(d.Declared, d.MemoryMaxBytes)
	r.session, r.rounds = s, &rounds{session: s}
	m.register(r)
	return r, s, nil, nil
}

// admit asks the agent whether a guest may come.
func (m *Mover) admit(ctx context.Context, asked hostagent.AdmissionAsked) hostagent.Refusal {
	m.mu.Lock()
	ask := m.admission
	m.mu.Unlock()
	if ask == nil {
		return hostagent.Refusal{Code: hostagent.CodeSilent, Detail: "the target's agent is starting"}
	}
	switch has, err := m.o.Platform.Has(ctx, asked.Guest); {
	case err != nil:
		return hostagent.Refusal{Code: hostagent.CodePlatform, Detail: "the target's platform cannot be asked: " + err.Error()}
	case has:
		return hostagent.Refusal{Code: hostagent.CodePresent, Detail: "the guest is on this host already"}
	}
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	return ask(ctx, asked)
}

// limiter bounds what is sent of a guest; 0 is no bound.
func limiter(bytesPerSecond int64) *rate.Limiter {
	if bytesPerSecond <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(bytesPerSecond), int(max(dataBytes, min(bytesPerSecond/20, windowBytes))))
}
