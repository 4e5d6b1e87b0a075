//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if handled, err := helper(ctx, os.Args[1:]); handled {
		exit(err)
	}
	var o options
	var policy string
	var keep bool
	var chaos, bench int
	var seed uint64
	flag.IntVar(&o.hosts, "hosts", 3, "number of hosts")
	flag.IntVar(&o.guests, "guests", 6, "how many guests, all on the first host at the start")
	flag.StringVar(&policy, "policy", "", "agility or power_saving alone; otherwise one after the other")
	flag.BoolVar(&keep, "keep", false, "leave everything standing until the next laboratory")
	flag.IntVar(&chaos, "chaos", 0, "instead: kill something at a random moment of this many migrations")
	flag.Uint64Var(&seed, "seed", 1, "of the random moments")
	flag.IntVar(&bench, "bench", 0, "instead: compare this many migrations through deals with as many by virsh")
	flag.Parse()
	switch {
	case chaos > 0:
		exit(showChaos(ctx, chaos, seed))
	case bench > 0:
		exit(showBench(ctx, bench))
	}
	exit(show(ctx, o, policy, keep))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// helper handles the calls by which the laboratory runs itself inside the fabric.
func helper(ctx context.Context, args []string) (handled bool, err error) {
	switch {
	case len(args) >= 2 && args[0] == clientArg:
		return true, runClient(ctx, args[1], args[2:])
	case len(args) == 2 && args[0] == "probe":
		conn, err := net.DialTimeout("tcp4", args[1], time.Second)
		if err == nil {
			err = conn.Close()
		}
		return true, err
	}
	return false, nil
}

// show spreads the guests with agility and packs them with power_saving.
func show(ctx context.Context, o options, policy string, keep bool) (err error) {
	l, err := open(ctx, o)
	if err != nil {
		return err
	}
	if !keep {
		defer func() { err = errors.Join(err, l.close()) }()
	}
	if err := l.populate(ctx, o.guests); err != nil {
		return err
	}
	steps := []step{spreading, packing}
	switch policy {
	case "":
	case "agility":
		steps = steps[:1]
	case "power_saving":
		// Without a spread there is nothing to pack.
	default:
		return fmt.Errorf("--policy %s: agility or power_saving", policy)
	}
	for _, s := range steps {
		if err := l.perform(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// step is a policy, and the state that it must reach.
type step struct {
	title   string
	policy  string
	content func([]float64, []int) error
}

var (
	spreading      = step{"agility spreads the guests", "agility", even}
	spreadingKinds = step{"agility spreads a virtual machine, a container and a process", "agility", apart}
	packing        = step{"power_saving packs them again", "power_saving", packed}
)

// settles is how long a site may take until it is steady: some minutes on a machine that
// has nothing else to do, and longer beside other work.
const settles = 10 * time.Minute

// perform enacts a policy until the site is steady in that state, and shows what
// happened.
func (l *lab) perform(ctx context.Context, s step) error {
	say("%s", s.title)
	since := time.Now()
	if err := l.enact(ctx, settings{policy: s.policy}); err != nil {
		return err
	}
	deals, err := l.steady(ctx, settles, since, s.content)
	if err != nil {
		return err
	}
	if err := shows(ctx, l, deals); err != nil {
		return err
	}
	if len(deals) == 0 {
		return errors.New("no deal was struck")
	}
	return errors.Join(l.exactlyOnce(ctx), l.noneLost())
}

// shows prints the deals and where the guests are.
func shows(ctx context.Context, l *lab, deals []dealt) error {
	if err := l.report(os.Stdout, deals); err != nil {
		return err
	}
	loads, guests, _, err := l.loads(ctx)
	if err != nil {
		return err
	}
	l.picture(os.Stdout, loads, guests)
	return nil
}
