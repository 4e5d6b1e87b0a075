package handover

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/stages"
	"parley/hostagent/journal"
)

const (
	linkWithin  = 20 * time.Second // to connect to the target
	openWithin  = 10 * time.Second // for the first frames of a connection
	holdFor     = time.Minute      // a guest that is ready waits for its release
	pauseMost   = time.Minute
	closeWithin = 5 * time.Second // for moves that are undone when the mover is closed
	arrivalMost = 32              // guests that arrive at one time
	eachMost    = 8               // connections of one host
	keptMost    = 4096            // moves whose source has not said that they are settled
	reportEvery = 500 * time.Millisecond
)

// Options say for which platform a mover carries guests.
type Options struct {
	Platform Platform
	Kind     hostagent.Kind
	Journal  Journal
	Logger   *slog.Logger // nil: none
	// Changed is called when Show would differ; it must not block. May be nil.
	Changed func()
}

// Mover carries the guests of one platform to other hosts' platforms of the same kind, and
// theirs to this one. It has the methods of hostagent.Carrier that are about moves.
type Mover struct {
	o       Options
	closing context.Context
	close   context.CancelFunc
	work    sync.WaitGroup
	moved   chan struct{} // holds one value after a move has changed

	mu        sync.Mutex
	closed    bool
	dial      hostagent.Dial
	admission hostagent.Admission
	runs      map[key]*run
	guests    map[hostagent.GuestID]*run // the move that a guest is in, until it is settled which host runs it
	connected map[hostagent.HostID]int
	left      []record  // of the journal, until Start
	file      io.Closer // the journal, if OpenFile has opened it
}

// Open reads the journal. Start begins to settle what it says.
func Open(o Options) (*Mover, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	left, err := unsettled(o.Journal.Records())
	if err != nil {
		return nil, err
	}
	m := &Mover{
		o: o, left: left, runs: map[key]*run{}, guests: map[hostagent.GuestID]*run{}, connected: map[hostagent.HostID]int{},
		moved: make(chan struct{}, 1),
	}
	m.closing, m.close = context.WithCancel(context.Background())
	for _, r := range left {
		m.register(m.restore(r))
	}
	return m, nil
}

// journalAbove is the size in bytes from which on OpenFile has a journal compacted.
const journalAbove = 1 << 20

// OpenFile is Open with a journal in the file at a path, which Close closes; o.Journal is
// not used.
func OpenFile(path string, o Options) (*Mover, error) {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	file, err := journal.Open(path, journal.Options{Above: journalAbove, Keep: Keep, Warn: func(err error) {
		log.Warn("the journal of moves", "event", "moves_journal", "kind", o.Kind, "error", err)
	}})
	if err != nil {
		return nil, fmt.Errorf("the journal of moves: %w", err)
	}
	o.Journal = file
	m, err := Open(o)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	m.file = file
	return m, nil
}

// Start continues the moves that were in progress when the agent ended: the platform must
// be ready for Resume, Leave, Activate and Discard.
func (m *Mover) Start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.left {
		m.play(m.runs[r.key()])
	}
	m.left = nil
}

// restore makes the run of a move that the journal knows.
func (m *Mover) restore(rec record) *run {
	r := m.newRun(rec.key(), Move{ID: rec.Move, Guest: rec.Guest, Other: rec.Other}, stages.Restarted{Record: rec.Record})
	switch rec.Record {
	case stages.Released:
		r.shown.released = true
	case stages.Left:
		r.shown.released, r.shown.stage = true, stages.Leaving
	case stages.Mine:
		r.shown.mine = true
	case stages.Runs:
		r.shown.mine, r.shown.firm = true, true
	}
	return r
}

func (m *Mover) newRun(k key, move Move, begin stages.Event) *run {
	r := &run{mover: m, key: k, move: move, mail: newMailbox(), asked: begin, result: make(chan Result, 1), began: time.Now(),
		settled: make(chan struct{})}
	if k.target {
		r.target = &stages.Target{}
	} else {
		r.source = &stages.Source{}
	}
	return r
}

// register makes a run known. A move that is settled here does not keep the guest from
// another one. The caller holds mu, or nobody else knows the mover.
func (m *Mover) register(r *run) {
	m.runs[r.key] = r
	if !r.shown.firm && r.shown.stage != stages.Leaving {
		m.guests[r.move.Guest] = r
	}
}

func (m *Mover) play(r *run) { m.work.Go(r.play) }

// forget removes a run that has ended.
func (m *Mover) forget(r *run) {
	m.mu.Lock()
	if m.runs[r.key] == r && r.finished {
		delete(m.runs, r.key)
		m.release(r)
	}
	m.mu.Unlock()
	m.tellChanged()
}

