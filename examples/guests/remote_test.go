//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/hostagent"
)

// testBundle is a bundle before it runs.
type testBundle struct {
	host *host
	spec specs.Spec
}

// enterKeepingNetwork is enter, but for the network namespace.
func (h *host) enterKeepingNetwork(args ...string) []string {
	return append([]string{"nsenter", "-t", strconv.Itoa(h.pid), "-C", "-m", "-u", "-i", "-p", "--root", "--wdns=/"}, args...)
}

// remote is a platform of a host's agent, as a test outside of the host uses it.
type remote struct {
	host    *host
	of      string
	changes chan struct{}

	mu    sync.Mutex
	limit map[hostagent.GuestID]int64
}

var _ hostagent.Carrier = (*remote)(nil)

// newRemote opens a platform, and follows its changes.
func newRemote(t *testing.T, h *host, of string) *remote {
	t.Helper()
	r := &remote{host: h, of: of, changes: make(chan struct{}, 1), limit: map[hostagent.GuestID]int64{}}
	ctx := t.Context()
	go func() {
		defer close(r.changes)
		_, _ = r.call(ctx, call{Method: "changes"}, func(said) { // it ends when the platform is closed
			select {
			case r.changes <- struct{}{}:
			default: // it was said
			}
		})
	}()
	return r
}

// slow bounds how fast a guest moves.
func (r *remote) slow(guest hostagent.GuestID, bytesPerSecond int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit[guest] = bytesPerSecond
}

// afterwards is how long a call may take whose caller waits no more.
const afterwards = 10 * time.Second

// call asks the agent. That the context ends is passed on: the answer is the platform's.
func (r *remote) call(ctx context.Context, c call, each func(said)) (said, error) {
	conn, err := net.Dial("unix", filepath.Join(runDir, "lab", r.host.name+".socket"))
	if err != nil {
		return said{}, err
	}
	defer conn.Close()
	c.Of, c.Ended = r.of, ctx.Err() != nil
	if err := json.NewEncoder(conn).Encode(order{Call: &c}); err != nil {
		return said{}, err
	}
	stop := context.AfterFunc(ctx, func() {
		_ = conn.SetReadDeadline(time.Now().Add(afterwards)) // the read says what is wrong
		_ = conn.(*net.UnixConn).CloseWrite()
	})
	defer stop()
	for in := json.NewDecoder(conn); ; {
		var s said
		if err := in.Decode(&s); err != nil {
			return s, fmt.Errorf("%s at %s does not return: %w", c.Method, r.host.name, err)
		}
		switch {
		case !s.Returned:
			if each != nil {
				each(s)
			}
		case s.NotLetIn:
			return s, fmt.Errorf("%w: %s", hostagent.ErrNotLetIn, s.Error)
		case s.Canceled:
			return s, fmt.Errorf("%w: %s", context.Canceled, s.Error)
		case s.Error != "":
			return s, errors.New(s.Error)
		default:
			return s, nil
		}
	}
}

func (r *remote) Name() string { return "container of " + r.host.name }

func (r *remote) Observe(ctx context.Context) (hostagent.Observation, error) {
	s, err := r.call(ctx, call{Method: "observe"}, nil)
	return s.Observation, err
}

func (r *remote) Migrate(ctx context.Context, m hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	r.mu.Lock()
	m.BandwidthMax = r.limit[m.Guest]
	r.mu.Unlock()
	s, err := r.call(ctx, call{Method: "migrate", Migration: m}, func(s said) {
		if progress != nil {
			progress(*s.Progress)
		}
	})
	return s.Migrated, err
}

func (r *remote) Abort(ctx context.Context, guest hostagent.GuestID) error {
	_, err := r.call(ctx, call{Method: "abort", Guest: guest}, nil)
	return err
}

func (r *remote) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	_, err := r.call(ctx, call{Method: "rules", Guest: guest, Rules: rules}, nil)
	return err
}

func (r *remote) Changes() <-chan struct{} { return r.changes }

func (r *remote) Close() error {
	_, err := r.call(context.Background(), call{Method: "close"}, nil)
	return err
}

// SetAdmission has the agent ask here. It returns once the agent does.
func (r *remote) SetAdmission(ask hostagent.Admission) {
	conn, err := net.Dial("unix", filepath.Join(runDir, "lab", r.host.name+".socket"))
	if err != nil {
		panic(err)
	}
	out, in := json.NewEncoder(conn), json.NewDecoder(conn)
	var s said
	if err := errors.Join(out.Encode(order{Call: &call{Of: r.of, Method: "admission"}}), in.Decode(&s)); err != nil || !s.Returned {
		panic(fmt.Sprint("the agent does not ask for admission: ", err))
	}
	go func() {
		defer conn.Close()
		for { // until another is asked, or the agent has ended
			var s said
			if in.Decode(&s) != nil || s.Asked == nil || out.Encode(ask(context.Background(), *s.Asked)) != nil {
				return
			}
		}
	}()
}

// SetDial and Arrive are for who connects platforms: the agents of the laboratory do so
// themselves.
func (r *remote) SetDial(hostagent.Dial)                                            {}
func (r *remote) Arrive(_ context.Context, _ hostagent.HostID, conn hostagent.Conn) { _ = conn.Close() }
