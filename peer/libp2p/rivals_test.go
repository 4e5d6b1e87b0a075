package libp2p

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	ma "github.com/multiformats/go-multiaddr"

	"parley/lcc"
	"parley/peer"
)

func livesOf(incarnation uint64) func(*Options) {
	return func(o *Options) { o.Incarnation = incarnation }
}

// watch hands what a host is told to a core for a while, and returns what people are
// reported of incarnations.
func watch(t *testing.T, core *peer.Core, began time.Time, e *end, d time.Duration) (reported []peer.IncarnationKind) {
	t.Helper()
	step := func(ev peer.Event) {
		effects, err := core.Step(lcc.Instant(time.Since(began))+1, ev)
		if err != nil {
			t.Fatal(err)
		}
		for _, effect := range effects {
			if e, ok := effect.(peer.Incarnation); ok {
				reported = append(reported, e.Kind)
			}
		}
	}
	for end := time.After(d); ; {
		select {
		case ev := <-e.events:
			step(ev)
		case <-time.After(time.Second):
			step(peer.Woken{})
		case <-end:
			return reported
		}
	}
}

// A machine and its clone have one key. Each says hello to a third host over a connection
// of its own and then nothing; the third tells of them, and so do they themselves. When
// one has gone, all is well again.
func TestTwoProcessesWithOneKeyAreNoticed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		hosts := addressesOf(places)
		third := s.open(places[1], hosts, livesOf(7))
		first := s.open(places[0], hosts, livesOf(100))
		await(t, third, "the first", func(l peer.Link) bool { return l.Up })
		clone := places[0]
		clone.listen = s.listen()
		second := s.open(clone, hosts, livesOf(200))
		core, err := peer.New(peer.Options{Self: places[1].id, Incarnation: 7, World: lcc.EmptyWorld{}})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if reported := watch(t, core, began, third, time.Minute); !slices.Equal(reported, []peer.IncarnationKind{peer.IncarnationDoubled}) {
			t.Errorf("the third host tells %v, want %v", reported, peer.IncarnationDoubled)
		}
		for e, other := range map[*end]uint64{first: 200, second: 100} {
			if twin, ok := e.host.Twin(); !ok || twin.Incarnation != other {
				t.Errorf("a host with a twin knows of %v (%v), want incarnation %d", twin, ok, other)
			}
			if n := strings.Count(e.log.String(), "another agent runs with the key of this host"); n != 1 {
				t.Errorf("it told %d times of its twin, want once", n)
			}
		}
		if _, ok := third.host.Twin(); ok {
			t.Error("a host with a key of its own believes to have a twin")
		}
		if c := conductOf(third, places[0].id); len(c.Kinds) > 0 {
			t.Errorf("the third host counts %+v against them", c)
		}
		if err := second.host.Close(); err != nil {
			t.Error(err)
		}
		if reported := watch(t, core, began, third, 3*time.Minute); !slices.Equal(reported, []peer.IncarnationKind{peer.IncarnationSingle}) {
			t.Errorf("when one has gone the third host tells %v, want %v", reported, peer.IncarnationSingle)
		}
		if _, ok := first.host.Twin(); ok {
			t.Error("the host that is left still believes to have a twin")
		}
	})
}

// A process that is started anew while a connection of the one before still stands is no
// twin: that connection answers nothing.
func TestAConnectionThatWasLeftBehindIsNoTwin(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		hosts := addressesOf(places)
		third := s.open(places[1], hosts, livesOf(7))
		dead := s.hostile(places[0])
		if err := s.dial(dead, places[1]); err != nil {
			t.Fatal(err)
		}
		_ = greeted(t, dead, places[1]) // and knows nothing of questions
		again := places[0]
		again.listen = s.listen()
		s.open(again, hosts, livesOf(200))
		core, err := peer.New(peer.Options{Self: places[1].id, Incarnation: 7, World: lcc.EmptyWorld{}})
		if err != nil {
			t.Fatal(err)
		}
		if reported := watch(t, core, time.Now(), third, time.Minute); slices.Contains(reported, peer.IncarnationDoubled) {
			t.Errorf("the third host tells %v", reported)
		}
	})
}

// What is shown of another process counts only as a signature of this process's own
// challenge, by this host's key and of another incarnation.
func TestShownTwins(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		e := s.open(places[0], addressesOf(places), livesOf(100))
		h := e.host
		sign := func(by place, incarnation uint64, c challenge) witness {
			w := witness{incarnation: incarnation}
			copy(w.signature[:], SignWith(by.key, w.text(c)))
			return w
		}
		stale := h.twin.own
		stale[0]++
		forged := sign(places[0], 200, h.twin.own)
		forged.incarnation = 300
		for name, w := range map[string]witness{
			"nothing":             {},
			"itself":              sign(places[0], 100, h.twin.own),
			"an earlier process":  sign(places[0], 50, stale),
			"another host":        sign(places[1], 200, h.twin.own),
			"another incarnation": forged,
		} {
			h.twin.shown(h, w, places[1].raw())
			if twin, ok := h.Twin(); ok {
				t.Fatalf("%s is taken for a twin: %v", name, twin)
			}
		}
		h.twin.shown(h, sign(places[0], 50, h.twin.own), places[1].raw())
		if twin, ok := h.Twin(); !ok || twin.Incarnation != 50 {
			t.Errorf("got %v (%v), want incarnation 50", twin, ok)
		}
	})
}

// Whoever connects with this host's own key has its key.
func TestAConnectionWithTheOwnKeyIsATwin(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		e := s.open(places[0], addressesOf(places))
		addrs := betweenAddresses{ma.StringCast(places[0].listen), ma.StringCast(places[1].listen)}
		if e.host.gater.InterceptSecured(network.DirInbound, places[0].raw(), addrs) {
			t.Error("a connection with this host's own key is let in")
		}
		if _, ok := e.host.Twin(); !ok || !strings.Contains(e.log.String(), places[1].listen) {
			t.Errorf("nothing is told of it: %s", e.log)
		}
		if n := e.host.Counts().Refused; n != 0 {
			t.Errorf("it counts as %d strangers", n)
		}
	})
}

type betweenAddresses struct{ local, remote ma.Multiaddr }

func (b betweenAddresses) LocalMultiaddr() ma.Multiaddr  { return b.local }
func (b betweenAddresses) RemoteMultiaddr() ma.Multiaddr { return b.remote }

// What asks for the incarnation in no way of ours is refused.
func TestQuestionsForTheIncarnationWithoutSense(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, _, bad, at, atBad := s.besieged()
		stream, err := bad.NewStream(t.Context(), at.raw(), lifeID)
		if err != nil {
			t.Fatal(err)
		}
		says(stream, strings.Repeat("x", lifeQuestionBytes))
		eventually(t, "it to be counted", func() bool { return conductOf(a, atBad.id).count(kindMalformed) == 1 })
	})
}
