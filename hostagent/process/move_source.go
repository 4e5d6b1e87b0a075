package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"parley/hostagent/handover"
	"parley/hostagent/process/protocol"
)

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
	text, err := json.Marshal(manifest{1, s.Program, s.Args, s.Dir, p.options.Host, s.Network})
	return handover.Description{
		Name: s.Name, Declared: s.Need, Needs: needs(s), Networks: networksOf(s), Rules: s.Rules, MovedAt: s.MovedAt, Manifest: text,
	}, err
}

// Copy implements handover.Source. The state of a program exists only while it stands, so it
// stands here for a moment, where the program has connections that wait for it.
func (v moves) Copy(ctx context.Context, m handover.Move, _ int, to handover.Out) (again bool, err error) {
	p := v.p
	p.mu.Lock()
	g, err := p.here(m.Guest)
	early := err == nil && g.rec.Spec.Network != nil && p.options.Connections == Incremental
	p.mu.Unlock()
	if err != nil || !early {
		return false, err
	}
	if err := v.sendPlaces(g, to); err != nil {
		return false, err
	}
	return false, v.sendAhead(ctx, g, to)
}

// Freeze implements handover.Source.
func (v moves) Freeze(ctx context.Context, m handover.Move, to handover.Out) error {
	p := v.p
	g, release, err := p.turnOf(ctx, m.Guest)
	if err != nil {
		return err
	}
	defer release()
	if g.way.handshakes, err = v.handshakesOf(g); err != nil {
		return err
	}
	defer func() {
		g.way.handshakes.close()
		g.way.handshakes = nil
	}()
	before := g.way.sent
	defer g.keepAhead(nil)
	c, err := p.suspend(ctx, g, protocol.ForMove)
	if err != nil {
		return err
	}
	to.Stopped(c.since)
	// From here on it stands, also after a restart of agent and machine.
	var writing sync.WaitGroup
	var written error
	writing.Go(func() {
		if written = makeDurable(p.store.state(m.Guest, c.N)); written == nil {
			written = p.keeps(g, c.checkpoint, frozen, string(m.ID))
		}
	})
	err = v.send(ctx, m, g, c, before, to)
	writing.Wait()
	if written != nil {
		p.mu.Lock()
		p.resumeHere(g, c.N)
		p.mu.Unlock()
	}
	return errors.Join(err, written)
}

// send sends what a program is that stands.
func (v moves) send(ctx context.Context, m handover.Move, g *guest, c stood, before *os.File, to handover.Out) error {
	p := v.p
	file, err := os.Open(p.store.state(m.Guest, c.N))
	if err != nil {
		return err
	}
	defer file.Close()
	switch {
	case g.rec.Spec.Network != nil:
		if err := v.sendSockets(ctx, m, g, c.conns, to); err != nil {
			return err
		}
	case len(c.conns) > 0:
		return errors.New("its program has connections, and they move only with a network of its own: start it with --network " +
			"(docs/process.md)")
	}
	text, err := json.Marshal(c.checkpoint)
	if err == nil {
		err = sendPart(to, partCheckpoint, bytes.NewReader(text))
	}
	if err != nil {
		return err
	}
	if before == nil {
		return sendPart(to, partState, file)
	}
	part, err := to.Part(partChanges)
	if err != nil {
		return err
	}
	if err := sendChanges(part, before, file); err != nil {
		return err
	}
	return part.CloseWrite()
}

// makeDurable makes a state durable that keep has not.
func makeDurable(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
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

// Resume implements handover.Source.
func (v moves) Resume(ctx context.Context, m handover.Move) error {
	return v.withGuest(ctx, m, frozen, v.p.continues)
}

// Leave implements handover.Source.
func (v moves) Leave(ctx context.Context, m handover.Move) error {
	return v.withGuest(ctx, m, frozen, func(g *guest) error { return v.removes(g, "it runs on another host") })
}
