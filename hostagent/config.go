package hostagent

import "time"

// Config sets how a host measures, holds room and moves. A zero field means its
// default; a host that wants none of something gives a very small value.
type Config struct {
	// SampleEvery is how often the driver looks at the platform; default 5 s.
	// The core uses it to tell a new sample from a look in between.
	SampleEvery time.Duration
	// HoldSamples is how many samples in a row must be above (below) a level
	// before the host counts as overloaded (underloaded); default 3.
	HoldSamples int
	// Hysteresis is how far the load must come back over a level before the
	// host no longer counts so, as a share of capacity; default 0.05.
	Hysteresis float64
	// Smoothing is the time constant of the mean of a guest's CPU use;
	// default 15 s. A step in the load is followed to 63 % in this time.
	Smoothing time.Duration
	// Deviations is how many slow standard deviations of its guests' CPU use
	// a forecast adds to their mean; default 1.
	Deviations float64
	// Coverage is the share of the next half hour that forecast/1 is to cover;
	// default 0.9.
	Coverage float64
	// High and Low are the levels of overloaded/1 and underloaded/1, which
	// name none; shares of capacity, defaults 0.8 and 0.5.
	High, Low float64
	// Cooldown is how long a guest stays where it is after a move; default
	// 5 min.
	Cooldown time.Duration
	// ReturnAfter is how long a guest that was moved away from a host is not
	// moved back there by a model: no policy undoes its own moves, however the
	// load swings. Default 1 h.
	ReturnAfter time.Duration
	// OfferTTL is how long room is held for a source that has not committed;
	// default 10 s.
	OfferTTL time.Duration
	// MovesIn and MovesOut bound the deals in which this host is target or
	// source at one time; default 1 each.
	MovesIn, MovesOut int
	// MoveDeadline is how long a migration may take, plus
	// MoveDeadlinePerGiB for each GiB of the guest; defaults 1 min each.
	MoveDeadline, MoveDeadlinePerGiB time.Duration
	// RetryEvery is the pause before a question to another host is asked
	// again; default 2 s.
	RetryEvery time.Duration
	// CommitWait is how long a source waits for its target to be armed;
	// default 10 s.
	CommitWait time.Duration
	// ArmedTTL is how long room is held for a source that has committed while
	// the platform shows nothing of its guest; then the source is asked.
	// Default 30 s.
	ArmedTTL time.Duration
	// SettleMax is how long both ends look for a guest whose move is over or
	// unclear before they ask a person; default 2 min.
	SettleMax time.Duration
	// GainMin is by how much the load that a guest leaves must be above the one
	// that it would make at a target whose load would then be above High; a
	// share of capacity, default 0.05.
	GainMin float64
	// Recommend has deals negotiated up to the move, shown and withdrawn.
	Recommend bool
	// AdmitForeign lets in guests that come without a deal, such as by
	// `virsh migrate`, as far as there is room.
	AdmitForeign bool
	// Power is what this host takes in watts, at even steps of its CPU load, the
	// first at none and the last at full load; empty: it is not known, and
	// power/1 and powerWith/2 are not answered.
	Power []float64
	// Labels are those of this host, each "key=value".
	Labels []string
	// Rules add to those that guests bring along.
	Rules []RulesFor
	// DowntimeMax and BandwidthMax are handed to the platform with each
	// migration; 0 means the platform's own.
	DowntimeMax  time.Duration
	BandwidthMax int64
}

// configured lives by another configuration from now on. What was promised
// under the old one stands. One with faults changes nothing.
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
	c.answers.steady = 0 // any answer may be another one at the next look
	c.emit(Observe{})
}

// moveDeadline is how long the migration of a guest of this size may take, and never
// longer than any time of a configuration.
func (c Config) moveDeadline(memoryBytes int64) time.Duration {
	size := float64(memoryBytes) / (1 << 30) * float64(c.MoveDeadlinePerGiB)
	return c.MoveDeadline + time.Duration(min(size, float64(spanMost)))
}
