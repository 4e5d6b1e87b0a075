package peer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// pingModel is a caller that sends two numbers and waits for their echoes, and an echo
// for each conversation.
const pingModel = `
r(caller, initial).
a(caller, C) ::
    one(1) => a(echo, E) then
    (
        (one(1) <= a(echo, E) then two(2) => a(echo, E) then
            (two(2) <= a(echo, E) or null <- failed(E) or null <- timeout(60)))
        or
        (null <- failed(E, Reason) and k(lost(Reason)))
        or
        (null <- timeout(60))
    )
a(echo, E) ::
    one(X) <= a(caller, C) then one(X) => a(caller, C) then
    (
        (two(Y) <= a(caller, C) then two(Y) => a(caller, C))
        or (null <- failed(C)) or (null <- timeout(60))
    )
`

// net is a world of peers in virtual time: frames wait in a queue that a test reorders,
// drops and duplicates.
type net struct {
	t     *testing.T
	now   lcc.Instant
	peers map[lcc.PeerID]*node
	order []*node
	queue []flying
	log   []string
}

type node struct {
	id    lcc.PeerID
	core  *Core
	alarm lcc.Instant
}

type flying struct {
	from, to lcc.PeerID
	frame    Frame
	advert   *Advert
}

func newNet(t *testing.T, ids ...lcc.PeerID) (*net, *lcc.Model) {
	t.Helper()
	model, diagnostics := lcc.Compile("ping", []byte(pingModel), nil)
	if model == nil {
		t.Fatal(diagnostics)
	}
	n := &net{t: t, now: 1, peers: map[lcc.PeerID]*node{}}
	for _, id := range ids {
		n.add(id, 1)
	}
	return n, model
}

func (n *net) add(id lcc.PeerID, incarnation uint64) *node {
	n.t.Helper()
	core, err := New(Options{Self: id, Incarnation: incarnation, World: lcc.EmptyWorld{}, Records: true})
	if err != nil {
		n.t.Fatal(err)
	}
	p := &node{id: id, core: core}
	if old := n.peers[id]; old != nil {
		for i := range n.order {
			if n.order[i] == old {
				n.order[i] = p
			}
		}
	} else {
		n.order = append(n.order, p)
	}
	n.peers[id] = p
	return p
}

func (n *net) step(id lcc.PeerID, ev Event) {
	n.t.Helper()
	p := n.peers[id]
	effects, err := p.core.Step(n.now, ev)
	if err != nil {
		n.t.Fatalf("%s: %v", id, err)
	}
	for _, effect := range effects {
		switch e := effect.(type) {
		case Transmit:
			// Encoded frames are sent, as on a network.
			data, err := EncodeFrame(e.Frame)
			if err != nil {
				n.t.Fatal(err)
			}
			frame, err := DecodeFrame(data)
			if err != nil {
				n.t.Fatal(err)
			}
			n.queue = append(n.queue, flying{from: id, to: e.To, frame: frame})
		case Publish:
			for _, other := range n.order {
				if other.id != id {
					n.queue = append(n.queue, flying{from: id, to: other.id, advert: &e.Advert})
				}
			}
		case Alarm:
			p.alarm = e.At
		case Record:
			if e.Record.Kind == lcc.RecordSend || e.Record.Kind == lcc.RecordReceive {
				n.log = append(n.log, fmt.Sprintf("%s %s %s", id, e.Record.Kind, e.Record.Term))
			}
		case Finish:
			n.log = append(n.log, fmt.Sprintf("%s ended %s", id, e.Finish.Reason.Code))
		}
	}
}

// deliver delivers the frame at an index of the queue.
func (n *net) deliver(at int) {
	n.t.Helper()
	f := n.queue[at]
	n.queue = append(n.queue[:at:at], n.queue[at+1:]...)
	if f.advert != nil {
		n.step(f.to, Heard{*f.advert})
		return
	}
	n.step(f.to, Arrived{From: f.from, Frame: f.frame})
}

func (n *net) settle() {
	n.t.Helper()
	for steps := 0; len(n.queue) > 0; steps++ {
		if steps > 10_000 {
			n.t.Fatal("the peers do not come to rest")
		}
		n.deliver(0)
	}
}

// pass lets time pass in small steps and delivers everything in between.
func (n *net) pass(d time.Duration) {
	n.t.Helper()
	for end := n.now + lcc.Instant(d); n.now < end; {
		n.now = min(end, n.now+lcc.Instant(100*time.Millisecond))
		for _, p := range n.order {
			if p.alarm != 0 && p.alarm <= n.now {
				p.alarm = 0
				n.step(p.id, Woken{})
			}
		}
		n.settle()
	}
}

