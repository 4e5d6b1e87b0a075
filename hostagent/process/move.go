package process

import (
	"context"

	"parley/hostagent/guestnet"
	"parley/hostagent/handover"
	"parley/hostagent/process/protocol"
)

// moves is what the platform does for its mover.
type moves struct{ p *supervisor }

var _ handover.Platform = moves{}

// Parts of a guest on its way.
const (
	partPlaces     = "places"     // where it has sockets, while it works
	partAhead      = "ahead"      // a state, while it works
	partTurn       = "turn"       // the target is to turn the bridges, and to say so
	partSockets    = "sockets"    // its sockets
	partEach       = "each"       // its sockets, of which the target answers each
	partCheckpoint = "checkpoint" // its record, as JSON
	partState      = "state"
	partChanges    = "changes" // of the state, to the one that has gone ahead
)

// manifest is what the target's platform needs to prepare. Whatever else is in a spec comes
// with the description.
type manifest struct {
	Version int               `json:"v"` // 1
	Program string            `json:"program"`
	Args    []string          `json:"args"`
	Dir     string            `json:"dir"`
	Host    string            `json:"host"` // where it comes from, for people
	Network *guestnet.Network `json:"network,omitempty"`
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

// removes removes a guest, and then ends its program, which stands or has not begun. A
// program whose agent ends before that is told to leave by the next one: its run is none
// any more. The caller holds mu.
func (v moves) removes(g *guest, why string) error {
	p := v.p
	if err := p.store.remove(g.rec.ID); err != nil {
		return err
	}
	delete(p.guests, g.rec.ID)
	if err := g.forgetSockets(); err != nil {
		p.log.Warn("sockets of a guest that has left", "event", "process_move_left", "guest", g.rec.Spec.Name, "error", err)
	}
	if g.link != nil {
		g.link.send(&protocol.Leave{Why: why}, "")
		g.link = nil // it ends with the program
	}
	id, group, meter := g.rec.Process, g.rec.ID, g.meter
	p.changes.Raise()
	p.work.Go(func() { watcher{p}.endSoon(id, group, meter) })
	return nil
}
