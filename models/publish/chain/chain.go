package chain

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// Follower follows one publisher's chain. It is not safe for concurrent use.
type Follower struct {
	o       Options
	started bool
	turn    *turn

	// The accepted and wanted state (state.go), and its consequences.
	state   state
	head    head
	damaged string  // the fault of the stored state
	keep    keeping // keep.go

	intake intake // advance.go

	// Peers to ask.
	peers   *peers
	pulls   pulls
	objects objects
	heart   pulse

	// In force.
	roster   listing
	checks   checks
	switcher switcher
	spread   bool // spread the head, because the operator brought it
	haltsAt  time.Time

	// Measurements (guard.go).
	measured measured

	refusals refusals
}

// Options configure a Follower. All but PullEvery are required.
type Options struct {
	// Anchor is pinned by the host's configuration: nothing before it is ever accepted.
	Anchor bundle.Anchor
	// Self is the peer id of this host.
	Self string
	// Seed is the only random source: for which peer is asked, and when.
	Seed [32]byte
	// Verify reports whether the host with a peer id has signed a text. It is pure.
	Verify func(id string, text, signature []byte) bool
	// Sign signs a text with this host's identity key. It is pure.
	Sign func(text []byte) []byte
	// PullEvery is the interval of requests to a random peer without a known reason; it
	// is jittered. Default 1 min.
	PullEvery time.Duration
}

// skewMost is the tolerated difference between the clocks of honest hosts and
// publishers.
const skewMost = 5 * time.Minute

// New returns a Follower that trusts only the anchor. The error names the invalid
// option.
func New(o Options) (*Follower, error) {
	if err := o.Anchor.Validate(); err != nil {
		return nil, fmt.Errorf("chain: Options.Anchor: %w", err)
	}
	switch {
	case o.Self == "":
		return nil, errors.New("chain: Options.Self is empty: give the host's peer id")
	case o.Verify == nil || o.Sign == nil:
		return nil, errors.New("chain: Options.Verify and Options.Sign are needed: halts are signed")
	case o.PullEvery < 0:
		return nil, fmt.Errorf("chain: Options.PullEvery is %v: give a positive time, or 0 for 1m", o.PullEvery)
	}
	o.PullEvery = cmp.Or(o.PullEvery, time.Minute)
	turn := &turn{chance: rand.NewChaCha8(o.Seed)}
	peers := &peers{turn: turn, known: map[string]*peer{}}
	return &Follower{
		o: o, turn: turn, state: state{Anchor: o.Anchor}, keep: keeping{durable: durable{anchor: o.Anchor}},
		refusals: refusals{turn: turn},
		peers:    peers, pulls: pulls{turn: turn, peers: peers, every: o.PullEvery}, objects: newObjects(turn, peers),
		heart: pulse{turn: turn}, checks: checks{turn, map[bundle.Digest]*check{}}, switcher: switcher{turn: turn},
	}, nil
}

// Step handles one event and returns its effects in order. now is the wall clock, which
// may jump. A non-nil error means a bug of the driver; faulty input from a peer or a
// damaged disk is not an error.
func (f *Follower) Step(now time.Time, ev Event) ([]Effect, error) {
	if _, first := ev.(Started); first == f.started {
		return nil, fmt.Errorf("chain: %T: Started is the first event, and comes once", ev)
	}
	f.turn.out = nil
	f.announce(now)
	if err := f.take(ev); err != nil {
		return nil, err
	}
	f.settle()
	return f.turn.out, nil
}

func (f *Follower) take(ev Event) error {
	switch ev := ev.(type) {
	case Started:
		f.start(ev)
	case Heard:
		f.offered(offer{ev.From, ev.Signed})
	case Handed:
		f.handedIn(ev)
	case Pulled:
		for _, s := range f.pulls.pulled(ev, f.place()) {
			f.intake.enqueue(offer{ev.From, s})
		}
	case Fetched:
		f.fetched(ev)
	case Beat:
		f.beat(ev.From, ev.Heartbeat)
	case Halted:
		f.halted(ev.From, ev.Halt)
	case Peers:
		f.pulls.met(f.peers.set(ev.IDs, f.o.Self))
	case Kept:
		return f.kept(ev)
	case Checked:
		f.checked(ev)
	case Switched:
		return f.switched(ev)
	case Labelled:
		if f.state.setLabels(ev.Labels) {
			f.keep.change()
		}
	case Recheck:
		f.checks.again()
	case Sampled:
		return f.sampled(ev.Sample)
	case Woken:
		f.turn.alarm = time.Time{} // the driver's alarm has fired: set it again
	default:
		return fmt.Errorf("chain: %T is not an event of a chain", ev)
	}
	return nil
}

// settle does everything that is possible now, and computes when to run again.
func (f *Follower) settle() {
	f.turn.next = time.Time{}
	f.advanceReleases()
	f.requestObjects()
	f.adoptRoster()
	f.decidePolicies()
	f.persist()
	f.watchHeartbeat()
	f.switchPolicies()
	f.pulls.seek(f.place())
	if f.turn.next != f.turn.alarm {
		f.turn.alarm = f.turn.next
		f.turn.emit(Alarm{At: f.turn.next})
	}
}

// announce sets the clock. When the clock was set back, deadlines move back with it;
// otherwise they would wait until the wrong time came again.
func (f *Follower) announce(now time.Time) {
	now = now.Round(0).UTC() // without the monotonic part, which does not outlive a process
	back := f.turn.now.Sub(now)
	f.turn.now = now
	if back <= 0 {
		return
	}
	moments := []*time.Time{&f.keep.retry, &f.switcher.after, &f.haltsAt}
	moments = slices.Concat(moments, f.pulls.moments(), f.objects.moments(), f.peers.moments())
	for _, at := range moments {
		if !at.IsZero() {
			*at = at.Add(-back)
		}
	}
}

// latest is the greatest time in use: later ones cannot be encoded as JSON, and Expires
// may be any number.
const latest = 253402300799

// moment converts Unix seconds to a time.
func moment(unix int64) time.Time { return time.Unix(min(max(unix, 0), latest), 0).UTC() }

// seconds converts seconds to a duration, at most 100 years.
func seconds(n int64) time.Duration {
	return time.Duration(min(n, 100*365*24*3600)) * time.Second
}
