//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const connections = 16

// tally is what a client has counted: numbers that went out and came back in order, or
// did not.
type tally struct {
	Echoes  int64 `json:"echoes"`
	Broken  int64 `json:"broken"`  // connections that have ended
	Wrong   int64 `json:"wrong"`   // answers that are not the next number
	Missing int64 `json:"missing"` // numbers without an answer at the end
	GapMs   int64 `json:"gap_ms"`  // the longest time between two answers on a connection
}

// runClient counts echoes over connections that it never opens again, until a line comes
// on its input: each line asks for what was counted since the one before.
func runClient(ctx context.Context, where string) error {
	var t tally
	var gap atomic.Int64
	stop := make(chan struct{})
	var work sync.WaitGroup
	for range connections {
		conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp4", where)
		if err != nil {
			return err
		}
		work.Go(func() { echo(conn, stop, &t, &gap) })
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() == "end" {
			break
		}
		said := tally{Echoes: atomic.LoadInt64(&t.Echoes), Broken: atomic.LoadInt64(&t.Broken), Wrong: atomic.LoadInt64(&t.Wrong),
			GapMs: gap.Swap(0)}
		if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
			return err
		}
	}
	close(stop)
	work.Wait()
	t.GapMs = gap.Load()
	return json.NewEncoder(os.Stdout).Encode(t)
}

// echo sends a number every 50 ms, and takes the answers.
func echo(conn net.Conn, stop chan struct{}, t *tally, gap *atomic.Int64) {
	defer conn.Close()
	var sent, got int64
	var sending sync.WaitGroup
	sending.Go(func() {
		ticks := time.NewTicker(50 * time.Millisecond)
		defer ticks.Stop()
		for {
			select {
			case <-stop:
				_ = conn.SetReadDeadline(time.Now().Add(3 * time.Second)) // for the last answers
				return
			case <-ticks.C:
			}
			if _, err := fmt.Fprintf(conn, "%d\n", atomic.AddInt64(&sent, 1)); err != nil {
				return
			}
		}
	})
	lines := bufio.NewScanner(conn)
	last := time.Now()
	for lines.Scan() {
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		if got++; err != nil || n != got {
			atomic.AddInt64(&t.Wrong, 1)
		}
		atomic.AddInt64(&t.Echoes, 1)
		now := time.Now()
		raise(gap, now.Sub(last).Milliseconds())
		last = now
		select {
		case <-stop:
			if got == atomic.LoadInt64(&sent) {
				sending.Wait()
				return
			}
		default:
		}
	}
	sending.Wait()
	if err := lines.Err(); err == nil || err == io.EOF {
		atomic.AddInt64(&t.Broken, 1)
	} else if ne, ok := err.(net.Error); !ok || !ne.Timeout() {
		atomic.AddInt64(&t.Broken, 1)
	}
	atomic.AddInt64(&t.Missing, atomic.LoadInt64(&sent)-got)
}

func raise(most *atomic.Int64, n int64) {
	for {
		old := most.Load()
		if n <= old || most.CompareAndSwap(old, n) {
			return
		}
	}
}
