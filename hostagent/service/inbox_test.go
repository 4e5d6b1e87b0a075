package service

import (
	"context"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

func taken(t *testing.T, b *inbox) item {
	t.Helper()
	it, ok := b.next(t.Context())
	if !ok {
		t.Fatal("the inbox gave nothing")
	}
	return it
}

// Arrivals are served before the host's own events, and these before frames, however
// long they have waited; but frames are not starved.
func TestInboxServesArrivalsFirst(t *testing.T) {
	b := newInbox()
	for range 3 {
		b.putFrame(t.Context(), peer.Arrived{From: "p"})
	}
	for range 100 {
		b.put(hostagent.Woken{})
	}
	b.putFirst(hostagent.AdmissionAsked{})
	if _, is := taken(t, b).event.(hostagent.AdmissionAsked); !is {
		t.Error("something else was served before an arrival")
	}
	frames := 0
	for range 2 * turnsOfClass {
		if taken(t, b).from != "" {
			frames++
		}
	}
	if frames != 2 {
		t.Errorf("of %d turns %d went to frames, want one of %d", 2*turnsOfClass, frames, turnsOfClass)
	}
}

// A goroutine that delivers a frame waits for room in its peer's lane only; a closed
// inbox blocks nobody.
func TestInboxHoldsBackOnePeer(t *testing.T) {
	b := newInbox()
	for range laneItems {
		b.putFrame(t.Context(), peer.Arrived{From: "busy"})
	}
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		b.putFrame(context.Background(), peer.Arrived{From: "busy"})
	}()
	b.putFrame(t.Context(), peer.Arrived{From: "quiet"}) // does not wait
	got := map[lcc.PeerID]int{}
	for range laneItems + 2 {
		got[taken(t, b).from]++
	}
	<-waited
	if got["busy"] != laneItems+1 || got["quiet"] != 1 {
		t.Errorf("got %v, want all that was put in", got)
	}
	b.close()
	for range 2 * laneItems {
		b.putFrame(t.Context(), peer.Arrived{From: "busy"})
	}
	b.put(hostagent.Woken{})
	if n, _ := b.waiting(time.Now()); n != 0 {
		t.Errorf("%d events wait in a closed inbox", n)
	}
}

// A request whose caller has given up is not run; one that runs is waited for.
func TestRequestIsRunOnceOrNotAtAll(t *testing.T) {
	ran := 0
	r := &request{run: func(lcc.Instant) error { ran++; return nil }, done: make(chan struct{})}
	if !r.withdraw() {
		t.Error("a request that does not run yet cannot be taken back")
	}
	if err := r.answer(1); err != nil || ran != 0 {
		t.Errorf("got %v and %d runs of a request that was taken back", err, ran)
	}
	r = &request{run: r.run, done: make(chan struct{})}
	if err := r.answer(1); err != nil || ran != 1 {
		t.Errorf("got %v and %d runs, want one", err, ran)
	}
	if r.withdraw() {
		t.Error("a request that has run was taken back")
	}
}
