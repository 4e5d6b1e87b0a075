package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize/english"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/service"
	"parley/lcc"
)

// demoView prints and counts what happens. The hosts report from their loops, so show
// only records, and watch prints.
type demoView struct {
	out   io.Writer
	began time.Time
	names map[string]string // of peers, by id; complete before the hosts start

	mu    sync.Mutex
	lines []string
	last  time.Time // when something happened
	count demoCount
	ended []agentFailure
	open  map[hostagent.DealID]bool
	over  string // why it ended before it was steady; "": it was
	rush  demoRush

	before  []demand        // of each host, at the start
	resting map[string]bool // roles that wait for a time and for nothing else
	drawn   string          // the loads and roles that were drawn last
}

// demoCount has the counts of the summary.
type demoCount struct{ messages, moved, refused, failed int }

// agentFailure is how agents of the policy failed in a role.
type agentFailure struct {
	role, reason string
	times        int
}

func newDemoView(out io.Writer) *demoView {
	return &demoView{out: out, began: time.Now(), names: map[string]string{}, open: map[hostagent.DealID]bool{}, last: time.Now()}
}

func (v *demoView) name(id, name string) { v.names[id] = name }

// named is the name of a peer: a policy may send to one that is no host of the demo.
func (v *demoView) named(id lcc.PeerID) string {
	if name, ok := v.names[string(id)]; ok {
		return name
	}
	return string(id)
}

// show records an occurrence; the hosts' loops call it.
func (v *demoView) show(host string, o service.Occurrence) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if o.Story != nil {
		v.showDeal(host, *o.Story)
		return
	}
	if o.Failed != nil {
		v.showFailed(host, o.Failed.Finish)
		return
	}
	r := o.Record.Record
	if r.Kind != lcc.RecordSend {
		return
	}
	v.last = time.Now()
	v.count.messages++
	functor, args, _ := lcc.Name(r.Term)
	if functor == "refuse" {
		v.count.refused++
	}
	if v.rush.note(host, v.named(r.Peer), r, len(v.names), v.last); v.rush.found == nil {
		v.say("%s => %s: %s", host, v.named(r.Peer), brief(functor, args))
	}
}

// showFailed counts a failed agent. Agents that failed are started again and fail the
// same way: the first of each kind gets a line.
func (v *demoView) showFailed(host string, f lcc.Finish) {
	role, reason := f.Role.String(), f.Reason.String()
	at := slices.IndexFunc(v.ended, func(e agentFailure) bool { return e.role == role && e.reason == reason })
	if at < 0 {
		at = len(v.ended)
		v.ended = append(v.ended, agentFailure{role: role, reason: reason})
		v.say("%s: the agent in role %s ended: %s", host, role, reason)
	}
	v.ended[at].times++
}

// failures is an error that says which agents of the policy ended, and why.
func (v *demoView) failures() error {
	var list []error
	for _, e := range v.ended {
		list = append(list, fmt.Errorf("the agent in role %s ended %s: %s", e.role, english.Plural(e.times, "time", ""), e.reason))
	}
	return errors.Join(list...)
}

// brief shortens a message: it omits what only machines read.
func brief(functor string, args []lcc.Term) string {
	if len(args) == 0 {
		return functor
	}
	var parts []string
	for _, arg := range args {
		switch name, inner, _ := lcc.Name(arg); {
		case name == "deal" && len(inner) == 3:
			parts = append(parts, "deal "+trimQuotes(inner[0].String())[:4])
		case name == "need" && len(inner) == 2:
			cores, _ := inner[0].(lcc.Float)
			parts = append(parts, fmt.Sprintf("%.2f cores and %s MiB", float64(cores), inner[1]))
		default:
			if f, ok := arg.(lcc.Float); ok {
				parts = append(parts, fmt.Sprintf("%.2f", float64(f)))
				continue
			}
			parts = append(parts, trimQuotes(arg.String()))
		}
	}
	return functor + "(" + strings.Join(parts, ", ") + ")"
}

func trimQuotes(text string) string { return strings.Trim(text, `"`) }

