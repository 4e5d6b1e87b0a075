package hostagent

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"parley/lcc"
)

// TestStories runs testdata/*.txt: deals told step by step. Each
// command prints what happened since the last one. Rewrite them with
//
//	go test ./hostagent -run TestStories -rewrite
//
// and read what changed.
//
//	host NAME cores=N gib=N label=K=V       a host and the first run of its agent
//	guest HOST NAME cores=N gib=N RULE=...  a guest that runs there; rules: pin, ignore,
//	                              priority, label, requires, near, apart; network=NAME
//	run DURATION                  let time pass
//	frames                        from now on messages between hosts are shown
//	set KEY=DURATION ...          latency, sync, look, begin, move, overlap
//	reserve HOST GUEST from=HOST [cores=N] [gib=N]
//	migrate HOST GUEST to=HOST    by the deal that was offered last
//	order HOST move GUEST [to=HOST] [force]
//	order HOST drain [force] [for=DURATION], undrain [home], pause, resume, forget GUEST
//	order HOST foresee [GUEST] [to=HOST] [force]  what a move or a drain would do
//	hold HOST [WHY...]            models begin no deal there, for a reason; without: they may
//	roster HOST [H[:K=V]]...      what the signed roster says of the others; none: there is none
//	quiet HOST                    is a deal of a model under way, and why does none begin?
//	recommend                     hosts that start from now on only recommend
//	allow                         hosts that start from now on admit guests without a deal
//	release HOST                  the deal that was offered last
//	lose KIND N                   lose the next N messages of a kind
//	double                        from now on every message comes twice
//	crash HOST, start HOST        its agent
//	blind HOST, see HOST          its platform cannot be seen, can be
//	fail HOST, recover HOST       migrations to it fail half-way, no longer do
//	sick HOST                     its journal fails
//	rogue HOST GUEST to=HOST      a migration that no deal covers
//	unsent HOST to=HOST           its last commit was not delivered
//	end HOST GUEST                its owner ends it there; a move of it fails
//	power HOST                    it loses its power: agent and guests end
//	stays HOST                    which guests its drain cannot move, and why
//	away HOST                     which guests its drains have moved away
//	show                          guests, deals and reservations of each host
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		w := newWorld(t, 1)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			w.t = t
			w.log = nil
			w.describe(d)
			if len(w.log) == 0 {
				return "ok\n"
			}
			return strings.Join(w.log, "\n") + "\n"
		})
	})
}

func (w *world) describe(d *datadriven.TestData) {
	name := func(i int) string {
		if i >= len(d.CmdArgs) {
			d.Fatalf(w.t, "%s: too few arguments", d.Cmd)
		}
		return d.CmdArgs[i].Key
	}
	value := func(key, standard string) string {
		for _, a := range d.CmdArgs {
			if a.Key == key && len(a.Vals) == 1 {
				return a.Vals[0]
			}
		}
		return standard
	}
	number := func(key, standard string) float64 {
		n, err := strconv.ParseFloat(value(key, standard), 64)
		if err != nil {
			d.Fatalf(w.t, "%s: %v", key, err)
		}
		return n
	}
	host := func(i int) *testHost {
		h := w.hosts[HostID(name(i))]
		if h == nil {
			d.Fatalf(w.t, "no host %s", name(i))
		}
		return h
	}
	gib := func() int64 { return int64(number("gib", "1") * (1 << 30)) }
	switch d.Cmd {
	case "host":
		w.config.Labels = nil
		if label := value("label", ""); label != "" {
			w.config.Labels = []string{label}
		}
		h := w.addHost(HostID(name(0)), Resources{CPU: number("cores", "8"), MemoryBytes: gib()})
		if network := value("network", ""); network != "" {
			h.networks = []string{network}
		}
	case "guest":
		id := GuestID(name(1))
		host(0).guests[id] = &testGuest{id: id, state: Running, cores: number("cores", "1"), memory: gib(), counted: w.now, rules: rulesOf(d)}
		if network := value("network", ""); network != "" {
			host(0).guests[id].networks = []string{network}
		}
	case "run":
		w.run(w.duration(name(0)))
	case "frames":
		w.loud = true
	case "set":
		w.set(d)
	case "reserve":
		need := lcc.NewTerm("need", lcc.Float(number("cores", "1")), lcc.Int(gib()/mebibyte))
		w.askTerm(host(0), lcc.NewTerm("reserve", lcc.String(name(1)), need, lcc.String(value("from", "")), &lcc.Var{Name: "D"}))
		w.run(20 * time.Millisecond)
	case "migrate":
		w.askTerm(host(0), lcc.NewTerm("migrate", w.offered, lcc.String(name(1)), lcc.String(value("to", ""))))
	case "allow":
		w.config.Moves.Foreign = true
	case "order":
		w.command(host(0), d)
	case "hold":
		var why []string
		for i := range d.CmdArgs[1:] {
			why = append(why, strings.Trim(name(i+1), `"`))
		}
		w.step(host(0), Suspended{Why: strings.Join(why, " ")})
	case "roster":
		ev := Rostered{Known: len(d.CmdArgs) > 1}
		for _, arg := range d.CmdArgs[1:] {
			other, key, labelled := strings.Cut(arg.Key, ":")
			one := HostLabels{Host: HostID(other)}
			if labelled {
				one.Labels = []string{key + "=" + arg.Vals[0]}
			}
			ev.Hosts = append(ev.Hosts, one)
		}
		w.step(host(0), ev)
	case "quiet":
		w.note("%s: quiet: %v; idle: %q", name(0), host(0).core.Quiet(), host(0).core.Status().Idle)
	case "recommend":
		w.config.Recommend = true
	case "release":
		w.askTerm(host(0), lcc.NewTerm("release", w.offered))
	case "lose":
		n, err := strconv.Atoi(name(1))
		if err != nil {
			d.Fatalf(w.t, "lose: %v", err)
		}
		w.lose[name(0)] = n
	case "double":
		w.duplicate = 1
	case "rogue":
		m := &testMove{source: host(0), target: w.hosts[HostID(value("to", ""))], incarnation: -1, spec: Migration{Guest: GuestID(name(1))}}
		w.moves = append(w.moves, m)
		w.beginMove(m)
		if m.over {
			w.note("refused")
		}
	case "end":
		w.endGuest(host(0), GuestID(name(1)))
	case "unsent":
		for _, deal := range host(0).core.book.sortedDeals() {
			w.step(host(0), Undelivered{To: deal.target, Reason: lcc.Reason{Code: lcc.ReasonUnreachable, Detail: "no route"},
				Payload: encodePayload(payload{Kind: kindCommit, Deal: deal.id})})
		}
	case "stays":
		if why := host(0).core.Settings().WhyEnded(); why.Is() {
			w.note("%s: %s", name(0), why)
		}
		for _, g := range host(0).core.Status().Guests {
			if g.Blocked.Is() {
				w.note("%s: %s: %s", name(0), g.Name, g.Blocked)
			}
			if g.Foreseen.Is() {
				w.note("%s: %s: foreseen: %s", name(0), g.Name, g.Foreseen)
			}
		}
	case "away":
		for _, g := range host(0).core.Status().Away {
			w.note("%s: %s at %s, stays there: %v %s", name(0), g.Name, g.Host, g.Stays, g.Why)
		}
	case "show":
		w.show()
	default:
		w.change(d.Cmd, host(0))
	}
}

