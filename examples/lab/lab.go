//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/examples/ground"
	"parley/hostagent"
	"parley/lcc"
	"parley/models"
)

// lab is a running laboratory.
type lab struct {
	hosts     []*host
	guests    []guestSpec
	memoryMiB int // that each host declares
	image     image
	program   string // parley
	engines   engines
	client    *process
	lock      *os.File // held while it runs
}

// options is the size of a laboratory.
type options struct {
	hosts, guests int
	kinds         bool // of all kinds, one of each
}

// Each guest burns little: for as long as the laboratory stands, the tests beside it have the
// processors. What moves guests is their memory, of which each is this share of a host's: a
// host has room for all six, power_saving fills one with three or four, and two are so few that
// a host gives them away.
// TestKinds has guests that move for the CPU that they use.
const (
	guestCPU   = 0.02
	guestShare = 0.16
)

// say reports progress to a person.
func say(format string, args ...any) {
	fmt.Printf("%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}

// moduleRoot is the directory of go.mod, searched upwards from the working directory.
func moduleRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for at := dir; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
	}
	return dir
}

// claim makes this machine that of a laboratory: with the packages that it needs, alone,
// and without what an earlier one has left. close ends that.
func (l *lab) claim(ctx context.Context) (err error) {
	if os.Geteuid() != 0 {
		return errors.New("the laboratory makes network namespaces and runs libvirtd: start it as root, with `sudo make lab`")
	}
	if err := install(ctx); err != nil {
		return err
	}
	if l.lock, err = lock(ctx); err != nil {
		return err
	}
	// A killed run may have left something.
	if err := cleanUp(ctx); err != nil {
		return errors.Join(fmt.Errorf("clean up after an earlier laboratory: %w", err), l.lock.Close())
	}
	if err := os.MkdirAll(runDir, 0o755); err != nil {
		return errors.Join(err, l.lock.Close())
	}
	return nil
}

// open builds a laboratory of hosts with a libvirtd each. close takes it down.
func open(ctx context.Context, o options) (_ *lab, err error) {
	if o.hosts < 2 || o.hosts > 20 || o.guests < 1 || o.guests > 50 {
		return nil, fmt.Errorf("%d hosts and %d guests: from 2 to 20 and from 1 to 50", o.hosts, o.guests)
	}
	l := &lab{program: filepath.Join(runDir, "parley")}
	if err := l.claim(ctx); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close())
		}
	}()
	say("building")
	if err := ground.Build(ctx, l.program, "parley/cmd/parley"); err != nil {
		return nil, err
	}
	if l.image, err = buildImage(ctx, runDir); err != nil {
		return nil, err
	}
	if o.kinds {
		if l.engines, err = findEngines(ctx); err != nil {
			return nil, err
		}
	}
	say("starting %d hosts", o.hosts)
	if err := buildFabric(ctx); err != nil {
		return nil, err
	}
	for i := range o.hosts {
		h, err := newHost(ctx, i+1)
		if err != nil {
			return nil, err
		}
		l.hosts = append(l.hosts, h)
	}
	// In parallel: each daemon probes its QEMU's capabilities for seconds.
	var daemons errgroup.Group
	for _, h := range l.hosts {
		daemons.Go(func() error { return h.startDaemon(ctx) })
	}
	if err := daemons.Wait(); err != nil {
		return nil, err
	}
	return l, nil
}

// populate starts the guests, all on the first host, and the echo client.
func (l *lab) populate(ctx context.Context, guests int) error {
	say("starting %d guests on %s", guests, l.hosts[0].name)
	for i := range guests {
		g := newGuest(i+1, guestCPU)
		l.guests = append(l.guests, g)
		if err := l.hosts[0].define(ctx, g, l.image, g.uuid); err != nil {
			return err
		}
		if _, err := l.hosts[0].virsh(ctx, "start", g.name); err != nil {
			return err
		}
	}
	l.memoryMiB = int(math.Round(memoryKiB / guestShare / 1024))
	return l.begin(ctx)
}

// begin starts the client and waits until every guest echoes.
func (l *lab) begin(ctx context.Context) error {
	for _, g := range l.guests {
		if g.address == "" {
			continue
		}
		if err := answers(ctx, g); err != nil {
			return err
		}
	}
	if err := l.startClient(); err != nil {
		return err
	}
	return ground.Until(ctx, 30*time.Second, "every guest echoes", func() (bool, error) {
		return l.noneLost() == nil, nil
	})
}