func (n *net) has(want ...string) {
	n.t.Helper()
	log := strings.Join(n.log, "\n")
	for _, line := range want {
		if !strings.Contains(log, line) {
			n.t.Errorf("got\n%s\nwant a line %q", log, line)
		}
	}
}

func enactPing(n *net, model *lcc.Model) {
	n.t.Helper()
	n.step("bob", Enact{Model: model, Subscribe: []string{"echo"}})
	n.settle()
	n.step("alice", Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("caller")}}})
}

func TestConversation(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	enactPing(n, model)
	n.settle()
	n.has("alice receive two(2)", "alice ended done", "bob ended done")
}

// TestWaitsForPlayer: without a player of the role the send waits; an advert releases
// it.
func TestWaitsForPlayer(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	n.step("alice", Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("caller")}}})
	n.settle()
	if len(n.log) != 0 {
		t.Errorf("got %v before anybody plays echo, want nothing", n.log)
	}
	n.step("bob", Enact{Model: model, Subscribe: []string{"echo"}})
	n.settle()
	n.has("alice ended done")
}

// TestDuplicate: a frame that arrives twice is taken once.
func TestDuplicate(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	enactPing(n, model)
	for len(n.queue) > 0 {
		if n.queue[0].frame.Message != nil {
			n.queue = append(n.queue[:1:1], n.queue...)
			n.deliver(0)
		}
		n.deliver(0)
	}
	n.has("alice ended done")
	for _, line := range []string{"bob receive one(1)", "bob receive two(2)", "alice receive one(1)", "alice receive two(2)"} {
		if got := strings.Count(strings.Join(n.log, "\n"), line); got != 1 {
			t.Errorf("%s: got %d times, want 1", line, got)
		}
	}
}

// TestLostMessage: a lost message counts as not delivered after the timeout.
func TestLostMessage(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	enactPing(n, model)
	for i := range n.queue {
		if n.queue[i].frame.Message != nil {
			n.queue = append(n.queue[:i:i], n.queue[i+1:]...)
			break
		}
	}
	n.pass(7 * time.Second)
	n.has("alice ended done")
	if strings.Contains(strings.Join(n.log, "\n"), "bob receive") {
		t.Errorf("got %v: the message was lost", n.log)
	}
}

// TestOtherModel: a peer that does not enact the model says so at once.
func TestOtherModel(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	enactPing(n, model)
	n.step("bob", Withdraw{Model: model.Digest()})
	n.settle()
	n.has("alice ended done")
}

// TestRefusedRole: a role is refused for as long as the model is enacted.
func TestRefusedRole(t *testing.T) {
	n, model := newNet(t, "alice", "bob", "carl")
	n.step("bob", Enact{Model: model, Subscribe: []string{"echo"}, Refuse: []string{"echo"}})
	n.step("alice", Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("caller")}}})
	n.settle()
	n.has("bob ended refused")
	if got := len(n.log); got != 1 {
		t.Errorf("got %v, want nothing but the refusal: nobody plays the role", n.log)
	}
	n.step("bob", Enact{Model: model, Refuse: []string{"echo", "echo"}})
	for _, refuse := range [][]string{nil, {"caller"}, {"echo", "caller"}} {
		if _, err := n.peers["bob"].core.Step(n.now, Enact{Model: model, Refuse: refuse}); err == nil {
			t.Errorf("enacted again refusing %v: got no error, want one", refuse)
		}
	}
	n.step("carl", Enact{Model: model, Subscribe: []string{"echo"}})
	n.settle()
	n.has("alice ended done", "carl ended done")
}

// TestForgedSender: a frame with another peer's id is refused and counted.
func TestForgedSender(t *testing.T) {
	n, model := newNet(t, "alice", "bob", "eve")
	enactPing(n, model)
	for i := range n.queue {
		if n.queue[i].frame.Message != nil {
			n.queue[i].from = "eve"
		}
	}
	n.settle()
	if strings.Contains(strings.Join(n.log, "\n"), "bob receive") {
		t.Errorf("got %v: the sender was forged", n.log)
	}
	if got := n.peers["bob"].core.Refused(); got != 1 {
		t.Errorf("refused: got %d, want 1", got)
	}
}

// TestSuspicion: a peer that misses three adverts is suspected and not chosen; when it
// is heard again, it is.
func TestSuspicion(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	n.step("bob", Enact{Model: model, Subscribe: []string{"echo"}})
	n.settle()
	known := func() Known {
		for _, k := range n.peers["alice"].core.Known() {
			if k.Peer == "bob" {
				return k
			}
		}
		t.Fatal("alice does not know bob")
		return Known{}
	}
	bobAlarm := n.peers["bob"].alarm
	n.peers["bob"].alarm = 0 // it stands still
	n.pass(14 * time.Second)
	if known().Suspected {
		t.Error("suspected before three adverts were missed")
	}
	n.pass(5 * time.Second)
	if !known().Suspected {
		t.Error("not suspected after three adverts were missed")
	}
	n.peers["bob"].alarm = bobAlarm
	n.pass(time.Second)
	if known().Suspected {
		t.Error("still suspected after it was heard")
	}
}