func (v *demoView) showDeal(host string, s hostagent.DealChanged) {
	v.last = time.Now()
	key := s.Deal
	if s.Side == hostagent.TargetSide {
		key = "target " + s.Deal
	}
	switch s.State {
	case hostagent.Done, hostagent.Aborted, hostagent.Expired, hostagent.Refused, hostagent.Stuck:
		delete(v.open, key)
	default:
		v.open[key] = true
	}
	target := v.names[string(s.Target)]
	switch {
	case s.Side == hostagent.TargetSide && s.State == hostagent.Expired:
		v.count.refused++
		v.say("%s frees the room reserved for %s: %s", host, s.Guest, s.Reason)
	case s.Side == hostagent.TargetSide:
	case s.State == hostagent.Moving:
		v.say("%s -> %s: %s migrates", host, target, s.Name)
	case s.State == hostagent.Done:
		v.count.moved++
		v.say("%s -> %s: %s has moved: %v on real hosts, downtime %v", host, target, s.Name,
			s.Migrated.Total.Round(time.Millisecond), s.Migrated.Downtime.Round(time.Millisecond))
	case s.State == hostagent.Refused:
		v.count.refused++
		v.say("%s: %s stays: %s", host, s.Name, s.Reason)
	case s.State == hostagent.Aborted, s.State == hostagent.Stuck:
		v.count.failed++
		v.say("%s: the move of %s failed: %s", host, s.Name, s.Reason)
	}
}

// say queues a line; the caller holds the lock.
func (v *demoView) say(format string, args ...any) {
	v.lines = append(v.lines, oneLine(fmt.Sprintf("%6.2fs  ", time.Since(v.began).Seconds())+fmt.Sprintf(format, args...)))
}

// begin records and draws the state at the start: no agent runs yet.
func (v *demoView) begin(ctx context.Context, hosts []*demoHost, o demoOptions) (err error) {
	fmt.Fprintf(v.out, "%d hosts of %d cores and %d GiB, %d guests, policy %s, seed %d\n"+
		"Migrations run %d times as fast as on real hosts: at their end stands what they take there.\n",
		o.hosts, demoCores, demoMemory>>30, o.guests, o.policy, o.seed, demoSpeedup)
	v.began = time.Now()
	if v.before, err = demands(ctx, hosts); err != nil {
		return err
	}
	v.draw("at the start", hosts, v.before, nil)
	return nil
}

// watch prints what happens until the site is quiet or the limit is reached.
func (v *demoView) watch(ctx context.Context, hosts []*demoHost, limit time.Duration) error {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	picture := time.Now()
	for {
		select {
		case <-ctx.Done():
			v.over = "interrupted"
			return ctx.Err()
		case <-ticker.C:
		}
		v.flush()
		v.mu.Lock()
		quiet := time.Since(v.last)
		steady, rush := quiet > demoQuiet && len(v.open) == 0, v.rush.found
		v.mu.Unlock()
		if rush != nil {
			v.over = "a host sends without a pause"
			return rush
		}
		if steady && quiet < demoRestMost {
			rests, err := v.rests(ctx, hosts)
			if err != nil {
				return err
			}
			steady = !rests
		}
		over := time.Since(v.began) > limit
		switch {
		case steady || over:
			if !steady {
				v.over = fmt.Sprintf("--limit %v was over", limit)
			}
			return v.picture(ctx, hosts, "at the end")
		case time.Since(picture) > 8*time.Second:
			if err := v.picture(ctx, hosts, "now"); err != nil {
				return err
			}
			picture = time.Now()
		}
	}
}

// rests says whether a host plays a role in which it waits for a time, and will then act
// again.
func (v *demoView) rests(ctx context.Context, hosts []*demoHost) (bool, error) {
	for _, h := range hosts {
		s, err := h.agent.Status(ctx)
		if err != nil {
			return false, err
		}
		for _, m := range s.Policy.Models {
			for _, role := range m.Roles {
				if name, _, _ := strings.Cut(role, "("); v.resting[name] {
					return true, nil
				}
			}
		}
	}
	return false, nil
}

// inFlight counts the deals that have not ended; the caller holds the lock.
func (v *demoView) inFlight() (n int) {
	for deal := range v.open {
		if !strings.HasPrefix(string(deal), "target ") {
			n++
		}
	}
	return n
}

func (v *demoView) flush() {
	v.mu.Lock()
	lines := v.lines
	v.lines = nil
	v.mu.Unlock()
	for _, line := range lines {
		fmt.Fprintln(v.out, line)
	}
}

