//go:build linux

package container

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"parley/hostagent"
	"parley/hostagent/changes"
	"parley/hostagent/handover"
)

// Platform is the containers of a host.
type Platform struct {
	*handover.Mover
	site *site
	shut func() error // once
}

// site is what the mover asks for its moves.
type site struct {
	Options
	engines []engine
	leaving leaving
	tracks  bool // memory goes in rounds
	changes *changes.Signal

	mu     sync.Mutex
	closed bool
}

var _ hostagent.Carrier = (*Platform)(nil)

// Open opens the platform, and takes up the moves that were in flight.
func Open(ctx context.Context, o Options) (*Platform, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	engines, err := probe(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, dir := range []string{o.Bundles, o.Volumes, o.Memory, o.State, filepath.Join(o.State, "moves"), filepath.Join(o.State, "rules")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("a directory of containers: %w", err)
		}
	}
	if err := o.writeHook(); err != nil {
		return nil, fmt.Errorf("what criu reads: %w", err)
	}
	s := &site{Options: o, engines: engines, tracks: Tracks(ctx, o), changes: changes.New(),
		leaving: leaving{guests: map[hostagent.GuestID]*copied{}}}
	var steps handover.Platform = s
	if o.Before != nil {
		steps = asked{s, o.Before}
	}
	mover, err := handover.OpenFile(filepath.Join(o.State, "journal"), handover.Options{
		Platform: steps, Kind: hostagent.Container, Logger: o.Logger, Changed: s.changes.Raise,
	})
	if err != nil {
		return nil, err
	}
	mover.Start()
	watching, end := context.WithCancel(context.WithoutCancel(ctx)) // Open's own bounds the opening alone
	ended := make(chan struct{})
	go func() { defer close(ended); s.watchLeft(watching) }()
	shut := sync.OnceValue(func() error {
		end()
		<-ended
		err := mover.Close()
		s.close()
		return err
	})
	return &Platform{Mover: mover, site: s, shut: shut}, nil
}

// Name implements hostagent.Platform.
func (p *Platform) Name() string { return "container" }

// Changes implements hostagent.Platform.
func (p *Platform) Changes() <-chan struct{} { return p.site.changes.C() }

// Close implements hostagent.Platform. Containers run on.
func (p *Platform) Close() error { return p.shut() }

// SetRules implements hostagent.Platform.
func (p *Platform) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	seen, err := p.site.look(ctx)
	if err != nil {
		return err
	}
	at, is := seen[guest]
	if !is {
		return fmt.Errorf("there is no container %s here", guest)
	}
	if err := writeJSON(p.site.rules(guest), kept{Rules: rules, MovedAt: at.guest.MovedAt}); err != nil {
		return err
	}
	p.site.changes.Raise()
	return nil
}

// close ends what is said of changes, and all looks.
func (s *site) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.changes.Close()
}

// whyNoLook says that the platform is closed, or that the caller waits no more.
func (s *site) whyNoLook(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("the platform of containers is closed")
	}
	return ctx.Err()
}
