package libp2p

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"

	"parley/lcc"
	"parley/peer"
)

// besieged is an honest pair and a hostile host that both list.
func (s *site) besieged(edit ...func(*Options)) (a, honest *end, bad host.Host, at, atBad place) {
	s.t.Helper()
	places := s.places(3)
	hosts := addressesOf(places)
	a = s.open(places[0], hosts, edit...)
	honest = s.open(places[1], hosts)
	await(s.t, a, "the honest host", func(l peer.Link) bool { return l.Up })
	await(s.t, honest, "the honest link", func(l peer.Link) bool { return l.Up })
	bad = s.hostile(places[2])
	if err := s.dial(bad, places[0]); err != nil {
		s.t.Fatal(err)
	}
	return a, honest, bad, places[0], places[2]
}

// greeted opens a stream of frames.
func greeted(t *testing.T, bad host.Host, to place) network.Stream {
	t.Helper()
	stream, err := bad.NewStream(t.Context(), to.raw(), protocolID)
	if err != nil {
		t.Fatal(err)
	}
	says(stream, hello+"\x00\x00\x00\x00\x00\x00\x00\x01")
	if _, err := io.ReadFull(stream, make([]byte, len(hello)+8)); err != nil {
		t.Fatal(err)
	}
	return stream
}

// says writes a hello, or what is to pass for one.
func says(stream network.Stream, text string) { _, _ = io.WriteString(stream, text) }

// packet is a frame on the wire.
func packet(data []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...)
}

// nested is CBOR that goes deep: arrays in arrays, in the place of a message.
func nested(depth int) []byte {
	data := append([]byte{0xa1, 2}, bytes.Repeat([]byte{0x81}, depth)...)
	return append(data, 0)
}

// doubled is a frame with one field twice: two lives.
var doubled = []byte{0xa3, 1, 1, 1, 2, 4, 0x41, 'x'}

// Every kind of junk ends its stream, is counted as what it is, and leaves the
// honest traffic alone. One of each is no reason to shut a peer out.
func TestJunkFrames(t *testing.T) {
	good, err := peer.EncodeFrame(peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("good")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, kind string
		junk       []byte
		ends       bool // the hostile side ends the stream
	}{
		{"a length of 4 GiB", kindOversized, []byte{0xff, 0xff, 0xff, 0xff}, false},
		{"one byte too many", kindOversized, packet(make([]byte, peer.FrameBytes+1))[:100], false},
		{"no CBOR", kindMalformed, packet([]byte("junk")), false},
		{"an empty frame", kindMalformed, packet(nil), false},
		{"nothing in it", kindMalformed, packet([]byte{0xa1, 1, 1}), false},
		{"deeply nested", kindMalformed, packet(nested(30_000)), false},
		{"a field twice", kindMalformed, packet(doubled), false},
		{"more after it", kindMalformed, packet(append(append([]byte(nil), good...), 0)), false},
		{"the end in a length", kindTruncated, []byte{0, 0}, true},
		{"the end after a length", kindTruncated, []byte{0, 0, 0, 9}, true},
		{"the end in a frame", kindTruncated, packet(good)[:8], true},
		{"silence in a frame", kindSlow, packet(good)[:8], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) {
				a, honest, bad, at, atBad := s.besieged()
				stream := greeted(t, bad, at)
				if _, err := stream.Write(append(packet(good), c.junk...)); err != nil {
					t.Fatal(err)
				}
				if c.ends {
					if err := stream.CloseWrite(); err != nil {
						t.Fatal(err)
					}
				}
				await(t, a, "the good frame before", func(ev peer.Arrived) bool { return ev.From == atBad.id })
				if _, err := io.ReadAll(stream); !errors.Is(err, network.ErrReset) {
					t.Errorf("got %v, want the stream reset", err)
				}
				eventually(t, "it to be counted", func() bool { return conductOf(a, atBad.id).count(c.kind) == 1 })
				if got := conductOf(a, atBad.id); len(got.Kinds) != 1 || !got.BannedUntil.IsZero() {
					t.Errorf("got %+v, want one %s and no ban", got, c.kind)
				}
				if !strings.Contains(a.log.String(), "a stream of a peer was closed") {
					t.Errorf("nothing was said of it: %s", a.log)
				}
				carries(t, honest, a, "go on")
				if _, err := greeted(t, bad, at).Write(packet(good)); err != nil {
					t.Error(err)
				}
				await(t, a, "the next good frame", func(ev peer.Arrived) bool { return ev.From == atBad.id })
			})
		})
	}
}

