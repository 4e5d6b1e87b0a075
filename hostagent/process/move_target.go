package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"parley/hostagent"
	"parley/hostagent/handover"
	"parley/hostagent/process/protocol"
)

// Has implements handover.Target.
func (v moves) Has(ctx context.Context, guest hostagent.GuestID) (bool, error) {
	p := v.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return false, err
	}
	g := p.guests[guest]
	return g != nil && !g.rec.State.ended() && g.rec.State != incoming, nil
}

// Prepare implements handover.Target: the program is there before the one at the source
// stands. It does nothing until it is told to.
func (v moves) Prepare(ctx context.Context, m handover.Move, d handover.Description) error {
	p := v.p
	var man manifest
	decoder := json.NewDecoder(bytes.NewReader(d.Manifest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&man); err != nil {
		return fmt.Errorf("the manifest: %w", err)
	}
	if man.Version != 1 || len(man.Host) > protocol.TextMost || !guestID.MatchString(string(m.Guest)) {
		return errors.New("the manifest is none of this version: are both agents of one version?")
	}
	s := spec{Name: d.Name, Program: man.Program, Args: man.Args, Dir: man.Dir, Need: d.Declared, Rules: d.Rules, MovedAt: d.MovedAt,
		Network: man.Network}
	if err := errors.Join(s.validate(), p.startable(s)); err != nil {
		return err
	}
	if !slices.Equal(networksOf(s), d.Networks) {
		return fmt.Errorf("its network is on %q, and it was admitted for %q", networksOf(s), d.Networks)
	}
	g, err := v.expect(ctx, m, s, man.Host)
	if err != nil {
		return err
	}
	if s.Network != nil {
		if err := v.expects(g); err != nil {
			return err
		}
	}
	return p.awaitHello(ctx, g)
}

// expect makes a guest that is on its way, and starts its program.
func (v moves) expect(ctx context.Context, m handover.Move, s spec, from string) (*guest, error) {
	p := v.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return nil, err
	}
	if before := p.guests[m.Guest]; before != nil {
		if before.rec.State != incoming && !before.rec.State.ended() {
			return nil, errors.New("the guest is on this host already")
		}
		if err := v.removes(before, "another move brings it"); err != nil {
			return nil, err
		}
	}
	g := newGuest(&record{Version: 1, ID: m.Guest, Spec: s, State: incoming, Move: string(m.ID), From: from}, p.now())
	p.guests[m.Guest] = g
	p.changes.Raise()
	return g, p.launch(g)
}

// Receive implements handover.Target.
func (v moves) Receive(ctx context.Context, m handover.Move, _ int, last bool, from handover.In) error {
	p := v.p
	g, release, err := v.ofMove(ctx, m, incoming)
	defer release()
	if err != nil {
		return err
	}
	if g == nil {
		return errors.New("the guest was not prepared for")
	}
	r := received{moves: v, guest: g}
	for {
		name, part, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.part(ctx, name, part)
		}
		if err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	if r.checkpoint == nil || !r.whole {
		return errors.New("the state has not come")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	g.rec.Checkpoint, g.n = r.checkpoint, r.checkpoint.N // Restore writes it
	return nil
}

// received is what has come in a round.
type received struct {
	moves
	guest      *guest
	checkpoint *checkpoint
	whole      bool // with its state, which is durable
}

func (r *received) part(ctx context.Context, name string, part handover.Part) (err error) {
	g := r.guest
	switch name {
	case partPlaces:
		return r.receivePlaces(g, part)
	case partAhead:
		r.p.mu.Lock()
		defer r.p.mu.Unlock()
		g.way.ahead, err = r.receiveAhead(g.rec.ID, part)
		return err
	case partTurn:
		return r.receiveTurn(g, part)
	case partSockets, partEach:
		return r.receiveSockets(ctx, g, part, name == partEach)
	case partCheckpoint:
		r.checkpoint, err = r.receiveCheckpoint(part)
		return err
	}
	if r.checkpoint == nil || name != partState && name != partChanges {
		return fmt.Errorf("the part %.60q does not belong here: are both agents of one version?", name)
	}
	r.whole = true
	if name == partChanges {
		return r.follow(g.rec.ID, g.way.ahead, r.checkpoint, part)
	}
	c := r.checkpoint
	copied, err := keep(r.p.store.state(g.rec.ID, c.N), io.LimitReader(part, c.Bytes+1), true)
	if err == nil && copied != c.Bytes {
		err = fmt.Errorf("%d bytes of the state came, of %d", copied, c.Bytes)
	}
	return err
}

// receiveCheckpoint reads the record of a state.
func (r *received) receiveCheckpoint(part io.Reader) (*checkpoint, error) {
	text, err := io.ReadAll(io.LimitReader(part, recordBytes))
	if err != nil {
		return nil, err
	}
	c := &checkpoint{}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("the checkpoint: %w", err)
	}
	// What the program will be told is checked as what it has said.
	if _, err := protocol.Line(&protocol.Resume{N: c.N, State: c.Bytes, Files: c.Files}); err != nil {
		return nil, fmt.Errorf("the checkpoint: %w", err)
	}
	if most := r.p.options.StateMost; c.Bytes > most {
		return nil, fmt.Errorf("the state has %d bytes, and host %s takes at most %d", c.Bytes, r.p.options.Host, most)
	}
	return c, nil
}

