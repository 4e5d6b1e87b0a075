package libp2p

import (
	"io"
	"testing"
	"time"

	"parley/peer"
)

// A hello names the incarnation of who says it, on both sides of a stream.
func TestHelloNamesTheIncarnation(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, _, bad, at, atBad := s.besieged()
		stream, err := bad.NewStream(t.Context(), at.raw(), protocolID)
		if err != nil {
			t.Fatal(err)
		}
		says(stream, hello+"\x00\x00\x00\x00\x00\x00\x01\x02")
		answer := make([]byte, len(hello)+8)
		if _, err := io.ReadFull(stream, answer); err != nil || string(answer[:len(hello)]) != hello {
			t.Errorf("answered %q, %v", answer, err)
		}
		got := await(t, a, "the incarnation", func(g peer.Greeted) bool { return g.Peer == atBad.id })
		if got.Incarnation != 0x102 {
			t.Errorf("got incarnation %d, want %d", got.Incarnation, 0x102)
		}
	})
}

// A host of the version before says a hello without an incarnation and is understood.
func TestHelloOfTheVersionBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, _, bad, at, atBad := s.besieged()
		stream, err := bad.NewStream(t.Context(), at.raw(), protocolFirst)
		if err != nil {
			t.Fatal(err)
		}
		says(stream, helloFirst)
		answer := make([]byte, len(helloFirst))
		if _, err := io.ReadFull(stream, answer); err != nil || string(answer) != helloFirst {
			t.Fatalf("answered %q, %v", answer, err)
		}
		frame := peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("offer")}}
		data, err := peer.EncodeFrame(frame)
		if err != nil {
			t.Fatal(err)
		}
		says(stream, string(packet(data)))
		await(t, a, "its frame", func(ev peer.Arrived) bool { return ev.From == atBad.id })
	})
}

// Of each peer the adverts of its greatest incarnation and of one lower one are let
// through, each in its order.
func TestAdvertsOfTwoIncarnations(t *testing.T) {
	o := &origin{}
	for n, c := range []struct {
		at       position
		ok, past bool
	}{
		{position{9, 1}, true, false},
		{position{9, 1}, false, false},
		{position{9, 30}, true, false},
		{position{5, 3}, true, false}, // it was set right
		{position{5, 3}, false, false},
		{position{4, 100}, false, false}, // of the past
		{position{5, 40}, true, false},
		{position{5, 4}, false, true},
		{position{9, 2}, false, true},
		{position{9, 31}, true, false},
		{position{10, 1}, true, false}, // started anew
		{position{9, 31}, false, false},
	} {
		if ok, past := o.newest(c.at, time.Unix(1000, 0)); ok != c.ok || past != c.past {
			t.Errorf("advert %d, %v: let through %v, long past %v; want %v, %v", n, c.at, ok, past, c.ok, c.past)
		}
	}
}