// A peer that says another hello, or none, gets none and is counted; as a peer of
// another version tries for ever, it is never shut out for that.
func TestHello(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, at, atBad := s.besieged()
		for _, text := range []string{"parley frames 3\n12345678", hello, ""} {
			stream, err := bad.NewStream(t.Context(), at.raw(), protocolID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(stream, text); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(stream); err == nil {
				t.Errorf("the hello %q was answered", text)
			}
		}
		eventually(t, "both to be counted", func() bool { return conductOf(a, atBad.id).count(kindHello) == 3 })
		if !strings.Contains(a.log.String(), "bring both to the same one") {
			t.Errorf("got %s, want what to do", a.log)
		}
		carries(t, honest, a, "go on")
	})
}

// A frame comes from the peer whose channel it comes on, whoever made it first.
func TestReplayedFrames(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, at, atBad := s.besieged()
		frame := peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("offer")}}
		honest.host.Send(a.id, frame)
		await(t, a, "the frame", func(ev peer.Arrived) bool { return ev.From == honest.id })
		data, err := peer.EncodeFrame(frame)
		if err != nil {
			t.Fatal(err)
		}
		stream := greeted(t, bad, at)
		for range 3 {
			if _, err := stream.Write(packet(data)); err != nil {
				t.Fatal(err)
			}
			got := await(t, a, "the copy", func(peer.Arrived) bool { return true })
			if got.From != atBad.id {
				t.Errorf("a copy counts as one of %s", got.From)
			}
		}
	})
}

// Who does not read holds up nobody: what is for it comes back, it is counted,
// and the memory it costs is bounded.
func TestSlowReader(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, _, atBad := s.besieged()
		bad.SetStreamHandler(protocolID, func(stream network.Stream) {
			if _, err := io.ReadFull(stream, make([]byte, len(hello)+8)); err == nil {
				says(stream, hello+"\x00\x00\x00\x00\x00\x00\x00\x01")
			}
			// And nothing more is read, nor is the stream closed.
		})
		await(t, a, "the link to it", func(l peer.Link) bool { return l.Peer == atBad.id && l.Up })
		sent := 0
		for ; sent < queueMax; sent++ {
			a.host.Send(atBad.id, peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: make([]byte, 60_000)}})
		}
		carries(t, a, honest, "while it does not read")
		back := 0
		broke := false
		for !broke {
			switch ev := (<-a.events).(type) {
			case peer.SendFailed:
				back++
			case peer.Link:
				broke = ev.Peer == atBad.id && !ev.Up
			}
		}
		eventually(t, "it to be counted", func() bool { return conductOf(a, atBad.id).count(kindSlow) == 1 })
		await(t, a, "the rest to come back", func(peer.SendFailed) bool { back++; return back > sent/2 })
		carries(t, honest, a, "go on")
	})
}

// Frames above the allowance are not lost: the peer has to wait, and others do
// not.
func TestFrameFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		const sent = 12_000
		a, honest, bad, at, atBad := s.besieged()
		data, err := peer.EncodeFrame(peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("x")}})
		if err != nil {
			t.Fatal(err)
		}
		stream := greeted(t, bad, at)
		began := time.Now()
		go func() { // ends with the frames, or with the hostile host
			for range sent {
				if _, err := stream.Write(packet(data)); err != nil {
					return
				}
			}
		}()
		arrived, worst := 0, time.Duration(0)
		for asked := time.Now(); arrived < sent; {
			if time.Since(asked) > 500*time.Millisecond {
				asked = time.Now()
				honest.host.Send(a.id, peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("honest")}})
			}
			ev := <-a.events
			got, ok := ev.(peer.Arrived)
			switch {
			case ok && got.From == atBad.id:
				arrived++
			case ok && got.From == honest.id:
				worst = max(worst, time.Since(asked))
			}
		}
		if took := time.Since(began); took < 3*time.Second {
			t.Errorf("%d frames came within %v, want them held to 2,000 a second", sent, took)
		}
		if worst == 0 || worst > 100*time.Millisecond {
			t.Errorf("an honest frame took %v meanwhile", worst)
		}
	})
}

