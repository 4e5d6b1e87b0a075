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

// Follower follows one publisher's chain. It is not safe for concurrent use: one
// goroutine owns it.
type Follower struct {
	o       Options
	started bool
	turn    *turn

	// What is believed and wanted (state.go), and what follows from it.
	state   state
	head    head
	damaged string  // what was wrong with what was kept
	keep    keeping // keep.go

	intake intake // advance.go

	// Whom to ask.
	peers   *peers
	pulls   pulls
	objects objects
	heart   pulse

	// What is in force.
	roster   listing
	checks   checks
	switcher switcher
	spread   bool // the head, because the operator brought it
	haltsAt  time.Time

	// What is measured (guard.go).
	measured measured

	refusals refusals
}

// Options say whom a Follower follows and for whom. All but PullEvery are needed.
type Options struct {
	// Anchor is what the host's configuration pins: nothing behind it is ever believed.
	Anchor bundle.Anchor
	// Self is the peer id of this host.
	Self string
	// Seed is the only source of chance: which peer is asked, and when.
	Seed [32]byte
	// Verify says whether the host with a peer id has signed a text. It is pure.
	Verify func(id string, text, signature []byte) bool
	// Sign signs a text with this host's identity key. It is pure.
	Sign func(text []byte) []byte
	// PullEvery is how often some peer is asked for news although none was heard of;
	// it is jittered. Default 1 min.
	PullEvery time.Duration
}

// skewMost is how far clocks of honest hosts and publishers may be apart.
const skewMost = 5 * time.Minute

// New returns a Follower that believes the anchor and nothing more. The error names
// the option that makes no sense.
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

// Step hands in one event and returns what the driver does about it, in order. now is
// the wall clock, which may jump. A non-nil error means a bug of the driver; nothing
// that a peer sends, and no damage on disk, is one.
func (f *Follower) Step(now time.Time, ev Event) ([]Effect, error) {
	if _, first := ev.(Started); first == f.started {
		return nil, fmt.Errorf("chain: %T: Started is the first event, and comes once", ev)
	}
	f.turn.out = nil
	f.tell(now)
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
		f.turn.alarm = time.Time{} // the driver's is spent: say it again
	default:
		return fmt.Errorf("chain: %T is not an event of a chain", ev)
	}
	return nil
}

// settle does all that can be done now, and says when it is to be looked at again.
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

// tell sets the clock. Where it was set back, what waits for a moment waits as long
// as it would have: else it would wait until the wrong time came again.
func (f *Follower) tell(now time.Time) {
	now = now.Round(0).UTC() // without its monotonic part, which a process does not outlive
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

// latest is the last moment that a time is given for: later ones cannot be written
// as JSON, and Expires may be any number.
const latest = 253402300799

// moment returns the time of a number of Unix seconds.
func moment(unix int64) time.Time { return time.Unix(min(max(unix, 0), latest), 0).UTC() }

// seconds returns a number of seconds as a duration, at most 100 years.
func seconds(n int64) time.Duration {
	return time.Duration(min(n, 100*365*24*3600)) * time.Second
}
