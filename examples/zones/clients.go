//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	every     = 50 * time.Millisecond // a message of each client: 20 a second
	slowest   = 10_000                // ms that are told apart
	slotsMost = 3600                  // seconds of a run
)

// tally is what the clients have counted since they began.
type tally struct {
	Messages int64 `json:"messages"`
	Wrong    int64 `json:"wrong"`   // answers that do not count every message once
	Broken   int64 `json:"broken"`  // connections that ended, or could not be made
	Entered  int64 `json:"entered"` // zones, by their own steps
	// Median, Late and Slowest are answer times: of half, of 999 in 1,000, of all; in ms.
	Median  int    `json:"median_ms"`
	Late    int    `json:"late_ms"`
	Slowest int    `json:"slowest_ms"`
	Error   string `json:"error,omitempty"` // the first
	// Waited is the slowest answer of each zone to a message of each second, in ms.
	Began  time.Time `json:"began"`
	Now    time.Time `json:"now"`
	Waited [][]int   `json:"waited,omitempty"`
}

// crowd is all clients.
type crowd struct {
	side    int
	pattern string // of the addresses of zones
	walk    time.Duration
	began   time.Time
	walking atomic.Int64 // since when, in Unix nanoseconds; 0: not yet

	messages, wrong, broken, entered atomic.Int64
	times                            [slowest + 1]atomic.Int64 // answers by their time in ms

	mu     sync.Mutex
	first  error
	waited [][]int
}

// serveClients is the process of the clients. Each line of its standard input is an order: walk,
// count, or end; what they have counted is the answer, after end with all of it.
func serveClients(ctx context.Context, args []string) error {
	c := &crowd{began: time.Now()}
	flags := flag.NewFlagSet("clients", flag.ContinueOnError)
	count := flags.Int("count", 1, "how many")
	flags.IntVar(&c.side, "side", 10, "zones each way")
	flags.StringVar(&c.pattern, "zones", "", "addresses of zones, with %d for the number")
	flags.DurationVar(&c.walk, "walk", time.Minute, "how long they walk")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c.waited = make([][]int, c.side*c.side)
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	for i := range *count {
		w := &walker{crowd: c, name: fmt.Sprintf("c%d", i), way: wayOf(i, float64(c.side)), pad: strings.Repeat("x", 230+i%256)}
		all.Go(func() { w.run(ctx, every*time.Duration(i)/time.Duration(*count)) })
	}
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		if orders.Text() == "walk" {
			c.walking.Store(time.Now().UnixNano())
		}
		if err := json.NewEncoder(os.Stdout).Encode(c.tally(orders.Text() == "end")); err != nil {
			return err
		}
	}
	return orders.Err()
}

// part is how much of the way is behind the clients.
func (c *crowd) part(now time.Time) float64 {
	since := c.walking.Load()
	if since == 0 {
		return 0
	}
	return float64(now.UnixNano()-since) / float64(c.walk)
}

// answered counts an answer of a zone.
func (c *crowd) answered(zone int, asked time.Time, took time.Duration) {
	ms := int(min(took.Milliseconds(), slowest))
	c.messages.Add(1)
	c.times[ms].Add(1)
	slot := int(min(asked.Sub(c.began)/time.Second, slotsMost))
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.waited[zone]) <= slot {
		c.waited[zone] = append(c.waited[zone], 0)
	}
	c.waited[zone][slot] = max(c.waited[zone][slot], ms)
}

// failed counts a connection that has ended, or could not be made.
func (c *crowd) failed(err error) {
	c.broken.Add(1)
	fmt.Fprintf(os.Stderr, "%s  a connection is broken: %v\n", time.Now().Format(time.TimeOnly), err)
	c.mark(err)
}

// mark keeps the first of all errors.
func (c *crowd) mark(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == nil {
		c.first = err
	}
}

func (c *crowd) tally(all bool) tally {
	t := tally{Messages: c.messages.Load(), Wrong: c.wrong.Load(), Broken: c.broken.Load(), Entered: c.entered.Load(),
		Began: c.began, Now: time.Now()}
	var sum, total int64
	for i := range c.times {
		total += c.times[i].Load()
	}
	for i := range c.times {
		n := c.times[i].Load()
		if n == 0 {
			continue
		}
		if sum < total/2 {
			t.Median = i
		}
		if sum < total-total/1000 {
			t.Late = i
		}
		sum += n
		t.Slowest = i
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first != nil {
		t.Error = c.first.Error()
	}
	if all {
		t.Waited = make([][]int, len(c.waited))
		for i, list := range c.waited {
			t.Waited[i] = append([]int{}, list...)
		}
	}
	return t
}

var errAnswer = errors.New("an answer does not count every message once")
