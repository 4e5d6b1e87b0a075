package libp2p

import (
	"crypto/rand"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
	"parley/peer"
)

// questionModel is the shortest negotiation: a question and its answer, each with a
// receipt.
const questionModel = `
r(asking(_), initial).
r(answering, initial).
a(asking(Last), A) ::
    ask(N, room(cpu(2), memory(1024))) => a(answering, B) <- wanted(N) and N > Last and player(answering, B) then
    ( answer(N, yes) <= a(answering, B) or null <- failed(B) or null <- timeout(10) ) then
    a(asking(N), A)
a(answering, B) ::
    ask(N, Need) <= a(asking(_), A) then answer(N, yes) => a(asking(_), A) then a(answering, B)
`

// wanted is a world that wants the next negotiation when it is told to.
type wanted struct{ number atomic.Int64 }

func (w *wanted) Ask(goal lcc.Term) (lcc.Answer, bool) {
	if name, args, _ := lcc.Name(goal); name != "wanted" || len(args) != 1 {
		return lcc.Answer{}, false
	}
	return lcc.Answer{Truth: lcc.True, Solutions: [][]lcc.Term{{lcc.Int(w.number.Load())}}}, true
}

// BenchmarkNegotiation is a negotiation of two cores over a kept link, from the event
// that begins it to the step that has its answer, beside what libp2p itself takes to
// send as many bytes there and back: over a stream that is kept, and over a new one
// for each of the two messages. They run in turns of many, so that what else the
// machine does concerns all.
func BenchmarkNegotiation(b *testing.B) {
	negotiate := negotiation(b)
	from, to := barePair(b)
	kept := bareStream(b, from, to)
	defer kept.Close()
	each := streamEach(b, from, to)
	data := make([]byte, payload)
	const turn = 100
	var ours, stream, streams time.Duration
	timed := func(sum *time.Duration, f func()) {
		began := time.Now()
		for range turn {
			f()
		}
		*sum += time.Since(began)
	}
	for b.Loop() {
		timed(&ours, negotiate)
		timed(&stream, func() { exchange(b, kept, data) })
		timed(&streams, each)
	}
	n := float64(b.N) * turn
	b.ReportMetric(float64(ours)/n, "ns/negotiation")
	b.ReportMetric(float64(stream)/n, "ns/kept-stream")
	b.ReportMetric(float64(streams)/n, "ns/stream-each")
	b.ReportMetric(float64(ours)/float64(stream), "of-kept-stream")
	b.ReportMetric(float64(ours)/float64(streams), "of-stream-each")
}

// streamEach returns what sends a message there and one back, each over a new stream.
func streamEach(b *testing.B, from, to host.Host) func() {
	came := make(chan error, 1)
	for _, h := range []host.Host{from, to} {
		h.SetStreamHandler("/message/1", func(stream network.Stream) {
			_, err := io.ReadFull(stream, make([]byte, payload))
			came <- errors.Join(err, stream.Close())
		})
	}
	if err := to.Connect(b.Context(), p2p.AddrInfo{ID: from.ID()}); err != nil {
		b.Fatal(err)
	}
	send := func(from, to host.Host) {
		stream, err := from.NewStream(b.Context(), to.ID(), "/message/1")
		if err != nil {
			b.Fatal(err)
		}
		_, err = stream.Write(make([]byte, payload))
		if err := errors.Join(err, stream.Close(), <-came); err != nil {
			b.Fatal(err)
		}
	}
	return func() {
		send(from, to)
		send(to, from)
	}
}

// negotiation starts two peers and returns what has them negotiate once.
func negotiation(b *testing.B) func() {
	model, diagnostics := lcc.Compile("question", []byte(questionModel), nil)
	if model == nil {
		b.Fatal(diagnostics)
	}
	world := &wanted{}
	answered := make(chan struct{}, 1)
	found := make(chan struct{}, 1)
	_, runners := runnerPair(b, world)
	runners[0].stepped = func(ev peer.Event) {
		switch ev := ev.(type) {
		case peer.Heard:
			signal(found)
		case peer.Arrived:
			if ev.Frame.Message != nil {
				signal(answered)
			}
		}
	}
	roles := [2]lcc.Term{lcc.NewTerm("asking", lcc.Int(0)), lcc.Atom("answering")}
	for i, r := range runners {
		r.start()
		r.put(peer.Enact{Model: model, Start: []lcc.Start{{Role: roles[i]}}})
	}
	<-found
	return func() {
		world.number.Add(1)
		runners[0].put(peer.Changed{Names: []string{"wanted"}})
		<-answered
	}
}

// runnerPair is two peers that know where the other is. They do not run yet.
func runnerPair(b *testing.B, world peer.Knowledge) (ids [2]lcc.PeerID, runners [2]*runner) {
	var keys [2]crypto.PrivKey
	for i := range keys {
		var err error
		if keys[i], _, err = crypto.GenerateEd25519Key(rand.Reader); err != nil {
			b.Fatal(err)
		}
		if ids[i], err = KeyID(keys[i]); err != nil {
			b.Fatal(err)
		}
	}
	for i := range runners {
		r := newRunner(b, peer.Options{Self: ids[i], Incarnation: 1, World: world})
		var err error
		r.host, err = New(Options{
			Key: keys[i], Incarnation: 1, Listen: []string{"/ip4/127.0.0.1/tcp/0"}, Peers: []Address{{ID: ids[1-i]}},
			Events: r.put, FramesPerSecond: 1 << 20, // it is the way that is measured
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(r.stop)
		runners[i] = r
	}
	if err := runners[0].host.AddAddrs(ids[1], runners[1].host.Addrs()); err != nil {
		b.Fatal(err)
	}
	return ids, runners
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
