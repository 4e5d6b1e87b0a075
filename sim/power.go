package sim

import (
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// Power says what hosts without work do.
type Power struct {
	// Off is "": hosts are never off; "empty": a host without guests sleeps; "idle": a
	// host whose guests want nothing takes no power, and wakes at once (CloudSim's
	// accounting).
	Off string
	// After is how long a host stays empty before it shuts down, Shutdown how long that
	// takes, Boot how long it takes until the host can take a guest again: a migration
	// to it waits. During all of these it takes the power of an idle host.
	After, Shutdown, Boot time.Duration
	// Sleep is the power of a sleeping host, in watts.
	Sleep float64
}

// hostPower is the power state of one host.
type hostPower struct {
	emptied lcc.Instant // when it became empty; 0: it is not
	woken   lcc.Instant // when a boot ends or ended
	boots   int
}

// asleepAt is when an empty host begins to sleep.
func (p Power) asleepAt(emptied lcc.Instant) lcc.Instant {
	return emptied + lcc.Instant(p.After+p.Shutdown)
}

// wake wakes a host for an arriving guest, and returns how long that takes.
func (h *siteHost) wake(now lcc.Instant, p Power) time.Duration {
	if h.power.woken > now {
		return time.Duration(h.power.woken - now)
	}
	if p.Off != "empty" || h.power.emptied == 0 || now < h.power.emptied+lcc.Instant(p.After) {
		return 0
	}
	// A shutdown in progress has to end first.
	h.power.woken = max(now, p.asleepAt(h.power.emptied)) + lcc.Instant(p.Boot)
	h.power.boots++
	return time.Duration(h.power.woken - now)
}

// Watts is the power of a host at a load from 0 to 1, along its curve; 0 if the curve
// is unknown.
func (h *SiteHost) Watts(load float64) float64 { return hostagent.Curve(h.Curve).Watts(load) }

// joules is the energy of a host between two instants, from its loads at both.
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
