package scenario

import (
	"sync"

	"parley/sim/trace"
)

// traces keeps the traces that a scenario has read: a record has one file for all of its
// guests, and every seed and policy needs it again. It has a lock, as runs have goroutines
// of their own.
type traces struct {
	mu   sync.Mutex
	read map[string][]trace.Series
}

func (t *traces) open(path string) ([]trace.Series, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if series, ok := t.read[path]; ok {
		return series, nil
	}
	series, err := trace.Open(path)
	if err != nil {
		return nil, err
	}
	if t.read == nil {
		t.read = map[string][]trace.Series{}
	}
	t.read[path] = series
	return series, nil
}