// release lets the guest of a run be moved again. The caller holds mu.
func (m *Mover) release(r *run) {
	if m.guests[r.move.Guest] == r {
		delete(m.guests, r.move.Guest)
		close(r.settled)
	}
}

// awaitSettled waits a little until a guest that has just come may move on.
func (r *run) awaitSettled(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	select {
	case <-r.settled:
	case <-ctx.Done():
	}
}

func (m *Mover) tellChanged() {
	select {
	case m.moved <- struct{}{}:
	default: // it is to be looked at already
	}
	if m.o.Changed != nil {
		m.o.Changed()
	}
}

// SetAdmission implements hostagent.Admitter.
func (m *Mover) SetAdmission(ask hostagent.Admission) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.admission = ask
}

// SetDial implements hostagent.Carrier.
func (m *Mover) SetDial(dial hostagent.Dial) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dial = dial
}

// Endpoint is what a platform reports in Observation.Endpoints for its kind: guests come
// over the agents' own connections, so there is no address.
func (m *Mover) Endpoint() string { return "parley:" + string(m.o.Kind) }

var errShut = errors.New("the platform is closed")

// Migrate implements hostagent.Platform.
func (m *Mover) Migrate(ctx context.Context, mig hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	if mig.Endpoint != m.Endpoint() {
		return hostagent.Migrated{}, fmt.Errorf("%q is not where guests of the kind %q are carried to: %q is", mig.Endpoint,
			m.o.Kind, m.Endpoint())
	}
	r, err := m.begin(ctx, mig)
	if err != nil {
		return hostagent.Migrated{}, fmt.Errorf("move the guest %s: %w", mig.Guest, err)
	}
	reports := time.NewTicker(reportEvery)
	defer reports.Stop()
	for {
		select {
		case result := <-r.result:
			return result.Migrated, result.err()
		case <-reports.C:
			if progress != nil {
				progress(m.progress(r))
			}
		case <-ctx.Done():
			r.post(stages.Stop{Why: "the migration was given up"})
			return hostagent.Migrated{}, context.Cause(ctx)
		case <-m.closing.Done():
			return hostagent.Migrated{}, errShut
		}
	}
}

func (r Result) err() error {
	switch {
	case r.Moved:
		return nil
	case r.Refused:
		return fmt.Errorf("%w: %s", hostagent.ErrNotLetIn, r.Why)
	}
	return errors.New(r.Why)
}

