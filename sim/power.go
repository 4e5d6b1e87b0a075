package sim

import (
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// Power says what becomes of hosts that have nothing to do.
type Power struct {
	// Off is "": hosts are never off; "empty": a host without guests goes to
	// sleep; "idle": a host whose guests want nothing takes no power either, and
	// wakes at once (CloudSim's accounting).
	Off string
	// After is how long a host stays empty before it shuts down, Shutdown how
	// long that takes, Boot how long it takes until it can take a guest again:
	// a migration to it waits. Meanwhile it takes the power of an idle host.
	After, Shutdown, Boot time.Duration
	// Sleep is what a sleeping host takes, in watts.
	Sleep float64
}

// hostPower is what is known of one host.
type hostPower struct {
	emptied lcc.Instant // when it became empty; 0: it is not
	woken   lcc.Instant // when a boot ends or ended
	boots   int
}

// asleepAt is when an empty host sleeps.
func (p Power) asleepAt(emptied lcc.Instant) lcc.Instant {
	return emptied + lcc.Instant(p.After+p.Shutdown)
}

// wake wakes a host that a guest is to come to, and returns how long that takes.
func (h *siteHost) wake(now lcc.Instant, p Power) time.Duration {
	if h.power.woken > now {
		return time.Duration(h.power.woken - now)
	}
	if p.Off != "empty" || h.power.emptied == 0 || now < h.power.emptied+lcc.Instant(p.After) {
		return 0
	}
	// One that is shutting down has to end that first.
	h.power.woken = max(now, p.asleepAt(h.power.emptied)) + lcc.Instant(p.Boot)
	h.power.boots++
	return time.Duration(h.power.woken - now)
}

// Watts is what a host takes at a load, 0 to 1, along its curve; 0 where that is
// not known.
func (h *SiteHost) Watts(load float64) float64 { return hostagent.Curve(h.Curve).Watts(load) }

// joules is what a host took from one instant to another, with its loads at both
// ends.
func (h *siteHost) joules(p Power, from, to lcc.Instant, before, after float64) float64 {
	long := time.Duration(to - from).Seconds()
	switch {
	case h.down:
		return 0
	case p.Off == "idle" && before == 0:
		return 0
	case p.Off == "empty" && h.power.emptied != 0:
		awake := time.Duration(min(max(p.asleepAt(h.power.emptied), from), to) - from).Seconds()
		return awake*h.Watts(0) + (long-awake)*p.Sleep
	}
	return long * (h.Watts(before) + h.Watts(after)) / 2
}