// A peer that opens streams without end has two of them at most, and is shut
// out soon.
func TestStreamFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, at, atBad := s.besieged()
		var most int
		for range 2000 {
			stream, err := bad.NewStream(t.Context(), at.raw(), protocolID)
			if err != nil {
				break // shut out
			}
			says(stream, hello+"\x00\x00\x00\x00\x00\x00\x00\x01")
			a.host.inbound.mu.Lock()
			most = max(most, len(a.host.inbound.open[atBad.raw()]))
			a.host.inbound.mu.Unlock()
		}
		if most > inboundMax {
			t.Errorf("one peer had %d streams, want at most %d", most, inboundMax)
		}
		shutOut(t, a, honest, atBad, kindFlood)
	})
}

// A peer that connects without end is refused above its allowance, and shut out.
func TestConnectionFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, bad, at, atBad := s.besieged()
		for n := 0; conductOf(a, atBad.id).BannedUntil.IsZero(); n++ {
			if n == 2000 {
				t.Fatalf("it is let in all the time: %+v", conductOf(a, atBad.id))
			}
			bad.Network().(*swarm.Swarm).Backoff().Clear(at.raw())
			_ = s.dial(bad, at) // it may look successful
			time.Sleep(10 * time.Millisecond)
			if err := bad.Network().ClosePeer(at.raw()); err != nil {
				t.Fatal(err)
			}
		}
		shutOut(t, a, honest, atBad, kindFlood)
	})
}

// Strangers that connect without end are refused, and cost the listed hosts
// nothing.
func TestStrangersFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		a, honest, _, at, _ := s.besieged()
		for range 20 {
			stranger := s.hostile(s.place(), libp2p.UserAgent("stranger"))
			for range 10 {
				_ = s.dial(stranger, at)
				if err := stranger.Network().ClosePeer(at.raw()); err != nil {
					t.Fatal(err)
				}
			}
		}
		eventually(t, "the strangers to be counted", func() bool { return a.host.Counts().Refused >= 20 })
		carries(t, honest, a, "go on")
		if got := a.host.Conduct(); len(got) != 0 {
			t.Errorf("somebody listed is blamed for it: %+v", got)
		}
	})
}

// shutOut expects a peer to be counted for a kind, banned and disconnected, and
// the honest traffic to go on.
func shutOut(t *testing.T, a, honest *end, bad place, kind string) {
	t.Helper()
	eventually(t, "a ban", func() bool { return !conductOf(a, bad.id).BannedUntil.IsZero() })
	if c := conductOf(a, bad.id); c.count(kind) == 0 {
		t.Errorf("got %+v, want it banned for %s", c, kind)
	}
	eventually(t, "the connection to be closed", func() bool { return !a.connectedTo(bad.raw()) })
	if n := strings.Count(a.log.String(), "was banned for its conduct"); n != 1 {
		t.Errorf("the ban was logged %d times, want once", n)
	}
	a.host.Send(bad.id, peer.Frame{Host: &peer.Host{Payload: []byte("x")}})
	await(t, a, "the frame to come back", func(ev peer.SendFailed) bool {
		return ev.To == bad.id && ev.Reason.Code == lcc.ReasonUnreachable
	})
	carries(t, honest, a, "go on")
	if c := conductOf(a, honest.id); len(c.Kinds) != 0 {
		t.Errorf("the honest peer is blamed: %+v", c)
	}
}
