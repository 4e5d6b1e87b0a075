//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// answersWithin is how long a client waits before it calls a connection broken.
const answersWithin = 10 * time.Second

// walker is a client: it says where it is, and walks from zone to zone.
type walker struct {
	crowd *crowd
	name  string
	way   way
	pad   string // a message has 256 to 512 bytes

	zone   int
	conn   net.Conn // nil: not connected
	in     *bufio.Reader
	number int // of messages to this zone
}

// run walks until the end. Clients begin at different times within a tick.
func (w *walker) run(ctx context.Context, after time.Duration) {
	ticks := time.NewTimer(after)
	defer ticks.Stop()
	for next := time.Now().Add(after); ; {
		select {
		case <-ctx.Done():
			if w.conn != nil {
				_ = w.conn.Close() // the zone sees it go
			}
			return
		case <-ticks.C:
		}
		w.step(ctx)
		next = next.Add(every)
		if late := time.Since(next); late > 0 {
			next = next.Add(late.Truncate(every)) // what it could not say it does not say later
		}
		ticks.Reset(time.Until(next))
	}
}

// step is one message and its answer.
func (w *walker) step(ctx context.Context) {
	at := w.way.at(w.crowd.part(time.Now()))
	zone := at.zone(w.crowd.side)
	if w.conn != nil && zone != w.zone {
		_ = w.conn.Close() // it leaves this zone
		w.conn = nil
	}
	if w.conn == nil {
		if !w.enter(ctx, zone) {
			return
		}
	}
	w.number++
	asked := time.Now()
	err := w.conn.SetDeadline(asked.Add(answersWithin))
	if err == nil {
		_, err = fmt.Fprintf(w.conn, "%s %d %.4f %.4f %s\n", w.name, w.number, at.x, at.y, w.pad)
	}
	answer := ""
	if err == nil {
		answer, err = w.in.ReadString('\n')
	}
	if err != nil {
		if ctx.Err() == nil {
			w.crowd.failed(fmt.Errorf("%s in zone %d: %w", w.name, zone, err))
		}
		_ = w.conn.Close()
		w.conn = nil
		return
	}
	w.crowd.answered(zone, asked, time.Since(asked))
	if want := fmt.Sprintf("%d %d", w.number, w.number); answer != want+"\n" && !strings.HasPrefix(answer, want+" ") {
		w.crowd.wrong.Add(1)
		w.crowd.mark(fmt.Errorf("%s in zone %d: %w: got %.80q, want %s", w.name, zone, errAnswer, answer, want))
	}
}

// enter connects to a zone.
func (w *walker) enter(ctx context.Context, zone int) bool {
	bounded, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(bounded, "tcp", fmt.Sprintf(w.crowd.pattern, zone+1))
	if err != nil {
		if ctx.Err() == nil {
			w.crowd.failed(fmt.Errorf("%s enters zone %d: %w", w.name, zone, err))
		}
		return false
	}
	w.conn, w.in, w.zone, w.number = conn, bufio.NewReader(conn), zone, 0
	w.crowd.entered.Add(1)
	return true
}