// answers waits until a guest has started its program.
func answers(ctx context.Context, g guestSpec) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return ground.Until(ctx, 2*time.Minute, "guest "+g.name+" answers", func() (bool, error) {
		_, err := ground.Run(ctx, "ip", "netns", "exec", fabric, self, "probe", g.address+":7")
		return err == nil, nil
	})
}

// close takes the laboratory down.
func (l *lab) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for _, h := range l.hosts {
		h.agent.stop()
	}
	l.client.stop()
	return errors.Join(cleanUp(ctx), l.lock.Close())
}

// quiet is how long nothing may happen before a state counts as steady: longer than a
// guest's cool-down and the timeouts of the policies.
const quiet = 20 * time.Second

// steady waits until no deal is in flight, the state is as the policy wants it, and
// nothing has happened for quiet.
func (l *lab) steady(ctx context.Context, limit time.Duration, since time.Time,
	content func(loads []float64, guests []int) error) ([]dealt, error) {
	var deals []dealt
	var why error
	last, count := time.Now(), 0
	err := ground.Until(ctx, limit, "the hosts are content", func() (bool, error) {
		list, inFlight, err := l.deals(ctx, since)
		if err != nil {
			return false, err
		}
		deals = list
		loads, guests, known, err := l.loads(ctx)
		if err != nil {
			return false, err
		}
		why = errors.New("a load is not known")
		if known {
			why = content(loads, guests)
		}
		if len(list) != count || inFlight > 0 || why != nil {
			count, last = len(list), time.Now()
		}
		return time.Since(last) > quiet, nil
	})
	if err == nil {
		return deals, nil
	}
	if why != nil {
		err = fmt.Errorf("%w: %w", err, why)
	}
	return deals, errors.Join(err, shows(ctx, l, deals)) // what there is to see says why
}

// even returns an error if the hosts are not within agility's bounds: it tolerates a
// difference of a pair that is less than the gap, or less than a guest plus half of the
// gap.
func even(loads []float64, guests []int) error {
	gap, err := parameter("agility", "gap")
	if err != nil {
		return err
	}
	bound := max(gap, guestSize(loads, guests)+gap/2)
	if apart := slices.Max(loads) - slices.Min(loads); apart > bound {
		return fmt.Errorf("the loads differ by %.2f, more than %.2f", apart, bound)
	}
	return nil
}

// packed returns an error if the guests are on more hosts than power_saving's bound
// allows.
func packed(loads []float64, guests []int) error {
	full, err := parameter("power_saving", "full")
	if err != nil {
		return err
	}
	used, all := 0, 0
	for i, load := range loads {
		all += guests[i]
		if guests[i] > 0 {
			used++
		}
		if load > full+0.1 {
			return fmt.Errorf("a host has a load of %.2f, more than %.2f", load, full)
		}
	}
	// This many fit on any host.
	fit := max(1, int(full/guestSize(loads, guests)))
	if least := (all + fit - 1) / fit; used > least {
		return fmt.Errorf("the guests stand on %d hosts, %d would do", used, least)
	}
	return nil
}

// guestSize is the most that a guest adds to the load of a host: the guests are equal,
// apart from noise of the machine.
func guestSize(loads []float64, guests []int) float64 {
	sum, all := 0.0, 0
	for i, load := range loads {
		sum += load
		all += guests[i]
	}
	return 1.2 * sum / float64(max(1, all))
}

// parameter reads a number from the head of a shipped policy.
func parameter(model, name string) (float64, error) {
	text, _ := models.Text(model)
	m, _ := lcc.Compile(model, text, hostagent.Vocabulary())
	if m == nil {
		return 0, fmt.Errorf("the shipped model %s does not compile", model)
	}
	for _, fact := range m.Facts(name, 1) {
		switch value := fact[0].(type) {
		case lcc.Float:
			return float64(value), nil
		case lcc.Int:
			return float64(value), nil
		}
	}
	return 0, fmt.Errorf("the shipped model %s has no parameter %s", model, name)
}

func sortDeals(list []dealt) {
	sort.SliceStable(list, func(i, j int) bool { return list[i].At.Before(list[j].At) })
}
