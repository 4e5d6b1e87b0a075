package burst

import (
	"testing"
	"time"
)

// A window begins with its first event, each key has its own, and the keys are bounded.
func TestCounter(t *testing.T) {
	var c Counter[string]
	at := time.Unix(0, 0)
	for i, step := range []struct {
		key   string
		after time.Duration
		want  int
	}{
		{"a", 0, 1}, {"a", time.Second, 2}, {"b", 0, 1}, {"a", time.Millisecond, 1}, {"b", 0, 2}, {"c", 0, 1}, {"a", 0, 1}, {"c", 0, 2},
	} {
		at = at.Add(step.after)
		if got := c.Note(step.key, at, time.Second, 2); got != step.want {
			t.Errorf("event %d, of %s: got the count %d, want %d", i, step.key, got, step.want)
		}
	}
}
