package service

import (
	"runtime"
	"testing"
	"time"
)

// A long turn costs its sender many times more, by processor time; a turn that is long
// only because the machine is busy does not.
func TestCostOfALongTurn(t *testing.T) {
	for _, c := range []struct{ passed, processor, want time.Duration }{
		{time.Millisecond, time.Millisecond, time.Millisecond},
		{20 * time.Millisecond, time.Millisecond, 20 * time.Millisecond},
		{4 * time.Millisecond, 3 * time.Millisecond, (4 + 3*longTimes) * time.Millisecond},
		{50 * time.Millisecond, 50 * time.Millisecond, 50 * (1 + longTimes) * time.Millisecond},
	} {
		if got := costOf(c.passed, c.processor); got != c.want {
			t.Errorf("%v of which the processor was used for %v: got %v, want %v", c.passed, c.processor, got, c.want)
		}
	}
}

// If the work changed threads, or the system reports no thread time, elapsed time
// counts.
func TestProcessorTimeOfAnEvent(t *testing.T) {
	at := func(thread int, ran time.Duration) threadTime { return threadTime{thread, ran, true} }
	const passed = 9 * time.Millisecond
	for _, c := range []struct {
		name        string
		from, until threadTime
		want        time.Duration
	}{
		{"same thread", at(1, time.Second), at(1, time.Second+4*time.Millisecond), 4 * time.Millisecond},
		{"another thread", at(1, time.Second), at(2, time.Minute), passed},
		{"not known", threadTime{}, at(1, time.Second), passed},
		{"clocks that differ", at(1, 0), at(1, time.Second), passed},
	} {
		if got := c.from.until(c.until, passed); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// Fewer than 1 % of the arrivals meet a long turn of one peer, however long it is.
func TestLongTurnsOfAPeerAreRare(t *testing.T) {
	for _, turn := range []time.Duration{longTurn, 10 * time.Millisecond, 100 * time.Millisecond} {
		l, began := newLanes(), time.Now()
		now, busy := began, time.Duration(0)
		for passed := 2000 * turn; now.Sub(began) < passed; {
			if _, ok := l.add(frameOf("busy", 0)); !ok {
				t.Fatal("no room")
			}
			for {
				_, wait, ok := l.take(now)
				if ok {
					break
				}
				now = now.Add(wait)
			}
			now, busy = now.Add(turn), busy+turn
			l.charge("busy", now, costOf(turn, turn))
		}
		if part := busy.Seconds() / now.Sub(began).Seconds(); part > 0.01 {
			t.Errorf("turns of %v: the loop is in them for %.3f of the time, want 0.01 at most", turn, part)
		}
	}
}

// Thread time grows with work, and not while the thread waits.
func TestThreadTimeGrowsWithWork(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began, sum := readThreadTime(), 0
	if !began.ok {
		t.Skip("this system does not tell")
	}
	for later := began; later.ran-began.ran < longTurn; later = readThreadTime() {
		for i := range 10_000 {
			sum += i
		}
		if later.thread != began.thread {
			t.Fatalf("got thread %d, want %d", later.thread, began.thread)
		}
	}
	if sum == 0 {
		t.Error("no work was done")
	}
}
