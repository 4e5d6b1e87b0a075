package hostagent

import (
	"math"
	"testing"
	"time"
)

// What stays is worth a move, what swings as far as hosts differ is not, and a crowd is
// worth one early, but not before it has lasted longer than the migration takes.
func TestWorth(t *testing.T) {
	guest := mover{lasts: 0.2, now: 0.2, takes: 30 * time.Second}
	at := func(low, high, now float64, crowded time.Duration) moveEnd {
		return moveEnd{span{low, high}, now, crowded}
	}
	for _, c := range []struct {
		name           string
		source, target moveEnd
		guest          mover
		low, high      float64 // of what it is worth
	}{
		{"a difference that stays", at(0.8, 0.8, 0.8, 0), there(0.2), guest, 0.07, 0.08},
		{"the same the wrong way", at(0.2, 0.2, 0.2, 0), there(0.8), guest, -1, -0.1},
		{"one that swings", at(0.4, 1.2, 0.8, 0), at(0, 0.6, 0.2, 0), guest, -0.01, 0},
		{"a crowd that began now", at(0.4, 1.2, 1.1, 20*time.Second), there(0.2), guest, -1, 0.034},
		{"a crowd of two minutes", at(0.4, 1.2, 1.1, 2*time.Minute), there(0.2), guest, 0.08, 0.14},
		{"a crowd that would only change hosts", at(0.4, 1.2, 1.1, 2*time.Minute), there(1), guest, -1, 0},
		{"a guest whose migration takes longer than half an hour", at(0.8, 0.8, 0.8, 0), there(0.2),
			mover{lasts: 0.2, now: 0.2, takes: time.Hour}, -1, 0},
	} {
		if got := worth(c.source, c.target, c.guest); got < c.low || got > c.high {
			t.Errorf("%s: got %.4f, want %.3f to %.3f", c.name, got, c.low, c.high)
		}
	}
}

// A constant demand has no range once it was watched for some time, and one that rises
// slowly nearly none; one that swings by chance keeps its range, and its mean is that of
// both sides.
func TestCourse(t *testing.T) {
	var steady, swings, rises course
	for i := range 120 {
		steady.add(2, 15*time.Second, courseKnown)
		swings.add(1+2*float64(i/4%2), 15*time.Second, courseKnown)
		rises.add(0.02*float64(i), 15*time.Second, courseKnown)
		if seen := time.Duration(i+1) * 15 * time.Second; steady.expected(4, courseKnown) > 0 != (seen < courseKnown) {
			t.Errorf("steady, watched for %v: got the variance %v", seen, steady.expected(4, courseKnown))
		}
	}
	if steady.mean != 2 || steady.variance != 0 {
		t.Errorf("steady: got %+v, want a mean of 2 and no variance", steady)
	}
	if math.Sqrt(rises.variance) > 0.03 {
		t.Errorf("rises: got %+v, want hardly any variance", rises)
	}
	if math.Abs(swings.mean-2) > 0.2 || math.Abs(math.Sqrt(swings.variance)-1) > 0.1 {
		t.Errorf("swings: got %+v, want a mean of 2 and a deviation of 1", swings)
	}
}

// The mean of what goes up and down within seconds is certain, that of what swings for
// minutes is not, and one that rises evenly is.
func TestCourseOfMeans(t *testing.T) {
	var hum, swings, rises course
	for i := range 2 * int(courseFor/courseMean) * 60 { // each five seconds
		hum.add(1+2*float64(i%2), 5*time.Second, courseKnown)
		swings.add(1+2*float64(i/60%2), 5*time.Second, courseKnown)
		rises.add(0.001*float64(i), 5*time.Second, courseKnown)
	}
	off := func(c course) float64 { return math.Sqrt(c.expected(4, courseKnown)) }
	if off(hum) > 0.01 || off(rises) > 0.01 || off(swings) < 1 {
		t.Errorf("deviations of the mean: hum %.3f, rises %.3f, want none; swings %.3f, want 1 and more", off(hum), off(rises), off(swings))
	}
}
