package service

import (
	"testing"
	"time"

	"parley/lcc"
	"parley/peer"
)

func frameOf(id lcc.PeerID, incarnation uint64) item {
	return item{event: peer.Arrived{From: id, Frame: peer.Frame{Incarnation: incarnation}}, from: id, bytes: 100}
}

func mustTake(t *testing.T, l *lanes, now time.Time) item {
	t.Helper()
	got, wait, ok := l.take(now)
	if !ok {
		t.Fatalf("nothing is served; the next in %v", wait)
	}
	return got
}

// A peer that sends much delays only its own frames; those of a quiet peer are served
// first.
func TestLanesServeTheQuietFirst(t *testing.T) {
	l, now := newLanes(), time.Now()
	for i := range laneItems {
		if _, ok := l.add(frameOf("busy", uint64(i))); !ok {
			t.Fatalf("frame %d finds no room", i)
		}
	}
	room, ok := l.add(frameOf("busy", 0))
	if ok {
		t.Fatalf("%d frames of one peer wait, want %d at most", laneItems+1, laneItems)
	}
	if first := mustTake(t, &l, now); first.from != "busy" {
		t.Fatalf("got a frame of %s, want the one that came first", first.from)
	}
	l.charge("busy", now, time.Millisecond)
	select {
	case <-room:
	default:
		t.Error("a frame was taken, and who waits for room is not told")
	}
	if _, ok := l.add(frameOf("quiet", 0)); !ok {
		t.Fatal("a quiet peer finds no room")
	}
	if next := mustTake(t, &l, now); next.from != "quiet" {
		t.Errorf("got a frame of %s, want one of the peer that has used less", next.from)
	}
}

// A peer that has used its share waits until it is paid off, and gets a fixed part of
// the time in the long run.
func TestLanesHoldBackWhoHasUsedItsShare(t *testing.T) {
	l, began := newLanes(), time.Now()
	now, served := began, 0
	const cost, passed = 5 * time.Millisecond, 10 * time.Second
	for now.Sub(began) < passed {
		for {
			if _, ok := l.add(frameOf("busy", 0)); !ok {
				break
			}
		}
		_, wait, ok := l.take(now)
		if !ok {
			if _, held := l.waiting(now); held != 1 || wait <= 0 {
				t.Fatalf("%d peers are held back, for %v", held, wait)
			}
			now = now.Add(wait)
			continue
		}
		now = now.Add(cost)
		l.charge("busy", now, cost)
		served++
	}
	most := int((passed/shareOf + shareBurst + 2*cost) / cost)
	if least := int(passed / shareOf / cost); served < least || served > most {
		t.Errorf("in %v got %d frames of %v served, want %d to %d", passed, served, cost, least, most)
	}
	for {
		if _, _, ok := l.take(now); !ok {
			break
		}
	}
	l.lane("busy").items = nil
	if l.tidy(now); len(l.of) != 1 {
		t.Error("a peer that owes is forgotten, and would begin anew")
	}
	if l.tidy(now.Add(time.Minute)); len(l.of) != 0 {
		t.Errorf("got %d lanes, want none of a peer that owes nothing", len(l.of))
	}
}

// A lane is bounded in bytes too; a single frame always fits.
func TestLanesBoundBytes(t *testing.T) {
	l := newLanes()
	big := frameOf("busy", 0)
	big.bytes = laneBytes
	if _, ok := l.add(big); !ok {
		t.Fatal("a frame finds no room in an empty lane")
	}
	if _, ok := l.add(frameOf("busy", 1)); ok {
		t.Error("a lane takes more than its bytes")
	}
}

// Of the queued adverts of one peer the latest stays, whatever the order of arrival.
func TestLanesKeepTheLatestAdvert(t *testing.T) {
	l := newLanes()
	for _, seq := range []uint64{3, 5, 4} {
		l.hear(peer.Heard{Advert: peer.Advert{Peer: "p", Incarnation: 1, Seq: seq}})
	}
	got := mustTake(t, &l, time.Now()).event.(peer.Heard)
	if _, _, more := l.take(time.Now()); more || got.Advert.Seq != 5 {
		t.Errorf("got advert %d and more: %v, want 5 alone", got.Advert.Seq, more)
	}
}
