package process

import (
	"cmp"
	"fmt"
	"os"
	"time"

	"parley/hostagent"
	"parley/hostagent/process/protocol"
)

// guest is what the platform knows of a guest beside its record. supervisor.mu guards it.
type guest struct {
	rec  *record
	turn chan struct{} // held by whoever suspends, moves or stops it

	link     *link         // nil: its program is not connected
	at       protocol.At   // where the program is, with link
	n        int           // the greatest number of a suspension so far
	stands   int           // the number with which its program stands, at AtSuspended
	standing *standing     // in flight
	ready    chan struct{} // closed once a new run waits to be told to begin
	since    time.Time     // begin of this run, or of this agent
	beat     time.Time
	progress float64
	unborn   bool   // it was launched, and its program was never there yet
	missed   bool   // the operator was told
	doubtful bool   // its record may say that it runs, though writing that has failed
	wrong    string // how the program breaks the protocol
	meter    *meter
	total    used // of the runs before

	way       passage
	forgotten bool // it has ended, and is removed with its last process
	ending    bool // what is left of the last run is being killed
	restartAt time.Time
	backoff   time.Duration
	checked   time.Time // the latest checkpoint, or the latest that failed
}

// passage is what a move has of a guest beside its record.
type passage struct {
	leaving  *leaving  // its sockets, of a move away from here
	arriving *arriving // its sockets, of a move to here
	ahead    ahead     // its state that has come before it stood
	sent     *os.File  // its state that has gone ahead; used with its turn only
	// handshakes are those in flight, of a move away from here; used with its turn only.
	handshakes *handshakes
	touched    bool // its sockets may be frozen and its port cut: see thaw
}

func newGuest(r *record, now time.Time) *guest {
	g := &guest{rec: r, turn: make(chan struct{}, 1), ready: make(chan struct{}), since: now, progress: -1}
	if r.Checkpoint != nil {
		g.n = r.Checkpoint.N
	}
	return g
}

// began begins a new run.
func (g *guest) began(p *supervisor, id identity) {
	g.since, g.beat, g.missed, g.wrong, g.progress = p.now(), time.Time{}, false, "", -1
	g.ready = make(chan struct{})
	g.meter = newMeter(id.PID, p.groups.of(g.rec.ID))
}

// isReady says that the program of the new run waits. It may say so on several
// connections.
func (g *guest) isReady() {
	select {
	case <-g.ready:
	default:
		close(g.ready)
	}
}

// over ends the account of a run.
func (g *guest) over() {
	if g.meter != nil {
		g.total = g.used()
		g.total.memory = 0
		g.meter.close()
		g.meter = nil
	}
	if g.link != nil {
		g.link.close()
		g.link = nil
	}
	if g.standing != nil {
		g.standing.fail(fmt.Errorf("the program has ended"))
		g.standing = nil
	}
}

// used is what the guest has used so far on this host.
func (g *guest) used() used {
	if g.meter == nil {
		return g.total
	}
	now := g.meter.read()
	now.cpu += g.total.cpu
	now.instructions.N += g.total.instructions.N
	return now
}

// whyNot says in words why the guest cannot be moved; "" if it can.
func (g *guest) whyNot() string {
	switch {
	case g.rec.State == suspended:
		return "an operator has suspended it: `parley process resume` lets it continue"
	case g.rec.State != running:
		return "it does not run"
	case g.wrong != "":
		return "its program breaks the protocol: " + g.wrong
	case g.link == nil:
		return "its program is not connected to its supervisor"
	}
	return ""
}

// why says what an operator has to know of a guest.
func (g *guest) why() string {
	switch {
	case g.rec.State.ended():
		return g.rec.Why
	case !g.restartAt.IsZero():
		return cmp.Or(g.rec.Why, "its program has ended") + "; it is started again soon"
	case g.wrong != "":
		return "it breaks the protocol: " + g.wrong
	case g.rec.State == running && g.missed:
		return "no beat since " + latest(g.beat, g.since).Format(time.TimeOnly)
	}
	return ""
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (g *guest) shown() hostagent.Guest {
	now := g.used()
	s := g.rec.Spec
	shown := hostagent.Guest{
		ID: g.rec.ID, Kind: hostagent.Process, Name: s.Name, State: hostagent.Running, Declared: s.Need, CPUTime: now.cpu,
		MemoryBytes: max(now.memory, 1), Ineligible: g.whyNot(), Fault: g.why(), MovedAt: s.MovedAt, Needs: needs(s), Rules: s.Rules,
		Instructions: now.instructions, Networks: networksOf(s),
	}
	switch g.rec.State {
	case suspended:
		shown.State = hostagent.Paused
	case incoming:
		shown.State, shown.Ineligible, shown.Fault = hostagent.Incoming, "", ""
	case frozen:
		shown.Leaving, shown.Ineligible = true, ""
	}
	return shown
}

// needs is what a host must offer for a guest.
func needs(s spec) []string { return []string{"program=" + s.Program} }

// networksOf are the bridges that a host must have for a guest.
func networksOf(s spec) []string {
	if s.Network == nil {
		return nil
	}
	return []string{s.Network.Bridge}
}

// launched is the guest for its operator.
func (g *guest) launched() hostagent.Launched {
	now, r := g.used(), g.rec
	l := hostagent.Launched{
		ID: r.ID, Name: r.Spec.Name, Program: r.Spec.Program, Args: r.Spec.Args, PID: r.Process.PID, Code: r.Code, Why: g.why(),
		EndedAt: r.EndedAt, Beat: g.beat,
		Progress: g.progress, Restarts: r.Restarts, CPUTime: now.cpu, Memory: now.memory, Instructions: now.instructions,
	}
	if r.Checkpoint != nil {
		l.Checkpoint = r.Checkpoint.At
	}
	l.State = map[state]hostagent.LaunchState{
		running: hostagent.LaunchRunning, suspended: hostagent.LaunchSuspended, frozen: hostagent.LaunchMoving,
		incoming: hostagent.LaunchMoving, done: hostagent.LaunchDone, failed: hostagent.LaunchFailed, stopped: hostagent.LaunchStopped,
	}[r.State]
	return l
}
