// Scale runs a site of many hosts in one process, over TCP on the loopback, and
// measures its cost: real agents with a platform in memory and a guest each, one
// publisher, a roster of all. It prints the memory, goroutines, connections and CPU of
// a peer, and the time until every peer can trade, until a policy of 100 kB is active
// everywhere, and until a removed host is cut off everywhere, each with its aim.
// is cut off everywhere. What was to be reached stands beside it.
// All agents share the machine's processors, so times are longer than on separate
// hosts; it prints the number of processors.
// hosts; how many processors there are is said.
//
//	go run -tags libvirt_dlopen ./examples/scale
//	go run -tags libvirt_dlopen ./examples/scale -peers 200 -groups 32
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

type options struct {
	peers    int
	groups   []int // for each run, the largest size of a group
	idle     time.Duration
	releases int
	within   time.Duration
	dir      string
}

func main() {
	o := options{groups: []int{128, 32}}
	flag.IntVar(&o.peers, "peers", 100, "agents")
	flag.Func("groups", "the most hosts of a group, for each run (default 128,32)", func(text string) (err error) {
		o.groups, err = numbers(text)
		return err
	})
	flag.DurationVar(&o.idle, "idle", 20*time.Second, "how long the CPU of the idle site is measured")
	flag.IntVar(&o.releases, "releases", 3, "policies that are published one after the other; the median and the worst count")
	flag.DurationVar(&o.within, "within", 5*time.Minute, "give up what takes longer")
	flag.StringVar(&o.dir, "dir", "", "where the agents keep their files (default: a temporary directory)")
	flag.Parse()
	// A hundred agents share one heap here; in production each collects only its own, a
	// hundredth of it.
	debug.SetGCPercent(400)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func numbers(text string) (list []int, err error) {
	for one := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(one)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

func (o options) run(ctx context.Context, out io.Writer) error {
	if o.peers < 3 || o.releases < 1 || o.idle <= 0 || o.within <= 0 {
		return errors.New("give at least 3 peers, 1 release, and positive times")
	}
	var runs []*figures
	for _, most := range o.groups {
		f, err := o.measure(ctx, most)
		if err != nil {
			return fmt.Errorf("groups of at most %d: %w", most, err)
		}
		runs = append(runs, f)
	}
	return show(out, o, runs)
}

// measure runs one site from its first agent to its end.
func (o options) measure(ctx context.Context, groupMost int) (_ *figures, err error) {
	dir, err := os.MkdirTemp(o.dir, "scale-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f := &figures{}
	before, err := weigh()
	if err != nil {
		return nil, err
	}
	s, err := newSite(dir, o.peers, groupMost)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	s.within = o.within
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"the first roster", func(ctx context.Context) error { return s.trade(ctx, f) }},
		{"idle", func(ctx context.Context) error { return s.rest(ctx, f, before, o.idle) }},
		{"policies", func(ctx context.Context) error { return s.publishAll(ctx, f, o.releases) }},
		{"a host that is removed", func(ctx context.Context) error { return s.remove(ctx, f) }},
	} {
		began := time.Now()
		if err := step.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
		fmt.Fprintf(os.Stderr, "groups of at most %d, %s: %v\n", groupMost, step.name, time.Since(began).Round(100*time.Millisecond))
	}
	return f, nil
}
