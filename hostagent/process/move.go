package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"parley/hostagent"
	"parley/hostagent/handover"
	"parley/hostagent/process/protocol"
)

// moves is what the platform does for its mover.
type moves struct{ p *supervisor }

var _ handover.Platform = moves{}

// Parts of a guest on its way.
const (
	partCheckpoint = "checkpoint" // its record, as JSON
	partState      = "state"
)

// manifest is what the target's platform needs to prepare. Whatever else is in a spec comes
// with the description.
type manifest struct {
	Version int      `json:"v"` // 1
	Program string   `json:"program"`
	Args    []string `json:"args"`
	Dir     string   `json:"dir"`
	Host    string   `json:"host"` // where it comes from, for people
}

// Describe implements handover.Source.
func (v moves) Describe(ctx context.Context, m handover.Move) (handover.Description, error) {
	p := v.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return handover.Description{}, err
	}
	g, err := p.here(m.Guest)
	if err != nil {
		return handover.Description{}, err
	}
	if why := g.whyNot(); why != "" {
		return handover.Description{}, fmt.Errorf("it cannot be moved: %s", why)
	}
	s := g.rec.Spec
	text, err := json.Marshal(manifest{1, s.Program, s.Args, s.Dir, p.options.Host})
	return handover.Description{
		Name: s.Name, Declared: s.Need, Needs: needs(s), Rules: s.Rules, MovedAt: s.MovedAt, Manifest: text,
	}, err
}

// Copy implements handover.Source: the state of a program exists only while it stands.
func (moves) Copy(context.Context, handover.Move, int, handover.Out) (again bool, err error) {
	return false, nil
}

// Freeze implements handover.Source.
func (v moves) Freeze(ctx context.Context, m handover.Move, to handover.Out) error {
	p := v.p
	g, release, err := p.turnOf(ctx, m.Guest)
	if err != nil {
		return err
	}
	defer release()
	c, since, err := p.suspend(ctx, g, protocol.ForMove)
	if err != nil {
		return err
	}
	to.Stopped(since)
	// From here on it stands, also after a restart of agent and machine.
	if err := p.keeps(g, c, frozen, string(m.ID)); err != nil {
		return err
	}
	text, err := json.Marshal(c)
	if err == nil {
		err = sendPart(to, partCheckpoint, bytes.NewReader(text))
	}
	if err != nil {
		return err
	}
	file, err := os.Open(p.store.state(m.Guest, c.N))
	if err != nil {
		return err
	}
	defer file.Close()
	return sendPart(to, partState, file)
}

func sendPart(to handover.Out, name string, from io.Reader) error {
	part, err := to.Part(name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, from); err != nil {
		return err
	}
	return part.CloseWrite()
}

// ofMove finds the guest that a move has frozen or brought, with its turn; nil where the
// move has left none.
func (v moves) ofMove(ctx context.Context, m handover.Move, in state) (*guest, func(), error) {
	p := v.p
	p.mu.Lock()
	g, err := p.guests[m.Guest], p.usable(ctx)
	p.mu.Unlock()
	if g == nil || err != nil {
		return nil, func() {}, err
	}
	g, release, err := p.turnOf(ctx, m.Guest)
	if err != nil {
		return nil, func() {}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.rec.State != in || g.rec.Move != string(m.ID) {
		release()
		return nil, func() {}, nil
	}
	return g, release, nil
}

// withGuest has something done with the guest of a move while it holds mu, and nothing
// where ofMove finds none.
func (v moves) withGuest(ctx context.Context, m handover.Move, in state, do func(*guest) error) error {
	g, release, err := v.ofMove(ctx, m, in)
	defer release()
	if err != nil || g == nil {
		return err
	}
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	return do(g)
}

// Resume implements handover.Source.
func (v moves) Resume(ctx context.Context, m handover.Move) error {
	return v.withGuest(ctx, m, frozen, v.p.continues)
}

// Leave implements handover.Source.
func (v moves) Leave(ctx context.Context, m handover.Move) error {
	return v.withGuest(ctx, m, frozen, func(g *guest) error { return v.removes(g, "it runs on another host") })
}

// removes removes a guest, and then ends its program, which stands or has not begun. A
// program whose agent ends before that is told to leave by the next one: its run is none
// any more. The caller holds mu.
func (v moves) removes(g *guest, why string) error {
	p := v.p
	if err := p.store.remove(g.rec.ID); err != nil {
		return err
	}
	delete(p.guests, g.rec.ID)
	if g.link != nil {
		g.link.send(&protocol.Leave{Why: why}, "")
		g.link = nil // it ends with the program
	}
	id, group, meter := g.rec.Process, g.rec.ID, g.meter
	p.changes.Raise()
	p.work.Go(func() { watcher{p}.endSoon(id, group, meter) })
	return nil
}

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
	s := spec{Name: d.Name, Program: man.Program, Args: man.Args, Dir: man.Dir, Need: d.Declared, Rules: d.Rules, MovedAt: d.MovedAt}
	if err := errors.Join(s.validate(), p.startable(s)); err != nil {
		return err
	}
	g, err := v.expect(ctx, m, s, man.Host)
	if err != nil {
		return err
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
	if !last {
		return nil
	}
	g, release, err := v.ofMove(ctx, m, incoming)
	defer release()
	if err != nil {
		return err
	}
	if g == nil {
		return errors.New("the guest was not prepared for")
	}
	c, err := v.receive(m.Guest, from)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	g.rec.Checkpoint, g.n = c, c.N // Restore writes it
	return nil
}

// receive reads what Freeze sends; the state is durable then.
func (v moves) receive(id hostagent.GuestID, from handover.In) (*checkpoint, error) {
	p := v.p
	name, part, err := from.Next()
	if err != nil || name != partCheckpoint {
		return nil, errors.Join(err, errors.New("no checkpoint comes"))
	}
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
	if c.Bytes > p.options.StateMost {
		return nil, fmt.Errorf("the state has %d bytes, and host %s takes at most %d", c.Bytes, p.options.Host, p.options.StateMost)
	}
	name, part, err = from.Next()
	if err != nil || name != partState {
		return nil, errors.Join(err, errors.New("no state comes"))
	}
	copied, err := keep(p.store.state(id, c.N), io.LimitReader(part, c.Bytes+1), true)
	if err == nil && copied != c.Bytes {
		err = fmt.Errorf("%d bytes of the state came, of %d", copied, c.Bytes)
	}
	return c, err
}

// Restore implements handover.Target.
func (v moves) Restore(ctx context.Context, m handover.Move) error {
	p := v.p
	g, release, err := v.ofMove(ctx, m, incoming)
	defer release()
	if err != nil {
		return err
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
	p.mu.Lock()
	defer p.mu.Unlock()
	before := *g.rec
	g.rec.State, g.rec.Move = running, ""
	if err := p.store.write(g.rec); err != nil {
		*g.rec, g.doubtful = before, true
		return err
	}
	g.beat, g.checked = p.now(), p.now()
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
	return v.withGuest(ctx, m, incoming, func(g *guest) error { return v.removes(g, "the move has failed") })
}
