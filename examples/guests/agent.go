//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"parley/hostagent"
	"parley/hostagent/container"
)

// order is what the laboratory asks of an agent.
type order struct {
	Migrate string `json:"migrate,omitempty"` // to which host
	// Step and Do say what comes of the next step of that name: "no", "kill", or "stop", after
	// which the agent says nothing until it gets SIGCONT; without a step, at once. "never" says no to all steps of that name until "" is said.
	Step string `json:"step,omitempty"`
	Do   string `json:"do,omitempty"`
	Call *call  `json:"call,omitempty"`
}

// answer is what an agent says.
type answer struct {
	Error    string                `json:"error,omitempty"`
	Migrated hostagent.Migrated    `json:"migrated"`
	Guests   []hostagent.Guest     `json:"guests"`
	Why      string                `json:"why,omitempty"`
	Offers   []string              `json:"offers,omitempty"`
	Capacity hostagent.Resources   `json:"capacity"`
	State    hostagent.GuestState  `json:"state,omitempty"`
	Stages   []hostagent.StageTime `json:"stages,omitempty"`
}

// reap is the first process of a host: it takes the processes whose parent has ended.
func reap(ctx context.Context) error {
	if err := unix.Unmount("/old", unix.MNT_DETACH); err != nil {
		return err
	}
	for ctx.Err() == nil {
		var status unix.WaitStatus
		if _, err := unix.Wait4(-1, &status, 0, nil); errors.Is(err, unix.ECHILD) {
			time.Sleep(20 * time.Millisecond)
		}
	}
	return ctx.Err()
}

// steps is what is to come of steps.
type steps struct {
	mu   sync.Mutex
	next map[string]string
}

func (s *steps) before(step string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	what := s.next[step]
	if what != "never" {
		delete(s.next, step)
	}
	switch what {
	case "kill":
		return syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	case "stop":
		return syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	case "no", "never":
		return errors.New("the laboratory says no")
	}
	return nil
}

// serveAgent is the agent of a host: its containers, also those of a podman at a socket, and how the other reaches them.
func serveAgent(ctx context.Context, name, podman string) error {
	s := &steps{next: map[string]string{}}
	options := container.Options{Bundles: "/srv/containers", Volumes: "/srv/volumes", State: "/var/lib/parley/container",
		Podman: podman, Cgroups: "/pguest/" + name, Capacity: hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30, DiskBytes: 1 << 30},
		Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)), Before: s.before}
	p, err := container.Open(ctx, options)
	if err != nil {
		return err
	}
	p.SetAdmission(admitAll)
	all := &platforms{options: options, open: map[string]*container.Platform{"": p}}
	p.SetDial(func(ctx context.Context, to hostagent.HostID) (hostagent.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp4", subnet+strings.TrimPrefix(string(to), "h")+":7100")
		if err != nil {
			return nil, err
		}
		if _, err := fmt.Fprintf(conn, "%s\n", name); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return conn.(*net.TCPConn), nil
	})
	arrivals, err := net.Listen("tcp4", subnet+strings.TrimPrefix(name, "h")+":7100")
	if err != nil {
		return err
	}
	go arrive(ctx, p, arrivals)
	path := filepath.Join("/lab", name+".socket")
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	orders, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	for {
		conn, err := orders.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			var o order
			in := json.NewDecoder(conn)
			switch err := in.Decode(&o); {
			case err != nil: // the laboratory has gone
			case o.Call != nil:
				all.serve(ctx, conn, in, *o.Call)
			default:
				_ = json.NewEncoder(conn).Encode(obey(ctx, p, s, o)) // the laboratory may have gone
			}
		}()
	}
}

// buffered is a connection of which the first line was read.
type buffered struct {
	*net.TCPConn
	in *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.in.Read(p) }

func arrive(ctx context.Context, p *container.Platform, listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			in := bufio.NewReader(conn)
			from, err := in.ReadString('\n')
			if err == nil {
				p.Arrive(ctx, hostagent.HostID(strings.TrimSpace(from)), buffered{conn.(*net.TCPConn), in})
			}
		}()
	}
}

func obey(ctx context.Context, p *container.Platform, s *steps, o order) (a answer) {
	if o.Step == "" && o.Do == "kill" {
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL) // it does not return
	}
	if o.Step != "" {
		s.mu.Lock()
		s.next[o.Step] = o.Do
		s.mu.Unlock()
		return a
	}
	if o.Migrate != "" {
		done, err := p.Migrate(ctx, hostagent.Migration{Guest: guest, Target: hostagent.HostID(o.Migrate), Endpoint: "parley:container",
			Deal: "deal", Token: "token", MovedAt: time.Now()}, nil)
		a.Migrated, a.Stages = done, done.Stages
		if err != nil {
			a.Error = err.Error()
		}
		return a
	}
	seen, err := p.Observe(ctx)
	if err != nil {
		a.Error = err.Error()
	}
	a.Guests, a.Offers = seen.Guests, seen.Offers
	return a
}

// ask gives an order to the agent of a host.
func (h *host) ask(ctx context.Context, o order) (a answer, err error) {
	bounded, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(bounded, "unix", filepath.Join(runDir, "lab", h.name+".socket"))
	if err != nil {
		return a, err
	}
	defer conn.Close()
	if deadline, ok := bounded.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return a, err
		}
	}
	if err := json.NewEncoder(conn).Encode(o); err != nil {
		return a, err
	}
	return a, json.NewDecoder(conn).Decode(&a)
}
