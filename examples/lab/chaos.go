//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"parley/examples/ground"
	"parley/hostagent"
	"parley/hostagent/api"
)

// victim is what is killed during a real migration.
type victim string

const (
	agentOfSource   victim = "agent of the source"
	agentOfTarget   victim = "agent of the target"
	libvirtOfSource victim = "libvirtd of the source"
	libvirtOfTarget victim = "libvirtd of the target"
	guestOfTarget   victim = "QEMU of the target"
	networkBetween  victim = "network of the target"
)

var victims = []victim{agentOfSource, agentOfTarget, libvirtOfSource, libvirtOfTarget, guestOfTarget, networkBetween}

// trial is what is killed in a move of a guest of a kind.
type trial struct {
	kind hostagent.Kind
	victim
}

// trials are those of the kinds of some guests.
func trials(guests []guestSpec) (list []trial) {
	for _, kind := range []hostagent.Kind{hostagent.VM, hostagent.Container, hostagent.Process} {
		if !slices.ContainsFunc(guests, func(g guestSpec) bool { return g.kind.Known() == kind }) {
			continue
		}
		for _, v := range victims {
			if kind == hostagent.VM || v == agentOfSource || v == agentOfTarget || v == networkBetween {
				list = append(list, trial{kind, v})
			}
		}
	}
	return list
}

// ending is the result of a round.
type ending struct {
	trial
	outcome string        // moved, stayed or lost; and whether a person had to help
	state   string        // of the deal, at its source
	rest    time.Duration // from the kill until nothing was in flight
}

const (
	// chaosBandwidth makes a migration last some seconds.
	chaosBandwidth = 9 << 20
	// restWithin bounds the time until hosts are idle: an unattended move is
	// observed for two minutes, at most twice.
	restWithin = 6 * time.Minute
)

// chaosWithin is the time after the order within which something may be killed: the
// move, its switch and some time after it.
var chaosWithin = map[hostagent.Kind]time.Duration{
	hostagent.VM: 12 * time.Second, hostagent.Container: 3 * time.Second, hostagent.Process: 200 * time.Millisecond,
}

// chaos moves guests, one after the other, and kills something at a random moment of
// each move. Afterwards each guest runs exactly once, or was lost with its killed QEMU;
// no deal is in flight and no room is reserved.
func (l *lab) chaos(ctx context.Context, rounds int, seed uint64) ([]ending, error) {
	chance := rand.New(rand.NewPCG(seed, 1))
	if err := l.checkArrivals(); err != nil {
		return nil, err
	}
	if err := l.enact(ctx, settings{policy: "agility", recommend: true, paused: true, bandwidthMax: chaosBandwidth}); err != nil {
		return nil, err
	}
	var endings []ending
	trials := trials(l.guests)
	for round := range rounds {
		if err := l.loadsKnown(ctx); err != nil {
			return endings, err
		}
		e, err := l.round(ctx, chance, trials[round%len(trials)])
		if err != nil {
			return endings, fmt.Errorf("round %d of seed %d, %s, %s: %w", round+1, seed, e.kind, e.victim, err)
		}
		say("round %d: %s killed, the %s %s, deal %s, idle after %v", round+1, e.victim, e.kind, e.outcome, e.state,
			e.rest.Round(100*time.Millisecond))
		endings = append(endings, e)
	}
	return endings, nil
}

