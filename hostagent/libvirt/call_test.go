//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// TestCall: a hanging call is abandoned, its late result is freed, and there are at
// most callsMax such calls.
func TestCall(t *testing.T) {
	p := &Platform{calls: make(chan struct{}, callsMax)}
	ctx, cancel := context.WithCancel(t.Context())
	began, hang, dropped := make(chan struct{}, callsMax), make(chan struct{}), make(chan int, callsMax)
	failed := make(chan error, callsMax)
	for i := range callsMax {
		go func() {
			_, err := callOrDrop(ctx, p, "hang", func() (int, error) {
				began <- struct{}{}
				<-hang
				return i, nil
			}, func(i int) { dropped <- i })
			failed <- err
		}()
	}
	for range callsMax {
		<-began
	}
	if _, err := call(t.Context(), p, "one more", func() (int, error) { return 0, nil }); err == nil || !strings.Contains(err.Error(),
		"do not return") {
		t.Errorf("one call more: got error %v, want one that says that the others hang", err)
	}
	cancel()
	for range callsMax {
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("a call that was given up: got error %v, want %v", err, context.Canceled)
		}
	}
	close(hang)
	seen := map[int]bool{}
	for range callsMax {
		seen[<-dropped] = true
	}
	if len(seen) != callsMax {
		t.Errorf("let go: got %d results, want all %d", len(seen), callsMax)
	}
	if got, err := call(t.Context(), p, "again", func() (int, error) { return 7, nil }); got != 7 || err != nil {
		t.Errorf("once they came back: got %d, error %v, want 7", got, err)
	}
}