// Restore implements handover.Target.
func (v moves) Restore(ctx context.Context, m handover.Move) error {
	p := v.p
	g, release, err := v.ofMove(ctx, m, incoming)
	defer release()
	if err != nil {
		return err
	}
	if g != nil {
		if err := v.handSockets(ctx, g); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if g == nil || g.rec.Checkpoint == nil {
		return errors.New("no state of the guest has come")
	}
	if g.link == nil || g.at != protocol.AtNew {
		return errors.New("its program is not there any more" + p.lastWords(g))
	}
	return p.store.write(g.rec)
}

// Activate implements handover.Target.
func (v moves) Activate(ctx context.Context, m handover.Move) error {
	p := v.p
	g, release, err := v.ofMove(ctx, m, incoming)
	defer release()
	if err != nil || g == nil {
		return err // nil: it runs already, or has run
	}
	if err := v.revive(ctx, g); err != nil {
		return v.neverRan(ctx, g, err)
	}
	if err := v.runs(g); err != nil {
		return err
	}
	if g.rec.Spec.Network != nil {
		p.work.Go(func() { v.arrived(g) })
	}
	return nil
}

// runs writes that a guest runs here, and has its program continue.
func (v moves) runs(g *guest) error {
	p := v.p
	p.mu.Lock()
	defer p.mu.Unlock()
	before := *g.rec
	g.rec.State, g.rec.Move = running, ""
	if err := p.store.write(g.rec); err != nil {
		*g.rec, g.doubtful = before, true
		return err
	}
	g.beat, g.checked = p.now(), p.now()
	if err := v.releaseSockets(g); err != nil {
		p.log.Error("connections of a program are lost", "event", "connections_lost", "guest", g.rec.Spec.Name, "error", err)
	}
	switch {
	case g.link != nil && g.at == protocol.AtNew:
		door{p}.tell(g) // otherwise when it connects
	case g.rec.Process.PID == 0:
		g.restartAt = p.now()
	}
	p.changes.Raise()
	return nil
}

// neverRan says of a program that does not start that its guest has not run here: none is
// told to begin before the record says that the guest runs. After a failed write of that
// record the next agent may read it, and while the agent ends nothing is known of the
// program: then Activate is called again.
func (v moves) neverRan(ctx context.Context, g *guest, why error) error {
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	if ctx.Err() != nil || v.p.usable(ctx) != nil || g.doubtful {
		return why
	}
	return fmt.Errorf("%w: %w", handover.ErrNeverRan, why)
}

// revive starts the program of a guest again, which an end of agent or program has lost
// before it was told to begin.
func (v moves) revive(ctx context.Context, g *guest) error {
	p := v.p
	p.mu.Lock()
	if g.link != nil && g.at == protocol.AtNew || g.rec.Process.PID != 0 {
		p.mu.Unlock()
		return p.awaitHello(ctx, g)
	}
	err := p.launch(g)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	return p.awaitHello(ctx, g)
}

// Discard implements handover.Target.
func (v moves) Discard(ctx context.Context, m handover.Move) error {
	return v.withGuest(ctx, m, incoming, func(g *guest) error {
		if err := v.removes(g, "the move has failed"); err != nil {
			return err
		}
		if g.rec.Spec.Network != nil {
			p := v.p
			p.work.Go(func() { v.arrived(g) })
		}
		return nil
	})
}