func (w *world) change(what string, h *testHost) {
	switch what {
	case "crash":
		w.crash(h)
	case "power":
		w.crash(h)
		for _, g := range h.sorted() {
			w.endGuest(h, g.id)
		}
	case "start":
		w.start(h)
	case "blind", "see":
		h.blind = what == "blind"
	case "fail", "recover":
		h.failing = what == "fail"
	case "sick":
		h.sick = errors.New("no space left on device")
	default:
		w.t.Fatalf("no command %s", what)
	}
}

func (w *world) duration(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *world) set(d *datadriven.TestData) {
	for _, a := range d.CmdArgs {
		target := map[string]*time.Duration{
			"latency": &w.latency, "sync": &w.syncTime, "look": &w.lookTime,
			"begin": &w.beginTime, "move": &w.moveTime, "overlap": &w.overlap,
		}[a.Key]
		if target == nil || len(a.Vals) != 1 {
			d.Fatalf(w.t, "set: no %s", a.Key)
		}
		*target = w.duration(a.Vals[0])
	}
}

func (w *world) show() {
	for _, id := range w.order {
		h := w.hosts[id]
		var parts []string
		for _, g := range h.sorted() {
			parts = append(parts, fmt.Sprintf("%s %s", g.id, g.state))
		}
		if w.up(h) {
			s := h.core.Status()
			for _, d := range s.Deals {
				parts = append(parts, fmt.Sprintf("%s deal about %s %s", d.Side, d.Guest, d.State))
			}
			if s.Reserved != (Resources{}) {
				parts = append(parts, fmt.Sprintf("holds %g cores and %d MiB", s.Reserved.CPU, s.Reserved.MemoryBytes/mebibyte))
			}
		} else {
			parts = append(parts, "agent down")
		}
		w.note("%s: %s", id, strings.Join(parts, "; "))
	}
}

// rulesOf parses the rules of a guest.
func rulesOf(d *datadriven.TestData) (r Rules) {
	for _, a := range d.CmdArgs {
		switch a.Key {
		case "pin":
			r.Pinned = true
		case "ignore":
			r.Ignored = true
		case "priority":
			r.Priority, _ = strconv.Atoi(a.Vals[0]) // an invalid number shows in the story
		case "label":
			r.Labels = a.Vals
		case "requires":
			r.Requires = a.Vals
		case "near":
			r.Near = a.Vals
		case "apart":
			r.Apart = a.Vals
		}
	}
	return r
}

// command gives a host an operator's order.
func (w *world) command(h *testHost, d *datadriven.TestData) {
	settings := h.core.Settings()
	settings.Force = d.HasArg("force")
	var order Order
	switch what := d.CmdArgs[1].Key; what {
	case "move":
		o := MoveGuest{Guest: GuestID(d.CmdArgs[2].Key), Force: settings.Force}
		if d.HasArg("to") {
			d.ScanArgs(w.t, "to", (*string)(&o.Target))
		}
		order = o
	case "drain":
		until := time.Time{}
		if d.HasArg("for") {
			var limit string
			d.ScanArgs(w.t, "for", &limit)
			until = h.core.wall.Add(w.duration(limit))
		}
		order = Set{settings.Draining(d.HasArg("force"), until)}
	case "undrain":
		settings = settings.Undrained()
		if d.HasArg("home") {
			settings = settings.HomeComing()
		}
		order = Set{settings}
	case "foresee":
		o := Foresee{Force: settings.Force}
		if len(d.CmdArgs) > 2 && len(d.CmdArgs[2].Vals) == 0 && d.CmdArgs[2].Key != "force" {
			o.Guest = GuestID(d.CmdArgs[2].Key)
		}
		if d.HasArg("to") {
			d.ScanArgs(w.t, "to", (*string)(&o.Target))
		}
		order = o
	case "forget":
		order = Forget{Guest: GuestID(d.CmdArgs[2].Key)}
	case "pause", "resume":
		settings.Paused = what == "pause"
		order = Set{settings}
	}
	h.act++
	w.step(h, Ordered{ID: uint64(h.act), Order: order})
}
