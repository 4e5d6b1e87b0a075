package service

import (
	"context"
	"log/slog"
	"time"

	"parley/hostagent"
	"parley/hostagent/hoststats"
)

// sampler looks at the platform and at the machine: at every tick, after a change that
// the platform reports, and on request. It has its own goroutine because a look may
// take as long as the platform's slowest call.
type sampler struct {
	platform hostagent.Platform
	machine  hoststats.Machine
	pressure hoststats.Pressure
	log      *slog.Logger
	useAll   bool // the load is the whole machine's
	every    time.Duration
	timeout  time.Duration
	ask      chan struct{} // holds one request
	post     func(hostagent.Event)
}

// measuredAfter is when, in percent of the time between two ticks, a guest that has just
// appeared is looked at again: the core takes a rate from two looks that are half of that
// time apart, and until then the load of the host is unknown.
const measuredAfter = 55

// lookSoon requests a look; requests are merged.
func (s *sampler) lookSoon() {
	select {
	case s.ask <- struct{}{}:
	default:
	}
}

func (s *sampler) run(ctx context.Context) {
	ticker := time.NewTicker(s.every)
	defer ticker.Stop()
	changes := s.platform.Changes()
	s.look(ctx)
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-s.ask:
		case <-again:
			again = nil
		case _, open := <-changes:
			if !open {
				changes = nil // the platform is closed: the ticks continue and report it
			} else if again == nil {
				again = time.After(s.every * measuredAfter / 100)
			}
		}
		s.look(ctx)
	}
}

func (s *sampler) look(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	seen, err := s.platform.Observe(bounded)
	if ctx.Err() != nil {
		return // the daemon is stopping: the platform did not fail
	}
	if err != nil {
		s.post(hostagent.Unobserved{Err: err.Error()})
		return
	}
	observed := hostagent.Observed{Wall: time.Now(), Observation: seen}
	if s.useAll {
		observed.Machine, err = s.machine.Measure(bounded)
		if err != nil {
			s.post(hostagent.Unobserved{Err: err.Error()})
			return
		}
	}
	pressure, err := s.pressure.Measure(bounded)
	if err != nil {
		s.log.Debug("what the machine waits for cannot be measured", "event", "pressure_unknown", "error", err)
	}
	observed.Pressure = pressure
	s.post(observed)
}