// round makes one move and one kill.
func (l *lab) round(ctx context.Context, chance *rand.Rand, v trial) (ending, error) {
	e := ending{trial: v}
	where, err := l.everywhere(ctx)
	if err != nil {
		return e, err
	}
	of := slices.DeleteFunc(slices.Clone(l.guests), func(g guestSpec) bool { return g.kind.Known() != v.kind })
	guest := of[chance.IntN(len(of))]
	source := l.named(where[guest.name][0])
	target := l.hosts[chance.IntN(len(l.hosts))]
	for target == source {
		target = l.hosts[chance.IntN(len(l.hosts))]
	}
	since := time.Now()
	ordered := make(chan error, 1)
	go func() {
		ordered <- source.order(ctx, api.Order{Do: "migrate", Guest: guest.name, Host: target.name})
	}()
	pause(ctx, time.Duration(chance.Int64N(int64(chaosWithin[v.kind]))))
	mend, err := l.kill(ctx, v.victim, guest, source, target)
	if err != nil {
		return e, err
	}
	killed := time.Now()
	pause(ctx, time.Duration(chance.Int64N(int64(3*time.Second))))
	if err := mend(ctx); err != nil {
		return e, err
	}
	select {
	case <-ordered: // the result is checked below
	case <-ctx.Done():
		return e, ctx.Err()
	}
	helped := false
	err = l.atRest(ctx, func() {
		if !helped && v.victim == libvirtOfTarget && l.dealState(ctx, source, guest, since) == "stuck" {
			helped = l.help(ctx, guest, source, target)
		}
	})
	if err != nil {
		return e, err
	}
	e.rest = time.Since(killed)
	e.state = l.dealState(ctx, source, guest, since)
	if e.outcome, err = l.becameOf(ctx, guest, source, v.victim); helped {
		e.outcome += " with a person's help"
	}
	return e, errors.Join(err, mixed{l}.containersWhole(), mixed{l}.linesWhole(ctx))
}

// help does what an agent asks a person to do who must check both hosts. A libvirtd
// that was killed and restarted may leave the half of a migration that waited for it:
// that half never ends, and agents end no guest. If the guest runs at its source, help
// kills that half.
func (l *lab) help(ctx context.Context, guest guestSpec, source, target *host) bool {
	if names, err := source.running(ctx); err != nil || !slices.Contains(names, guest.name) {
		return false
	}
	say("%s runs on %s, and what came of its move stands on %s: it is killed there", guest.name, source.name, target.name)
	target.killEmulator(guest)
	return true
}