// begin describes a guest and begins its move.
func (m *Mover) begin(ctx context.Context, mig hostagent.Migration) (*run, error) {
	move := Move{
		ID: MoveID(rand.Text()), Guest: mig.Guest, Other: mig.Target,
		DowntimeMax: mig.DowntimeMax, BandwidthMax: mig.BandwidthMax, Force: mig.Force,
	}
	r := m.newRun(key{false, mig.Target, move.ID}, move, stages.Begin{})
	r.shown.stage = stages.Preparing
	m.mu.Lock()
	if other := m.guests[mig.Guest]; other != nil && other.shown.mine {
		m.mu.Unlock()
		other.awaitSettled(ctx)
		m.mu.Lock()
	}
	switch other := m.guests[mig.Guest]; {
	case m.closed:
		m.mu.Unlock()
		return nil, errShut
	case other != nil:
		m.mu.Unlock()
		return nil, errors.New("it is in another move: " + other.where())
	}
	m.register(r)
	m.mu.Unlock()
	d, err := m.o.Platform.Describe(ctx, move)
	if err == nil {
		if !mig.MovedAt.IsZero() {
			d.MovedAt = mig.MovedAt
		}
		var o offer
		if o, err = offerOf(mig, d); err == nil {
			r.offer = &o
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil && m.closed {
		err = errShut
	}
	if err != nil {
		delete(m.runs, r.key)
		m.release(r)
		return nil, err
	}
	r.shown.description = d
	m.play(r)
	return r, nil
}

// where says where a move stands. The caller holds mu.
func (r *run) where() string {
	if r.key.target {
		return fmt.Sprintf("it arrives from host %s", r.move.Other)
	}
	if r.shown.released {
		return fmt.Sprintf("it was released to host %s, which has not said yet whether it runs there", r.move.Other)
	}
	return fmt.Sprintf("it leaves for host %s", r.move.Other)
}

func (m *Mover) progress(r *run) hostagent.Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := hostagent.Progress{Stage: string(r.shown.stage), Iteration: r.shown.round, Elapsed: time.Since(r.began), Downtime: r.shown.downtime}
	if r.shown.session != nil {
		p.TransferredBytes = r.shown.session.transferred()
	}
	return p
}

// Abort implements hostagent.Platform. A guest that is released is asked back from the
// target.
func (m *Mover) Abort(_ context.Context, guest hostagent.GuestID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.guests[guest]
	if r == nil || r.key.target {
		return fmt.Errorf("no migration of the guest %s away from here is in flight", guest)
	}
	r.post(stages.Stop{Why: "the migration was aborted"})
	return nil
}

// Settle is a person's word about a guest whose other host is silent: it runs, or is to
// run, here; or it does not. Both agents get the same answer from the person who gives it:
// the mover cannot check it.
func (m *Mover) Settle(guest hostagent.GuestID, here bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.guests[guest]
	if r == nil || !r.shown.released && !r.shown.mine {
		return fmt.Errorf("nothing is to be settled about the guest %s: it is in no move whose other host is waited for", guest)
	}
	r.post(stages.Settled{Here: here})
	return nil
}

// Show adds to the guests that a platform shows what their moves say: that they leave,
// that they stand still because they are released, that they arrive. The result is sorted.
func (m *Mover) Show(guests []hostagent.Guest) []hostagent.Guest {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := slices.Clone(guests)
	for _, r := range m.runs {
		at := slices.IndexFunc(list, func(g hostagent.Guest) bool { return g.ID == r.move.Guest })
		switch {
		case m.guests[r.move.Guest] != r:
			continue
		case at < 0 && r.key.target:
			list = append(list, r.arriving())
			at = len(list) - 1
		case at < 0:
			continue
		}
		g := &list[at]
		switch {
		case r.key.target && r.shown.mine:
			g.State = hostagent.Running
		case r.key.target:
			g.State = hostagent.Incoming
		case r.shown.released:
			g.State, g.Leaving = hostagent.Paused, true
		default:
			g.State, g.Leaving = hostagent.Running, true
		}
		if r.shown.told != "" {
			g.Fault = r.shown.told
		}
	}
	slices.SortFunc(list, func(a, b hostagent.Guest) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// arriving is a guest of which the platform shows nothing yet.
func (r *run) arriving() hostagent.Guest {
	d := r.shown.description
	return hostagent.Guest{
		ID: r.move.Guest, Kind: r.mover.o.Kind, Name: cmp.Or(d.Name, string(r.move.Guest)), Declared: d.Declared,
		MemoryMaxBytes: d.MemoryMaxBytes, Networks: d.Networks, Files: d.Files, Needs: d.Needs, Rules: d.Rules, MovedAt: d.MovedAt,
	}
}

// Close ends all moves as far as that is quick: guests that were not released run on
// here. What is left is settled after the next Open and Start.
func (m *Mover) Close() error {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return nil
	}
	m.closed = true
	for _, r := range m.runs {
		if !r.shown.released && !r.shown.mine {
			r.post(stages.Stop{Why: "the agent ends"})
		}
	}
	m.mu.Unlock()
	late := time.NewTimer(closeWithin)
	defer late.Stop()
	for waiting := true; waiting && m.undoing(); {
		select {
		case <-m.moved:
		case <-late.C:
			waiting = false
		}
	}
	m.close()
	m.work.Wait()
	if m.file == nil {
		return nil
	}
	return m.file.Close()
}

// undoing says that moves are in progress that a Stop ends.
func (m *Mover) undoing() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.runs {
		if !r.shown.released && !r.shown.mine && len(m.left) == 0 {
			return true
		}
	}
	return false
}

// connect dials the target of a move and opens a session.
func (m *Mover) connect(ctx context.Context, r *run) (*session, error) {
	m.mu.Lock()
	dial := m.dial
	m.mu.Unlock()
	if dial == nil {
		return nil, errors.New("the agent is starting, and reaches no other host yet")
	}
	conn, err := dial(ctx, r.move.Other)
	if err != nil {
		return nil, err
	}
	data, err := encode(opening{version, r.move.ID, r.move.Guest})
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(openWithin))
	}
	if err == nil {
		_, err = conn.Write(appendFrame(nil, frameOpening, nil, data))
	}
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	s := m.newSession(conn, r)
	s.limit = limiter(r.move.BandwidthMax)
	s.bound(r.shown.description.Declared, r.shown.description.MemoryMaxBytes) // they do not change
	s.start(bufio.NewReaderSize(conn, dataBytes))
	m.work.Go(func() { <-s.done })
	return s, nil
}

func (m *Mover) newSession(conn hostagent.Conn, r *run) *session {
	s := newSession(conn)
	s.heard = func(got message) { r.hear(s, got) }
	s.ended = func(why error) { r.unlinked(s, why) }
	return s
}
