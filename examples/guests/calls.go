//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"

	"parley/hostagent"
	"parley/hostagent/container"
)

// call asks a platform of an agent for one of the methods of hostagent.Carrier, so that a
// test outside of the hosts can use both. A caller that waits no more closes its half of
// the connection.
type call struct {
	Of        string              `json:"of,omitempty"` // which platform; "": the agent's own
	Method    string              `json:"method"`
	Ended     bool                `json:"ended,omitempty"` // the caller's context had ended before
	Migration hostagent.Migration `json:"migration"`
	Guest     hostagent.GuestID   `json:"guest,omitempty"`
	Rules     hostagent.Rules     `json:"rules"`
}

// said is a line that comes of a call: a report of progress, a change, a question about a
// guest that arrives, or at last what the method returned.
type said struct {
	Progress *hostagent.Progress       `json:"progress,omitempty"`
	Changed  bool                      `json:"changed,omitempty"`
	Asked    *hostagent.AdmissionAsked `json:"asked,omitempty"`

	Returned    bool                  `json:"returned,omitempty"`
	Error       string                `json:"error,omitempty"`
	NotLetIn    bool                  `json:"not_let_in,omitempty"`
	Canceled    bool                  `json:"canceled,omitempty"`
	Observation hostagent.Observation `json:"observation"`
	Migrated    hostagent.Migrated    `json:"migrated"`
}

// platforms are those of an agent.
type platforms struct {
	options container.Options
	mu      sync.Mutex
	open    map[string]*container.Platform
	asked   func() // ends the one who is asked for admission
}

func admitAll(context.Context, hostagent.AdmissionAsked) hostagent.Refusal {
	return hostagent.Refusal{}
}

// of returns a platform. One that is not the agent's own is opened in folders of its own.
func (a *platforms) of(ctx context.Context, name string) (*container.Platform, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.open[name]; p != nil {
		return p, nil
	}
	o, dir := a.options, filepath.Join("/srv/more", name)
	o.Bundles, o.Volumes, o.State, o.Memory = dir+"/containers", dir+"/volumes", dir+"/state", filepath.Join("/run/more", name)
	for _, of := range []string{filepath.Dir(dir), filepath.Dir(o.Memory)} {
		if err := os.MkdirAll(of, 0o700); err != nil {
			return nil, err
		}
	}
	p, err := container.Open(ctx, o)
	if err == nil {
		a.open[name] = p
	}
	return p, err
}

// serve answers a call.
func (a *platforms) serve(ctx context.Context, conn net.Conn, in *json.Decoder, c call) {
	out := json.NewEncoder(conn)
	p, err := a.of(ctx, c.Of)
	if err != nil {
		_ = out.Encode(returned(said{}, err)) // the caller sees that the connection ends
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if c.Method == "admission" {
		a.askAt(ctx, p, in, out)
		return
	}
	if c.Ended {
		cancel()
	}
	go func() {
		_ = in.Decode(&struct{}{}) // it says nothing more, but that it ends
		cancel()
	}()
	var s said
	switch c.Method {
	case "observe":
		s.Observation, err = p.Observe(ctx)
	case "migrate":
		s.Migrated, err = p.Migrate(ctx, c.Migration, func(r hostagent.Progress) { _ = out.Encode(said{Progress: &r}) })
	case "abort":
		err = p.Abort(ctx, c.Guest)
	case "rules":
		err = p.SetRules(ctx, c.Guest, c.Rules)
	case "changes":
		for more := true; more && err == nil; {
			select {
			case _, more = <-p.Changes():
				if more {
					err = out.Encode(said{Changed: true})
				}
			case <-ctx.Done():
				return
			}
		}
	case "close":
		err = p.Close()
	default:
		err = fmt.Errorf("there is no method %q", c.Method)
	}
	if err := out.Encode(returned(s, err)); err != nil {
		slog.Warn("the caller of a platform has gone", "method", c.Method, "error", err)
	}
}

func returned(s said, err error) said {
	s.Returned = true
	if err != nil {
		s.Error, s.NotLetIn, s.Canceled = err.Error(), errors.Is(err, hostagent.ErrNotLetIn), errors.Is(err, context.Canceled)
	}
	return s
}

// askAt has guests that arrive asked for at the other end of a connection, until another
// one wants to be asked.
func (a *platforms) askAt(ctx context.Context, p *container.Platform, in *json.Decoder, out *json.Encoder) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a.mu.Lock()
	if a.asked != nil {
		a.asked()
	}
	a.asked = cancel
	a.mu.Unlock()
	var one sync.Mutex
	p.SetAdmission(func(_ context.Context, arriving hostagent.AdmissionAsked) (answer hostagent.Refusal) {
		one.Lock()
		defer one.Unlock()
		if err := errors.Join(out.Encode(said{Asked: &arriving}), in.Decode(&answer)); err != nil {
			return hostagent.Refusal{Code: hostagent.CodeSilent, Detail: err.Error()}
		}
		return answer
	})
	if out.Encode(returned(said{}, nil)) == nil {
		<-ctx.Done()
	}
}
