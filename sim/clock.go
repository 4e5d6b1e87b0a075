package sim

import (
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"parley/lcc"
)

// clock is that of a host. The zero value shows the true time.
type clock struct {
	rate float64       // its speed relative to true time; 0: as 1
	skew time.Duration // the error of its time of day
}

// drawClocks gives the hosts' clocks random errors.
func (f Faults) drawClocks(hosts []*siteHost, chance *rand.Rand) error {
	if !(f.Drift >= 0 && f.Drift < 1) || f.Skew < 0 {
		return errors.New("sim: faults: the drift of clocks is a share from 0 to below 1, and their skew not negative")
	}
	for _, h := range hosts {
		if f.Drift > 0 {
			h.clock.rate = 1 + f.Drift*(2*chance.Float64()-1)
		}
		if f.Skew > 0 {
			h.clock.skew = time.Duration(chance.Int64N(2*int64(f.Skew)+1)) - f.Skew
		}
	}
	return nil
}

// shows is what the clock shows at an instant.
func (c clock) shows(at lcc.Instant) lcc.Instant {
	if c.rate == 0 {
		return at
	}
	return max(1, lcc.Instant(float64(at)*c.rate))
}

// when is an instant at which the clock has just reached this value.
func (c clock) when(shown lcc.Instant) lcc.Instant {
	if c.rate == 0 {
		return shown
	}
	return lcc.Instant(math.Ceil(float64(shown)/c.rate)) + 1
}

// wall is the time of day that the clock shows.
func (c clock) wall(at lcc.Instant) time.Time {
	return epoch.Add(time.Duration(c.shows(at)) + c.skew)
}