// picture draws the load and the roles of every host.
func (v *demoView) picture(ctx context.Context, hosts []*demoHost, when string) error {
	loads, err := demands(ctx, hosts)
	if err != nil {
		return err
	}
	var roles []string
	for _, h := range hosts {
		s, err := h.agent.Status(ctx)
		if err != nil {
			return err
		}
		roles = append(roles, playing(v.out, s))
	}
	v.draw(when, hosts, loads, roles)
	return nil
}

// draw prints a line for each host; at the start the hosts play no roles yet.
func (v *demoView) draw(when string, hosts []*demoHost, loads []demand, roles []string) {
	var rows strings.Builder
	for i, d := range loads {
		fmt.Fprintf(&rows, "  %s %s %3.0f %%  cpu %3.0f %%  memory %3.0f %%  %s", hosts[i].name,
			bar(d.load(), demoBar(v.out)), 100*d.load(), 100*d.cpu, 100*d.memory, guestsText(d.guests))
		if roles != nil {
			rows.WriteString("  " + roles[i])
		}
		rows.WriteString("\n")
	}
	if rows.String() == v.drawn {
		fmt.Fprintf(v.out, "Load %s: as above\n\n", when)
		return
	}
	v.drawn = rows.String()
	writePainted(v.out, fmt.Sprintf("\nLoad %s (spread %.3f):\n%s\n", when, spread(loads), rows.String()))
}

// guestsText is a number of guests, as wide for one as for more.
func guestsText(n int) string {
	if n == 1 {
		return " 1 guest "
	}
	return fmt.Sprintf("%2d guests", n)
}

func playing(out io.Writer, s api.Status) string {
	var names []string
	for _, m := range s.Policy.Models {
		for _, role := range m.Roles {
			name, _, _ := strings.Cut(role, "(")
			names = append(names, name)
		}
	}
	return verdicts(names).paint(out)
}

// demoBar is how wide the bars are: as wide as the terminal leaves room for.
func demoBar(out io.Writer) int {
	const most, least, others = 40, 10, 63
	width := widthOf(out)
	if width == 0 {
		return most
	}
	return min(most, max(least, width-others))
}

// bar draws a share from 0 to 1 in a number of columns.
func bar(share float64, width int) string {
	n := min(width, max(0, int(math.Round(share*float64(width)))))
	return strings.Repeat("█", n) + strings.Repeat("·", width-n)
}

// summary reads the platforms directly, not what the agents report.
func (v *demoView) summary(hosts []*demoHost) error {
	v.flush()
	after, err := demands(context.Background(), hosts)
	if err != nil {
		return err
	}
	guests := map[hostagent.GuestID]int{}
	for _, h := range hosts {
		seen, err := h.platform.Observe(context.Background())
		if err != nil {
			return err
		}
		for _, g := range seen.Guests {
			if g.State == hostagent.Running {
				guests[g.ID]++
			}
		}
	}
	for id, n := range guests {
		if n != 1 {
			return fmt.Errorf("guest %s runs on %d hosts: this is a bug of Parley", id, n)
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	fmt.Fprintf(v.out, "Spread of load     %.3f before, %.3f after (standard deviation of the hosts' load)\n", spread(v.before), spread(after))
	fmt.Fprintf(v.out, "Highest load       %.0f %% before, %.0f %% after\n", 100*highest(v.before), 100*highest(after))
	fmt.Fprintf(v.out, "Hosts with guests  %d before, %d after, of %d\n", occupied(v.before), occupied(after), len(hosts))
	fmt.Fprintf(v.out, "Guests             %d, each on one host\n", len(guests))
	fmt.Fprintf(v.out, "Migrations         %d\n", v.count.moved)
	fmt.Fprintf(v.out, "Messages           %d\n", v.count.messages)
	fmt.Fprintf(v.out, "Refused deals      %d\n", v.count.refused)
	fmt.Fprintf(v.out, "Failed deals       %d\n", v.count.failed)
	fmt.Fprintf(v.out, "Time               %.1f s\n", time.Since(v.began).Seconds())
	if v.over != "" {
		fmt.Fprintf(v.out, "Not steady yet: %s, with %s in flight\n", v.over, english.Plural(v.inFlight(), "deal", ""))
	}
	return v.failures()
}