// TestOwnPause: a peer that paused itself suspects nobody.
func TestOwnPause(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	n.step("bob", Enact{Model: model, Subscribe: []string{"echo"}})
	n.settle()
	n.now += lcc.Instant(time.Minute)
	n.step("alice", Woken{})
	for _, k := range n.peers["alice"].core.Known() {
		if k.Suspected {
			t.Errorf("%s is suspected by a peer that stood still itself", k.Peer)
		}
	}
}

// TestRestart: a partner that restarted has forgotten the conversation; an agent that
// waits for it is notified.
func TestRestart(t *testing.T) {
	n, model := newNet(t, "alice", "bob")
	enactPing(n, model)
	for !strings.Contains(strings.Join(n.log, "\n"), "bob receive one(1)") {
		n.deliver(0)
	}
	n.queue = nil
	n.add("bob", 2)
	n.step("bob", Enact{Model: model, Subscribe: []string{"echo"}})
	n.settle()
	n.has("alice ended done")
}

// TestRevival: an agent that fails because of another peer's message is restarted after
// a while, so that one message cannot exclude a peer.
func TestRevival(t *testing.T) {
	model, diagnostics := lcc.Compile("count", []byte(`
r(counter, initial).
r(caller, necessary).
a(counter, C) :: (add(X) <= a(caller, P) then null <- Y is X + 1 then sum(Y) => a(caller, P) then a(counter, C)) or (null <- timeout(1000))
a(caller, P) :: add(W) => a(counter, C) then (sum(_) <= a(counter, C) or null <- failed(C) or null <- timeout(60))
`), nil)
	if model == nil {
		t.Fatal(diagnostics)
	}
	n, _ := newNet(t, "alice", "bob")
	call := func(value lcc.Term) {
		n.step("alice", Enact{Model: model, Start: []lcc.Start{{
			Role: lcc.Atom("caller"), Given: []lcc.Given{{Variable: "W", Value: value}},
		}}})
		n.settle()
	}
	n.step("bob", Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("counter")}}})
	n.settle()
	call(lcc.Atom("rubbish"))
	n.has("bob ended type", "alice ended done")
	n.log = nil
	n.pass(7 * time.Second)
	call(lcc.Int(1))
	n.has("alice receive sum(2)", "alice ended done")
}

// TestAnyNetwork: whatever the network does, every agent ends, and each message is
// taken at most once and in order.
func TestAnyNetwork(t *testing.T) {
	for seed := range 100 {
		n, model := newNet(t, "alice", "bob")
		enactPing(n, model)
		chance := uint64(seed)*2654435761 + 1
		draw := func(n int) int {
			chance = chance*6364136223846793005 + 1442695040888963407
			return int(chance>>33) % n
		}
		for steps := 0; len(n.queue) > 0 && steps < 1000; steps++ {
			at := draw(len(n.queue))
			switch draw(6) {
			case 0:
				n.queue = append(n.queue[:at:at], n.queue[at+1:]...)
			case 1:
				n.queue = append(n.queue, n.queue[at])
			default:
				n.deliver(at)
			}
		}
		n.pass(3 * time.Minute)
		log := strings.Join(n.log, "\n")
		if !strings.Contains(log, "alice ended done") {
			t.Errorf("seed %d: alice has not ended:\n%s", seed, log)
		}
		for _, line := range []string{"receive one(1)", "receive two(2)"} {
			if strings.Count(log, "bob "+line) > 1 || strings.Count(log, "alice "+line) > 1 {
				t.Errorf("seed %d: taken twice:\n%s", seed, log)
			}
		}
	}
}

func FuzzDecodeFrame(f *testing.F) {
	for _, frame := range []Frame{
		{Incarnation: 1, Receipt: &Receipt{Message: lcc.MessageID{Peer: "a", Agent: 1, Seq: 2}}},
		{Incarnation: 1, Host: &Host{Payload: []byte("x")}},
		{Incarnation: 1, Message: &lcc.Message{
			ID: lcc.MessageID{Peer: "a", Agent: 1, Seq: 1}, From: lcc.Party{Peer: "a", Agent: 1, Role: lcc.Atom("r")},
			To: lcc.Party{Peer: "b", Role: lcc.Atom("s")}, Body: lcc.List(lcc.Int(1), lcc.String("x")),
		}},
	} {
		data, err := EncodeFrame(frame)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := DecodeFrame(data)
		if err != nil {
			return
		}
		if _, err := EncodeFrame(frame); err != nil {
			t.Errorf("a frame that was decoded is not encoded: %v", err)
		}
	})
}
