package chain

import (
	"fmt"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// This file compares a host's measurements during a policy's trial with those before
// it.

const (
	historyMost     = 60 // minutes
	bucketSeconds   = 60
	migrationsLeast = 3
	dealsLeast      = 4
	overloadLeast   = 60  // seconds
	settleSeconds   = 900 // in which a new policy may move what the previous one left
)

// measured holds the host's measurements.
type measured struct {
	total   Sample
	history []Sample // of the last hour, a minute each
}

// add adds a sample, and returns the difference from the last one.
func (m *measured) add(s Sample) Sample {
	step := s.minus(m.total)
	m.total = s
	if n := len(m.history); n > 0 && m.history[n-1].Seconds < bucketSeconds {
		m.history[n-1] = m.history[n-1].plus(step)
	} else {
		m.history = append(m.history, step)
	}
	m.history = m.history[max(0, len(m.history)-historyMost):]
	return step
}

// sum returns the measurements of the last hour.
func (m *measured) sum() (all Sample) {
	for _, s := range m.history {
		all = all.plus(s)
	}
	return all
}

// sampled handles a sample.
func (f *Follower) sampled(s Sample) error {
	if err := s.validate(); err != nil {
		return fmt.Errorf("chain: Sampled: %w", err)
	}
	step := f.measured.add(s)
	for _, a := range slices.Clone(f.state.Active) {
		if a.Trial && a.Measured {
			f.count(a, step)
		}
	}
	return nil
}

// count adds to the measurements with a policy, and halts it when they are bad.
func (f *Follower) count(a active, step Sample) {
	last := a.Since.Seconds
	a.Since = a.Since.plus(step)
	f.state.put(a)
	if int(last/bucketSeconds) != int(a.Since.Seconds/bucketSeconds) {
		f.keep.change() // a restart must not reset the count
	}
	i := slices.IndexFunc(f.head.wanted, func(w wanted) bool { return w.digest == a.digest })
	if i < 0 || f.head.expired(f.turn.now) {
		return
	}
	if why := a.trips(f.head.wanted[i].policy.Guard); why != "" && f.roster.haltedBy(f.head.wanted[i], &f.state, f.o.Self) == "" {
		f.halt(f.head.wanted[i], why)
	}
}

// trips says which limit of its guard a policy exceeds; "": none.
func (a active) trips(g bundle.Guard) string {
	g = g.WithDefaults()
	since, base := a.Since, a.Base
	// A time below a quarter of an hour counts as a quarter of an hour.
	hours := since.GuestSeconds / 3600
	if since.Seconds > 0 {
		hours *= max(1, settleSeconds/since.Seconds)
	}
	if n := float64(since.Migrations); n >= migrationsLeast && n > g.Migrations*hours {
		return fmt.Sprintf("%d migrations in %.2f guest-hours, more than %g an hour", since.Migrations, hours, g.Migrations)
	}
	if n := since.Done + since.Failed; n >= dealsLeast && float64(since.Failed) > g.Failed*float64(n) {
		return fmt.Sprintf("%d of %d deals failed, more than a share of %g", since.Failed, n, g.Failed)
	}
	if since.Seconds < overloadLeast || base.Seconds == 0 {
		return ""
	}
	if now, then := since.overload(), base.overload(); now > then+g.Overload {
		return fmt.Sprintf("overload for a share of %.2f of the time, and %.2f before: more by more than %g", now, then, g.Overload)
	}
	return ""
}

// halt stops a policy here, and publishes the halt.
func (f *Follower) halt(w wanted, why string) {
	h := bundle.Halt{
		Publisher: f.head.Publisher, Version: f.head.Version, Policy: w.policy.Name, Digest: w.digest,
		Host: f.o.Self, Reason: why, At: f.turn.now.Unix(),
	}
	h.Signature = f.o.Sign(h.Text())
	f.state.Halts = append(slices.Clone(f.state.Halts), h)
	f.haltsAt = time.Time{}
	f.refusals.add("", f.head.Version, bundle.Refuse(bundle.Halted, "policy %s: %s", w.policy.Name, why))
	f.keep.change()
}

// measure starts counting for the policies on trial that were switched to.
func (f *Follower) measure() {
	for _, a := range slices.Clone(f.state.Active) {
		if !a.Trial || a.Measured || !f.switcher.isEnacted(a) {
			continue
		}
		a.Measured, a.Base, a.Since = true, f.measured.sum(), Sample{}
		f.state.put(a)
		f.keep.change()
	}
}

// minus returns the difference from an earlier sample of the same process; when the
// earlier one is of another process, the whole sample.
func (s Sample) minus(last Sample) Sample {
	if s.Seconds < last.Seconds || s.GuestSeconds < last.GuestSeconds || s.OverloadSeconds < last.OverloadSeconds ||
		s.Migrations < last.Migrations || s.Done < last.Done || s.Failed < last.Failed {
		return s
	}
	return Sample{
		s.Seconds - last.Seconds, s.GuestSeconds - last.GuestSeconds, s.OverloadSeconds - last.OverloadSeconds,
		s.Migrations - last.Migrations, s.Done - last.Done, s.Failed - last.Failed,
	}
}

func (s Sample) plus(o Sample) Sample {
	return Sample{
		s.Seconds + o.Seconds, s.GuestSeconds + o.GuestSeconds, s.OverloadSeconds + o.OverloadSeconds,
		s.Migrations + o.Migrations, s.Done + o.Done, s.Failed + o.Failed,
	}
}

// overload returns the share of time in overload.
func (s Sample) overload() float64 {
	if s.Seconds == 0 {
		return 0
	}
	return s.OverloadSeconds / s.Seconds
}
