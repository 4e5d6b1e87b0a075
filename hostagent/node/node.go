package node

import (
	"fmt"
	"math/rand/v2"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

// Node is a host as one state machine. It is not safe for concurrent use: one
// goroutine owns it.
type Node struct {
	peer *peer.Core
	host *hostagent.Core

	acts        map[hostagent.ActID]pendingAct
	lastAct     hostagent.ActID
	outsiders   outsiders
	incarnation uint64 // of this run, in all frames

	peerAlarm, hostAlarm lcc.Instant // 0: none
	saidAlarm            lcc.Instant // the last alarm that the driver got

	queue []event // of the Step in progress: kept, since most Steps have one event
	left  []event // what an earlier Step has left to do
}

// pendingAct remembers which model waits for an action of the host.
type pendingAct struct {
	model   lcc.Digest
	request lcc.RequestID
}

// Options say who the node is. Self is the peer id, which is the host's id as
// well. Incarnation distinguishes this run of the process from earlier ones (Unix
// nanoseconds of its start). Seed is the only source of chance.
type Options struct {
	Self        lcc.PeerID
	Incarnation uint64
	Seed        [32]byte
	// Host and Peer are the settings of the two cores; their Self, Incarnation,
	// Seed and World are filled in by New.
	Host   hostagent.Config
	Peer   peer.Options
	Signer hostagent.Signer // of the ledger; nil: nothing is signed
	// BeginsAtOnce is that of hostagent.Options.
	BeginsAtOnce int
}

// Effect is what the driver does for the node: exactly one of its fields is set. Of the
// two cores it is peer.Transmit, peer.Publish, peer.Finish, peer.Record, peer.Misbehaved,
// peer.Incarnation, peer.Meet; hostagent.Journal, hostagent.Admit, hostagent.StartMove,
// hostagent.AbortMove, hostagent.Signed, hostagent.Observe, hostagent.LookFor,
// hostagent.DealChanged, hostagent.OrderDone, hostagent.Misbehaved or
// hostagent.ConfigRefused.
type Effect struct {
	Peer  peer.Effect
	Host  hostagent.Effect
	Alarm *Alarm
}

// event waits to be handed to a core: exactly one of its fields is set.
type event struct {
	peer peer.Event
	host hostagent.Event
}

// Alarm asks for Wake at the instant; it replaces an earlier one; 0 means
// that none is needed.
type Alarm struct{ At lcc.Instant }

// exchangesMax and exchangeSteps bound what the two cores say to each other within one
// Step, in events and in the reductions of the engines that they cost. A negotiation
// needs a handful; a model that acts in a circle would never end. The rest
// follows in a later Step, after exchangeRest at the latest.
const (
	exchangesMax  = 128
	exchangeSteps = 20_000
	exchangeRest  = lcc.Instant(4_000_000)
)

// New returns an idle node: nothing is enacted, nothing was observed.
func New(o Options) (*Node, error) {
	if o.Self == "" {
		return nil, fmt.Errorf("node: Options.Self is empty: give the peer id")
	}
	// Each core gets its own stream of chance, so that one drawing more
	// often does not change what the other draws.
	chance := rand.NewChaCha8(o.Seed)
	host, err := hostagent.New(hostagent.Options{Self: hostagent.HostID(o.Self), Seed: split(chance), Config: o.Host, Signer: o.Signer,
		BeginsAtOnce: o.BeginsAtOnce})
	if err != nil {
		return nil, err
	}
	o.Peer.Self, o.Peer.Incarnation, o.Peer.Seed, o.Peer.World = o.Self, o.Incarnation, split(chance), host
	p, err := peer.New(o.Peer)
	if err != nil {
		return nil, err
	}
	return &Node{peer: p, host: host, acts: map[hostagent.ActID]pendingAct{}, incarnation: o.Incarnation}, nil
}

func split(chance *rand.ChaCha8) (seed [32]byte) {
	// ChaCha8.Read never fails.
	_, _ = chance.Read(seed[:])
	return seed
}

// Host and Peer are for looking at a node's state between two Steps.
func (n *Node) Host() *hostagent.Core { return n.host }

// Peer returns the peer's core, to be looked at and not stepped.
func (n *Node) Peer() *peer.Core { return n.peer }

// Recover hands in the records of the journal, oldest first, before the first
// Step. The deals that were in flight are settled by what the first looks at
// the platforms show.
func (n *Node) Recover(now lcc.Instant, records [][]byte) ([]Effect, error) {
	effects, err := n.host.Recover(records)
	if err != nil {
		return nil, err
	}
	s := step{node: n, queue: n.queue[:0]}
	s.fromHost(effects)
	return s.run(now)
}

// StepPeer hands in what happens to the peer and returns what the driver does about it,
// in order. A peer.Link and peer.Outsiders reach the host's core as well; a
// peer.SendFailed reaches the core whose frame it was. A non-nil error means a bug of
// the driver or of a core; the node must not be stepped further.
func (n *Node) StepPeer(now lcc.Instant, ev peer.Event) ([]Effect, error) {
	s := step{node: n, queue: n.queue[:0]}
	switch ev := ev.(type) {
	case peer.Outsiders:
		s.toPeer(ev)
		s.toHost(n.outsiders.setOwners(ev.List))
	case peer.Link:
		s.toPeer(ev)
		s.toHost(hostagent.Reachable{Host: hostagent.HostID(ev.Peer), Up: ev.Up})
	case peer.SendFailed:
		if ev.Frame.Host == nil {
			s.toPeer(ev)
			break
		}
		s.toHost(hostagent.Undelivered{To: hostagent.HostID(ev.To), Payload: ev.Frame.Host.Payload, Reason: ev.Reason})
	default:
		s.toPeer(ev)
	}
	return s.run(now)
}

// StepHost hands in what happens to the host, as StepPeer does for the peer.
func (n *Node) StepHost(now lcc.Instant, ev hostagent.Event) ([]Effect, error) {
	s := step{node: n, queue: n.queue[:0]}
	s.toHost(ev)
	return s.run(now)
}

// Wake says that the instant of an Alarm is reached.
func (n *Node) Wake(now lcc.Instant) ([]Effect, error) {
	s := step{node: n, queue: n.queue[:0]}
	if due(n.peerAlarm, now) {
		n.peerAlarm = 0
		s.toPeer(peer.Woken{})
	}
	if due(n.hostAlarm, now) {
		n.hostAlarm = 0
		s.toHost(hostagent.Woken{})
	}
	n.saidAlarm = 0 // the driver's alarm is spent: say it again
	return s.run(now)
}

func due(alarm, now lcc.Instant) bool { return alarm != 0 && alarm <= now }

// step is one Step in progress: events still to be handed to a core, effects for
// the driver so far.
type step struct {
	node  *Node
	queue []event
	out   []Effect
}

func (s *step) toPeer(ev peer.Event) { s.queue = append(s.queue, event{peer: ev}) }

func (s *step) toHost(ev hostagent.Event) { s.queue = append(s.queue, event{host: ev}) }

func (s *step) run(now lcc.Instant) ([]Effect, error) {
	n := s.node
	defer func() {
		clear(s.queue)
		n.queue = s.queue[:0]
	}()
	began := n.peer.Spent()
	s.queue = append(s.queue, n.left...)
	n.left = n.left[:0]
	for i := 0; i < len(s.queue); i++ {
		if i >= exchangesMax || n.peer.Spent()-began > exchangeSteps {
			n.left = append(n.left, s.queue[i:]...)
			break
		}
		if err := s.hand(now, s.queue[i]); err != nil {
			return s.out, err
		}
	}
	at := earliest(n.peerAlarm, n.hostAlarm)
	if len(n.left) > 0 {
		at = earliest(at, now+exchangeRest)
	}
	if at != n.saidAlarm {
		n.saidAlarm = at
		s.out = append(s.out, Effect{Alarm: &Alarm{At: at}})
	}
	return s.out, nil
}

// hand steps the core that an event is for.
func (s *step) hand(now lcc.Instant, ev event) error {
	if ev.peer != nil {
		effects, err := s.node.peer.Step(now, ev.peer)
		if err != nil {
			return fmt.Errorf("peer core, event %T: %w", ev.peer, err)
		}
		s.fromPeer(effects)
		return nil
	}
	effects, err := s.node.host.Step(now, ev.host)
	if err != nil {
		return fmt.Errorf("host core, event %T: %w", ev.host, err)
	}
	s.fromHost(effects)
	return nil
}

func (s *step) fromPeer(effects []peer.Effect) {
	n := s.node
	for _, effect := range effects {
		switch e := effect.(type) {
		case peer.HostFrame:
			s.toHost(hostagent.Received{From: hostagent.HostID(e.From), Payload: e.Payload})
		case peer.HostTold:
			s.toHost(hostagent.Told{From: hostagent.HostID(e.From), Data: e.Data})
		case peer.Solve:
			n.lastAct++
			n.acts[n.lastAct] = pendingAct{e.Model, e.Request}
			s.toHost(hostagent.Act{ID: n.lastAct, Goal: e.Goal})
		case peer.Alarm:
			n.peerAlarm = e.At
		case peer.Incarnation:
			if n.outsiders.incarnation(e) {
				s.toHost(n.outsiders.list())
			}
			s.out = append(s.out, Effect{Peer: e})
		default:
			s.out = append(s.out, Effect{Peer: e})
		}
	}
}

func (s *step) fromHost(effects []hostagent.Effect) {
	n := s.node
	for _, effect := range effects {
		switch e := effect.(type) {
		case hostagent.Answered:
			who, ok := n.acts[e.ID]
			if !ok {
				continue // the model was withdrawn meanwhile
			}
			delete(n.acts, e.ID)
			s.toPeer(peer.Solved{Model: who.model, Request: who.request, Answer: e.Answer})
		case hostagent.Changed:
			s.toPeer(peer.Changed{Names: e.Names})
		case hostagent.Transmit:
			s.out = append(s.out, Effect{Peer: peer.Transmit{
				To: lcc.PeerID(e.To), Frame: peer.Frame{Incarnation: n.incarnation, Host: &peer.Host{Payload: e.Payload}},
			}})
		case hostagent.Tell:
			s.toPeer(peer.Tell(e))
		case hostagent.Avoid:
			s.toPeer(peer.Avoid{Peer: lcc.PeerID(e.Host), On: e.On})
		case hostagent.Unable:
			s.toPeer(peer.Unable{Action: e.Action, Why: e.Why})
		case hostagent.Alarm:
			n.hostAlarm = e.At
		default:
			s.out = append(s.out, Effect{Host: e})
		}
	}
}

func earliest(a, b lcc.Instant) lcc.Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
