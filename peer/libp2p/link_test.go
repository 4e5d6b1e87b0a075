package libp2p

import (
	"testing"
	"time"

	"parley/lcc"
	"parley/peer"
)

// few makes a host keep links to nobody but those that its roster holds near:
// with linksMin hosts near, the others are reached on demand.
func few(o *Options) { o.LinksMax, o.IdleAfter = linksMin, time.Minute }

// stranger finds two hosts that keep no link to each other.
func stranger(t *testing.T, ends []*end, places []place) (a, b *end, atA, atB place) {
	t.Helper()
	for i := range ends {
		for k := range ends[:i] {
			if !ends[i].host.roster.member(places[k].raw()).standing && !ends[k].host.roster.member(places[i].raw()).standing {
				return ends[i], ends[k], places[i], places[k]
			}
		}
	}
	t.Fatal("all hosts keep links to each other")
	return nil, nil, place{}, place{}
}

// A host that no link stands to is connected when there is something to say, and
// let go a while after; that is no broken connection.
func TestOnDemand(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(24)
		var ends []*end
		for _, p := range places {
			ends = append(ends, s.open(p, addressesOf(places), few))
		}
		a, b, atA, atB := stranger(t, ends, places)
		time.Sleep(10 * time.Second)
		if a.connectedTo(atB.raw()) {
			t.Fatal("a host is connected that no link stands to")
		}
		carries(t, a, b, "out of the blue")
		carries(t, b, a, "and back")
		time.Sleep(30 * time.Second)
		carries(t, a, b, "not idle yet")
		time.Sleep(45 * time.Second)
		if !a.connectedTo(atB.raw()) {
			t.Error("the connection was closed before it was idle for a minute")
		}
		eventually(t, "the idle connection to be closed", func() bool { return !a.connectedTo(atB.raw()) && !b.connectedTo(atA.raw()) })
		for e, other := range map[*end]lcc.PeerID{a: b.id, b: a.id} {
			for len(e.events) > 0 {
				if l, ok := (<-e.events).(peer.Link); ok && l.Peer == other && !l.Up {
					t.Error("the end of an idle connection was told as a broken one")
				}
			}
		}
		carries(t, b, a, "once more")
	})
}

// What is sent to a listed host that cannot be reached comes back, at once while
// it is known to be away.
func TestOnDemandFails(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(24)
		a := s.open(places[0], addressesOf(places), few)
		var away place
		for _, p := range places[1:] {
			if !a.host.roster.member(p.raw()).standing {
				away = p
			}
		}
		frame := peer.Frame{Host: &peer.Host{Payload: []byte("x")}}
		for range 3 {
			a.host.Send(away.id, frame)
		}
		down, back := 0, 0
		for back < 3 || down < 1 {
			switch ev := (<-a.events).(type) {
			case peer.Link:
				if ev.Peer == away.id && !ev.Up {
					down++
				}
			case peer.SendFailed:
				back++
				if ev.To != away.id || ev.Reason.Code != lcc.ReasonUnreachable {
					t.Errorf("got %+v, want it unreachable", ev)
				}
			}
		}
		began := time.Now()
		a.host.Send(away.id, frame)
		await(t, a, "the frame to come back", func(peer.SendFailed) bool { return true })
		if waited := time.Since(began); waited > time.Millisecond {
			t.Errorf("it came back after %v, want at once", waited)
		}
		// It comes, and is found at the next try.
		b := s.open(away, addressesOf(places), few)
		time.Sleep(2 * restAfter)
		carries(t, a, b, "there")
	})
}

// More frames than a queue holds come back as busy, and the rest arrive in
// order.
func TestQueueIsBounded(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		a := s.open(places[0], addressesOf(places))
		for i := range queueMax + 10 {
			a.host.Send(places[1].id, peer.Frame{Incarnation: uint64(i), Host: &peer.Host{Payload: []byte("x")}})
		}
		b := s.open(places[1], addressesOf(places))
		busy := 0
		for len(a.events) > 0 {
			if failed, ok := (<-a.events).(peer.SendFailed); ok && failed.Reason.Code == lcc.ReasonBusy {
				busy++
			}
		}
		if busy != 10 {
			t.Errorf("%d frames came back as busy, want 10", busy)
		}
		for i := range queueMax {
			got := await(t, b, "the frames", func(peer.Arrived) bool { return true })
			if got.Frame.Incarnation != uint64(i) {
				t.Fatalf("got frame %d, want %d", got.Frame.Incarnation, i)
			}
		}
	})
}
