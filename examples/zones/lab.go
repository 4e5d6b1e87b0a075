//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"parley/examples/ground"
	"path/filepath"
	"time"
)

// lab is a running laboratory.
type lab struct {
	settings
	hosts   []*host
	clients *exec.Cmd
	orders  io.WriteCloser
	tallies *bufio.Reader
	record  *record
	lock    *os.File // nil: another laboratory has it
}

// open builds the laboratory: hosts, agents, the servers of all zones, and clients who stand.
func open(ctx context.Context, s settings) (*lab, error) {
	l := &lab{settings: s, record: newRecord(s)}
	var err error
	if l.lock, err = lock(); err != nil {
		return l, err
	}
	if err := cleanUp(s.hosts); err != nil {
		return l, fmt.Errorf("clean up after an earlier laboratory: %w", err)
	}
	if err := makeRunDir(s.inMemory); err != nil {
		return l, err
	}
	for program, of := range map[string]string{"zones": "parley/examples/zones", "zone": "parley/examples/process/zone",
		"parley": "parley/cmd/parley"} {
		if err := ground.Build(ctx, filepath.Join(runDir, program), of); err != nil {
			return l, err
		}
	}
	if err := buildNetwork(ctx, s.hosts); err != nil {
		return l, err
	}
	for n := range s.hosts {
		l.hosts = append(l.hosts, newHost(n))
	}
	if err := configure(ctx, l.hosts, s); err != nil {
		return l, err
	}
	for _, h := range l.hosts {
		if err := h.start(ctx); err != nil {
			l.logs()
			return l, err
		}
	}
	for zone := range s.side * s.side {
		if err := l.hosts[l.record.first(zone)].launch(ctx, zone); err != nil {
			l.logs()
			return l, err
		}
	}
	if err := l.acquainted(ctx); err != nil {
		l.logs()
		return l, err
	}
	say("%d agents run %d zones, %d on each", s.hosts, s.side*s.side, s.side*s.side/s.hosts)
	if err := l.begin(ctx); err != nil || s.cores > 0 {
		return l, err
	}
	return l, l.measure(ctx)
}

// meanLoad is that of the hosts at first, where their capacity is not given.
const meanLoad = 0.65

// measure gives the hosts a capacity by what the clients use while they stand. For that the
// agents begin again; the zones and their connections do not notice.
func (l *lab) measure(ctx context.Context) error {
	say("what %d clients use is measured", l.settings.clients)
	if err := l.look(ctx, max(l.rest, 20*time.Second)); err != nil {
		return err
	}
	seen := l.record.samples[len(l.record.samples)-1]
	l.cores = 0
	for _, load := range seen.load {
		l.cores += load / meanLoad / float64(len(l.hosts)) // of one core, as yet
	}
	if err := configure(ctx, l.hosts, l.settings); err != nil {
		return err
	}
	for _, h := range l.hosts {
		h.stop()
		if err := h.start(ctx); err != nil {
			return err
		}
	}
	l.record = newRecord(l.settings)
	say("each host has %.3f cores", l.cores)
	return l.acquainted(ctx)
}

// acquainted waits until the hosts know each other, and their own loads.
func (l *lab) acquainted(ctx context.Context) error {
	return ground.Until(ctx, time.Minute, "the hosts know each other and their loads", func() (bool, error) { return l.ready(ctx) })
}

// ready says whether all hosts know each other, and their own loads.
func (l *lab) ready(ctx context.Context) (bool, error) {
	for _, h := range l.hosts {
		status, err := h.client().Status(ctx)
		if err != nil {
			return false, err
		}
		others := 0
		for _, p := range status.Peers {
			if p.Connected {
				others++
			}
		}
		if !status.Load.Known || others < len(l.hosts)-1 {
			return false, nil
		}
	}
	return true, nil
}

// begin starts the clients, and waits until all are connected.
func (l *lab) begin(ctx context.Context) error {
	l.clients = exec.CommandContext(ctx, "nsenter", "--net=/run/netns/"+fabric, runDir+"/zones", "clients",
		"-count", fmt.Sprint(l.settings.clients), "-side", fmt.Sprint(l.side), "-zones", network+"1.%d:7000", "-walk", l.walk.String())
	var err error
	if l.orders, err = l.clients.StdinPipe(); err != nil {
		return err
	}
	out, err := l.clients.StdoutPipe()
	if err != nil {
		return err
	}
	l.tallies = bufio.NewReader(out)
	l.clients.Stderr = os.Stderr
	if err := l.clients.Start(); err != nil {
		return err
	}
	return ground.Until(ctx, time.Minute, "all clients are in their zones", func() (bool, error) {
		t, err := l.ask("count")
		return t.Entered >= int64(l.settings.clients), err
	})
}

