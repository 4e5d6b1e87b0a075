package hostagent

import "time"

// Config sets how a host measures, reserves room and moves guests. A zero field means
// its default; to switch something off, give a very small value.
type Config struct {
	// SampleEvery is how often the driver looks at the platform; default 5 s.
	// The core uses it to tell a new sample from a look in between.
	SampleEvery time.Duration
	// HoldSamples is how many consecutive samples must be above (below) a level before
	// the host counts as overloaded (underloaded); default 3.
	HoldSamples int
	// Hysteresis is how far the load must return past a level before the host no longer
	// counts as such, as a share of capacity; default 0.05.
	Hysteresis float64
	// Smoothing is the time constant of the mean of a guest's CPU use; default 15 s.
	// The mean follows 63 % of a step in the load within this time.
	Smoothing time.Duration
	// Deviations is how many slow standard deviations of its guests' CPU use
	// a forecast adds to their mean; default 1.
	Deviations float64
	// Coverage is the share of the next half hour that forecast/1 is to cover;
	// default 0.9.
	Coverage float64
	// High and Low are the levels of overloaded/1 and underloaded/1, which take no
	// level; shares of capacity, defaults 0.8 and 0.5.
	High, Low float64
	// Cooldown is how long a guest is not moved again after a migration; default 5 min.
	Cooldown time.Duration
	// ReturnAfter is how long no model moves a guest back to a host that it was moved
	// away from: no policy undoes its own moves, however the load swings. Default 1 h.
	ReturnAfter time.Duration
	// OfferTTL is how long room is reserved for a source that has not committed;
	// default 10 s.
	OfferTTL time.Duration
	// MovesIn and MovesOut bound the concurrent deals in which this host is target or
	// source; default 1 each.
	MovesIn, MovesOut int
	// MoveDeadline is how long a migration may take, plus
	// MoveDeadlinePerGiB for each GiB of the guest; defaults 1 min each.
	MoveDeadline, MoveDeadlinePerGiB time.Duration
	// RetryEvery is the pause before an unanswered question to another host is sent
	// again; default 2 s.
	RetryEvery time.Duration
	// CommitWait is how long a source waits for its target to be armed; default 10 s.
	CommitWait time.Duration
	// ArmedTTL is how long room stays reserved after the commit while the platform
	// shows nothing of the guest; then the source is asked. Default 30 s.
	ArmedTTL time.Duration
	// SettleMax is how long both ends look for a guest after its migration ended or
	// became unclear before they ask a person; default 2 min.
	SettleMax time.Duration
	// GainMin applies to a target whose load with the guest would be above High: that
	// load must be lower than the load that the guest leaves by at least GainMin, a
	// share of capacity; default 0.05.
	GainMin float64
	// Recommend makes deals stop before the migration: they are negotiated, shown and
	// withdrawn.
	Recommend bool
	// AdmitForeign admits guests that arrive without a deal, such as by `virsh
	// migrate`, if there is room.
	AdmitForeign bool
	// Power is this host's power in watts at equal steps of its CPU load, from none to
	// full load. If it is empty the power is unknown, and power/1 and powerWith/2 are
	// not answered.
	Power []float64
	// Labels are the labels of this host, each "key=value".
	Labels []string
	// Rules are added to the rules that guests bring along.
	Rules []RulesFor
	// DowntimeMax and BandwidthMax are passed to the platform with each migration; 0
	// means the platform's default.
	DowntimeMax  time.Duration
	BandwidthMax int64
}

// configured switches to another configuration. Promises made under the old one remain
// valid. A faulty configuration changes nothing.
func (c *Core) configured(ev Configured) {
	config, faults := ev.Config.withDefaults()
	if len(faults) > 0 {
		c.emit(ConfigRefused{Why: faults[0].Error()})
		return
	}
	if config.HoldSamples != c.config.HoldSamples || config.Hysteresis != c.config.Hysteresis {
		c.load.levels = levels{hold: config.HoldSamples, hysteresis: config.Hysteresis}
	}
	c.config = config
	c.load.horizon.coverage = config.Coverage
	c.answers.steady = 0 // any answer may differ at the next look
	c.emit(Observe{})
}

// moveDeadline returns how long the migration of a guest of this size may take. The
// part per GiB is at most spanMost, so that the sum does not overflow.
func (c Config) moveDeadline(memoryBytes int64) time.Duration {
	size := float64(memoryBytes) / (1 << 30) * float64(c.MoveDeadlinePerGiB)
	return c.MoveDeadline + time.Duration(min(size, float64(spanMost)))
}
