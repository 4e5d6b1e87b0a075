package trace

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAt(t *testing.T) {
	s := Series{Start: 10 * time.Second, Step: 4 * time.Second, CPU: []float64{1, 3, 2}, Net: []float64{0, 100, 0}}
	for _, c := range []struct {
		at   time.Duration
		want Sample
	}{
		{0, Sample{CPU: 1}},
		{10 * time.Second, Sample{CPU: 1}},
		{11 * time.Second, Sample{CPU: 1.5, Net: 25}},
		{14 * time.Second, Sample{CPU: 3, Net: 100}},
		{16 * time.Second, Sample{CPU: 2.5, Net: 50}},
		{18 * time.Second, Sample{CPU: 2}},
		{time.Hour, Sample{CPU: 2}},
	} {
		if got := s.At(c.at); got != c.want {
			t.Errorf("At(%v): got %+v, want %+v", c.at, got, c.want)
		}
		if got := s.CPUAt(c.at); got != c.want.CPU {
			t.Errorf("CPUAt(%v): got %v, want %v", c.at, got, c.want.CPU)
		}
	}
	if got, want := s.End(), 18*time.Second; got != want {
		t.Errorf("End: got %v, want %v", got, want)
	}
	if got := (&Series{}).At(time.Minute); got != (Sample{}) {
		t.Errorf("a series without samples: got %+v, want no load", got)
	}
	if got := (&Series{CPU: []float64{7}}).CPUAt(time.Minute); got != 7 {
		t.Errorf("one sample: got %v, want 7", got)
	}
}

// An interpolated value lies between its two samples, and at a sample it is that
// sample.
func TestAtStaysBetweenSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Series{
			Step: time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "step")),
			CPU:  rapid.SliceOfN(rapid.Float64Range(0, 64), 1, 20).Draw(t, "cpu"),
		}
		at := time.Duration(rapid.Int64Range(0, int64(s.End())+int64(time.Hour)).Draw(t, "at"))
		i := int(min(at/s.Step, time.Duration(len(s.CPU)-1)))
		next := min(i+1, len(s.CPU)-1)
		low, high := min(s.CPU[i], s.CPU[next]), max(s.CPU[i], s.CPU[next])
		const rounding = 1e-12
		if got := s.CPUAt(at); got < low-rounding || got > high+rounding {
			t.Fatalf("CPUAt(%v): got %v, want between %v and %v", at, got, low, high)
		}
		if got := s.CPUAt(time.Duration(i) * s.Step); got != s.CPU[i] {
			t.Fatalf("at sample %d: got %v, want %v", i, got, s.CPU[i])
		}
	})
}