// ask gives an order to the clients, and returns what they have counted.
func (l *lab) ask(order string) (t tally, err error) {
	if _, err := fmt.Fprintln(l.orders, order); err != nil {
		return t, err
	}
	line, err := l.tallies.ReadBytes('\n')
	if err != nil {
		return t, fmt.Errorf("the clients have ended: %w", err)
	}
	return t, json.Unmarshal(line, &t)
}

// play has the clients walk, and looks at the hosts meanwhile.
func (l *lab) play(ctx context.Context) error {
	if err := l.look(ctx, l.rest); err != nil {
		return err
	}
	if _, err := l.ask("walk"); err != nil {
		return err
	}
	say("%d clients walk for %v", l.settings.clients, l.walk)
	l.record.walks = time.Now()
	if err := l.look(ctx, l.walk+l.rest); err != nil {
		return err
	}
	t, err := l.ask("end")
	if err != nil {
		return err
	}
	l.record.print(os.Stdout, t)
	return errors.Join(l.once(ctx), l.record.verdict(t))
}

// move has a zone moved by an operator's order.
func (l *lab) move(ctx context.Context, zone, from, to int) error {
	_, err := ground.Run(ctx, runDir+"/parley", "migrate", "--socket", l.hosts[from].socket(), zoneName(zone), l.hosts[to].name)
	return err
}

// look takes samples for a time.
func (l *lab) look(ctx context.Context, d time.Duration) error {
	end := time.NewTimer(d)
	defer end.Stop()
	ticks := time.NewTicker(5 * time.Second)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end.C:
			return l.sample(ctx)
		case <-ticks.C:
			if err := l.sample(ctx); err != nil {
				return err
			}
		}
	}
}

func (l *lab) sample(ctx context.Context) error {
	s := sample{at: time.Now()}
	for _, h := range l.hosts {
		status, err := h.client().Status(ctx)
		if err != nil {
			return fmt.Errorf("the status of %s: %w", h.name, err)
		}
		l.record.take(h, l.hosts, status, &s)
	}
	t, err := l.ask("count")
	if err != nil {
		return err
	}
	l.record.samples = append(l.record.samples, s)
	say("%s; %d moves, %d messages, %d connections broken", s, len(l.record.moves), t.Messages, t.Broken)
	return nil
}

// once holds that every zone runs on exactly one host.
func (l *lab) once(ctx context.Context) error {
	seen := ""
	err := ground.Until(ctx, 30*time.Second, "every zone runs on one host", func() (bool, error) {
		at := map[int][]string{}
		for _, h := range l.hosts {
			status, err := h.client().Status(ctx)
			if err != nil {
				return false, err
			}
			for _, g := range status.Guests {
				if zone, is := zoneOf(g.Name); is {
					at[zone] = append(at[zone], h.name)
				}
			}
		}
		for zone := range l.side * l.side {
			if len(at[zone]) != 1 {
				seen = fmt.Sprintf("zone %d: %v", zone, at[zone])
				return false, nil // it may be moving
			}
		}
		return true, nil
	})
	if err != nil {
		return fmt.Errorf("%w (%s)", err, seen)
	}
	return nil
}

// logs prints the end of what the agents have written.
func (l *lab) logs() {
	for _, h := range l.hosts {
		text, err := os.ReadFile(filepath.Join(h.dir, "agent.log"))
		if err == nil && len(text) > 0 {
			fmt.Printf("--- %s\n%s\n", h.name, text[max(0, len(text)-4000):])
		}
	}
}

// close ends everything, and leaves nothing.
func (l *lab) close() error {
	if l.clients != nil && l.clients.Process != nil {
		_ = l.clients.Process.Kill() // it may have ended
		_ = l.clients.Wait()
	}
	if l.lock == nil {
		return nil
	}
	var err error
	for _, h := range l.hosts {
		if h.ended != nil {
			err = errors.Join(err, h.empty(context.Background()))
		}
	}
	for _, h := range l.hosts {
		h.stop()
	}
	return errors.Join(err, cleanUp(l.settings.hosts), l.lock.Close())
}