// killEmulator kills the QEMU of a guest, if there is one.
func (h *host) killEmulator(guest guestSpec) {
	for _, pid := range emulators(h.name) {
		if command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && strings.Contains(string(command), guest.uuid) {
			// It may have ended by itself, which is fine.
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// kill kills something, and returns the function that restores it.
func (l *lab) kill(ctx context.Context, v victim, guest guestSpec, source, target *host) (mend func(context.Context) error, err error) {
	agent := func(h *host) func(context.Context) error {
		h.agent.kill()
		return func(ctx context.Context) error { return l.startAgent(ctx, h) }
	}
	daemon := func(h *host) func(context.Context) error {
		h.daemon.kill()
		return h.startDaemon
	}
	switch v {
	case agentOfSource:
		return agent(source), nil
	case agentOfTarget:
		return agent(target), nil
	case libvirtOfSource:
		return daemon(source), nil
	case libvirtOfTarget:
		return daemon(target), nil
	case guestOfTarget:
		target.killEmulator(guest)
		return func(context.Context) error { return nil }, nil
	}
	link := "ip -n " + fabric + " link set to-" + target.name
	return func(ctx context.Context) error { return ground.RunAll(ctx, link+" up") }, ground.RunAll(ctx, link+" down")
}

// atRest waits until no deal is in flight and no room is reserved; it calls meanwhile
// as long as it waits.
func (l *lab) atRest(ctx context.Context, meanwhile func()) error {
	var open string
	err := ground.Until(ctx, restWithin, "the hosts are idle", func() (bool, error) {
		open = ""
		for _, h := range l.hosts {
			s, err := h.status(ctx)
			switch {
			case err != nil:
				open += fmt.Sprintf("%s: %v; ", h.name, err)
			case s.Platform.Error != "":
				open += fmt.Sprintf("%s: %s; ", h.name, s.Platform.Error)
			case len(s.Deals) > 0 || s.Load.ReservedMemory > 0:
				open += fmt.Sprintf("%s: deals %+v, %d bytes held; ", h.name, s.Deals, s.Load.ReservedMemory)
			}
		}
		if open != "" {
			meanwhile()
		}
		return open == "", nil
	})
	if err != nil {
		return fmt.Errorf("%w: %s", err, open)
	}
	return nil
}

// becameOf returns the state of a guest: it runs exactly once, or is lost because its
// QEMU was killed.
func (l *lab) becameOf(ctx context.Context, guest guestSpec, source *host, v victim) (string, error) {
	where, err := l.everywhere(ctx)
	if err != nil {
		return "", err
	}
	if v == guestOfTarget && len(where[guest.name]) == 0 {
		return "was lost with its QEMU", l.again(ctx, guest)
	}
	if err := l.exactlyOnce(ctx); err != nil {
		return "", err
	}
	if where, err = l.everywhere(ctx); err != nil {
		return "", err
	}
	if where[guest.name][0] == source.name {
		return "stayed", nil
	}
	return "moved", nil
}

// again starts a lost guest, as its owner would.
func (l *lab) again(ctx context.Context, guest guestSpec) error {
	for _, h := range l.hosts {
		// Most hosts do not have it defined.
		_, _ = h.virsh(ctx, "undefine", guest.name)
	}
	if err := l.hosts[0].define(ctx, guest, l.image, guest.uuid); err != nil {
		return err
	}
	if _, err := l.hosts[0].virsh(ctx, "start", guest.name); err != nil {
		return err
	}
	return answers(ctx, guest)
}

// dealState is the final state of a guest's deal at its source.
func (l *lab) dealState(ctx context.Context, source *host, guest guestSpec, since time.Time) string {
	s, err := source.status(ctx)
	if err != nil {
		return "unknown"
	}
	for i := len(s.History) - 1; i >= 0; i-- {
		if d := s.History[i]; d.Side == "source" && d.Name == guest.name && d.At.After(since) {
			return d.State
		}
	}
	return "never begun"
}

func (l *lab) named(name string) *host {
	for _, h := range l.hosts {
		if h.name == name {
			return h
		}
	}
	return nil
}

// pause waits in real time, in which a migration continues.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// printEndings prints the results of the rounds, grouped by kind and by what was killed.
func printEndings(out io.Writer, endings []ending) {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"guest", "killed", "rounds", "it", "deals", "longest until rest"})
	var trials []trial
	for _, e := range endings {
		if !slices.Contains(trials, e.trial) {
			trials = append(trials, e.trial)
		}
	}
	for _, v := range trials {
		outcomes, states, rounds, longest := map[string]int{}, map[string]int{}, 0, time.Duration(0)
		for _, e := range endings {
			if e.trial == v {
				rounds++
				outcomes[e.outcome]++
				states[e.state]++
				longest = max(longest, e.rest)
			}
		}
		t.AppendRow(table.Row{v.kind, v.victim, rounds, counts(outcomes), counts(states), longest.Round(100 * time.Millisecond)})
	}
	t.Render()
}

func counts(of map[string]int) string {
	var parts []string
	for what, n := range of {
		parts = append(parts, fmt.Sprintf("%d %s", n, what))
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// shortChaos kills each kind of victim once.
func (l *lab) shortChaos(ctx context.Context) error {
	endings, err := l.chaos(ctx, len(victims), 1)
	printEndings(os.Stdout, endings)
	return err
}

// showChaos runs it from the command line.
func showChaos(ctx context.Context, rounds int, seed uint64) (err error) {
	o := options{hosts: 3, guests: 3, kinds: true}
	l, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	if err := (mixed{l}).populate(ctx); err != nil {
		return err
	}
	endings, err := l.chaos(ctx, rounds, seed)
	printEndings(os.Stdout, endings)
	return err
}
