package hostagent

import (
	"fmt"
	"testing"
	"time"

	"parley/lcc"
)

const minute = lcc.Instant(time.Minute)

func (b *backoff) waits(a attempt, now lcc.Instant) time.Duration {
	return max(0, time.Duration(b.modelUntil(a, 5*time.Minute, 2*time.Second)-now))
}

// The pause before a guest is retried at a target doubles, up to a limit; a target is
// at fault once two different guests have failed there.
func TestBackoffDoubles(t *testing.T) {
	b := backoff{failed: map[attempt]*failure{}}
	pair, host, now := attempt{"web", "h2"}, attempt{host: "h2"}, lcc.Instant(1)
	for i, want := range []time.Duration{450, 900, 1800, 3600, 7200, 7200} {
		if b.note(failedMove{guest: "web", host: "h2", began: now, begun: true}, now, time.Time{}) {
			t.Fatalf("failure %d: the host is blamed for one guest", i+1)
		}
		if got := b.waits(pair, now); got != want*time.Second {
			t.Errorf("failure %d: the guest waits %v for the target, want %v", i+1, got, want*time.Second)
		}
		if b.waits(host, now) != 0 {
			t.Errorf("failure %d: others wait for the target", i+1)
		}
		now += minute
	}
	if !b.note(failedMove{guest: "db", host: "h2", began: now, begun: true}, now, time.Time{}) {
		t.Error("two guests have failed there, and the host is chosen still")
	}
	if got := b.waits(host, now); got != 80*time.Minute {
		t.Errorf("after seven failures no guest is tried there for %v, want 80m", got)
	}
	if !b.succeeded("key", "h2") || b.waits(host, now) != 0 {
		t.Error("a success does not lift it")
	}
	if b.waits(pair, now) == 0 {
		t.Error("the success of another guest is taken for this one's")
	}
}

// A host that has no place for guests of some kind is as good as before for the others.
func TestBackoffOfAMismatch(t *testing.T) {
	b := backoff{failed: map[attempt]*failure{}}
	for i, guest := range []GuestID{"db", "vm", "box", "db"} {
		now := lcc.Instant(i+1) * minute
		if b.note(failedMove{guest: guest, host: "h2", began: now, apart: true}, now, time.Time{}) {
			t.Errorf("refusal %d: the host is blamed", i+1)
		}
	}
	now := 5 * minute
	if b.waits(attempt{host: "h2"}, now) != 0 || b.doubt("web", "h2") != 0 {
		t.Error("another guest waits for the host, or doubts it")
	}
	if b.waits(attempt{"db", "h2"}, 4*minute) == 0 {
		t.Error("the guest that does not match is tried there again at once")
	}
}

// Concurrent failures count as one: a short outage does not double the pause for each.
func TestBackoffSideBySide(t *testing.T) {
	b := backoff{failed: map[attempt]*failure{}}
	for i := range 8 {
		now := minute + lcc.Instant(i)
		b.note(failedMove{guest: GuestID(fmt.Sprint("g", i)), host: "h2", began: 1, begun: true}, now, time.Time{})
	}
	if got := b.failed[attempt{host: "h2"}].times; got != 1 {
		t.Errorf("eight side by side count %d times, want once", got)
	}
}

// A refusal by a target, or its silence, may be temporary: the first one costs nothing,
// and a policy waits seconds, not minutes.
func TestBackoffSilence(t *testing.T) {
	b := backoff{failed: map[attempt]*failure{}}
	for i, want := range []time.Duration{0, 30, 60, 120} {
		now := lcc.Instant(i+1) * minute
		b.note(failedMove{guest: "web", host: "h2", began: now}, now, time.Time{})
		if got := b.waits(attempt{"web", "h2"}, now); got != want*time.Second {
			t.Errorf("silence %d: it waits %v, want %v", i+1, got, want*time.Second)
		}
		if b.waits(attempt{guest: "web"}, now) != 0 {
			t.Errorf("silence %d: the guest is not tried elsewhere", i+1)
		}
	}
}

// All failures are forgotten after a long time without a new one, and the number
// remembered is bounded.
func TestBackoffForgets(t *testing.T) {
	b := backoff{failed: map[attempt]*failure{}}
	for i := range 2 * backoffMax {
		b.note(failedMove{guest: GuestID(fmt.Sprint("g", i)), host: "h2", began: minute, begun: true}, minute, time.Time{})
	}
	if n := len(b.failed); n > backoffMax {
		t.Errorf("%d attempts are remembered, want at most %d", n, backoffMax)
	}
	var lifted []HostID
	for now := minute; now < 24*60*minute; now += minute {
		lifted = append(lifted, b.pass(now, 5*time.Minute, 2*time.Second)...)
	}
	if n := len(b.failed); n != 0 {
		t.Errorf("%d attempts are remembered after a day, want none", n)
	}
	if len(lifted) != 1 || lifted[0] != "h2" {
		t.Errorf("got %v chosen again, want h2 once", lifted)
	}
}
