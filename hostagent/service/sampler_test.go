package service

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"parley/hostagent"
)

// changing is a platform that reports changes.
type changing struct {
	hostagent.Platform
	changes chan struct{}
}

func (changing) Observe(context.Context) (hostagent.Observation, error) {
	return hostagent.Observation{}, nil
}
func (c changing) Changes() <-chan struct{} { return c.changes }

// After a change the sampler looks at once, and again when what has appeared can be
// measured; changes in between bring no third look of that kind.
func TestSamplerLooksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var at []time.Duration
		p := changing{changes: make(chan struct{})}
		s := sampler{platform: p, every: 10 * time.Second, timeout: time.Second, log: slog.New(slog.DiscardHandler),
			post: func(ev hostagent.Event) {
				if _, is := ev.(hostagent.Observed); is {
					at = append(at, time.Since(began))
				}
			}}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.run(ctx)
		}()
		for _, pause := range []time.Duration{time.Second, time.Second} {
			time.Sleep(pause)
			p.changes <- struct{}{}
		}
		time.Sleep(10*time.Second - time.Since(began) + time.Millisecond)
		synctest.Wait()
		cancel()
		<-done
		want := []time.Duration{0, time.Second, 2 * time.Second, 6500 * time.Millisecond, 10 * time.Second}
		if len(at) != len(want) {
			t.Fatalf("looks at %v, want %v", at, want)
		}
		for n := range want {
			if at[n] != want[n] {
				t.Errorf("look %d at %v, want %v", n+1, at[n], want[n])
			}
		}
	})
}
