//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// echoes are the client's counts for one guest.
type echoes struct {
	Sent, Echoed int
	Broken       string // why the connection broke; "" while it has not
	Gaps         []gap  // longer than gapLeast, in order
}

// gap is a period without an echo.
type gap struct {
	At   time.Time // its end
	Took time.Duration
}

const (
	// An emulated guest takes some 2 ms of a core for an echo; half of gapLeast is
	// often enough to see each gap.
	echoEvery = 50 * time.Millisecond
	gapLeast  = 100 * time.Millisecond
	clientArg = "client"
)

// runClient keeps a connection to each guest (name=address) and sends echoes until it
// is stopped; the file always has the present counts. It is this program again, started
// in the fabric.
func runClient(ctx context.Context, file string, guests []string) error {
	var mu sync.Mutex
	counts := map[string]*echoes{}
	var running sync.WaitGroup
	for _, guest := range guests {
		name, address, ok := strings.Cut(guest, "=")
		if !ok {
			return fmt.Errorf("client: %q is not name=address", guest)
		}
		counts[name] = &echoes{}
		running.Go(func() {
			err := echo(ctx, address, &mu, counts[name])
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				counts[name].Broken = err.Error()
			}
		})
	}
	write := func() error {
		mu.Lock()
		data, err := json.Marshal(counts)
		mu.Unlock()
		if err != nil {
			return err
		}
		if err := os.WriteFile(file+".new", data, 0o644); err != nil {
			return err
		}
		return os.Rename(file+".new", file)
	}
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := write(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
	running.Wait()
	return write()
}

// echo sends numbers and reads them back, one at a time, on one connection. The
// laboratory must never see this connection break.
func echo(ctx context.Context, address string, mu *sync.Mutex, count *echoes) error {
	conn, err := (&net.Dialer{Timeout: 30 * time.Second}).DialContext(ctx, "tcp4", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	ticker := time.NewTicker(echoEvery)
	defer ticker.Stop()
	number, answer := make([]byte, 8), make([]byte, 8)
	last := time.Now()
	for i := uint64(1); ; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		binary.BigEndian.PutUint64(number, i)
		if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
			return err
		}
		if _, err := conn.Write(number); err != nil {
			return err
		}
		mu.Lock()
		count.Sent++
		mu.Unlock()
		if _, err := io.ReadFull(conn, answer); err != nil {
			return err
		}
		if binary.BigEndian.Uint64(answer) != i {
			return errors.New("another echo than what was sent")
		}
		now := time.Now()
		mu.Lock()
		count.Echoed++
		if took := now.Sub(last); took > gapLeast {
			count.Gaps = append(count.Gaps, gap{now, took})
		}
		mu.Unlock()
		last = now
	}
}

// startClient starts the client in the fabric.
func (l *lab) startClient() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args := []string{"ip", "netns", "exec", fabric, self, clientArg, filepath.Join(runDir, "echoes")}
	for _, g := range l.guests {
		if g.address != "" {
			args = append(args, g.name+"="+g.address+":7")
		}
	}
	if l.client, err = start(filepath.Join(runDir, "client.log"), args...); err != nil {
		return err
	}
	return remember(l.client, "client")
}

// echoes reads the present counts of the client.
func (l *lab) echoes() (map[string]echoes, error) {
	data, err := os.ReadFile(filepath.Join(runDir, "echoes"))
	if err != nil {
		return nil, err
	}
	counts := map[string]echoes{}
	return counts, json.Unmarshal(data, &counts)
}

// noneLost returns an error for a guest whose connection broke or lost an echo. One
// echo may be in flight.
func (l *lab) noneLost() error {
	counts, err := l.echoes()
	if err != nil {
		return err
	}
	for _, g := range l.guests {
		if g.address == "" {
			continue
		}
		if err := counts[g.name].whole(g.name); err != nil {
			return err
		}
	}
	return nil
}

// whole returns an error if a connection broke or lost an echo.
func (c echoes) whole(guest string) error {
	if c.Broken != "" || c.Sent-c.Echoed > 1 || c.Echoed == 0 {
		return fmt.Errorf("guest %s: %d echoes of %d came back; %s", guest, c.Echoed, c.Sent, c.Broken)
	}
	return nil
}
