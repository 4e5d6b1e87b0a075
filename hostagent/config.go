package hostagent

import (
	"time"

	"parley/hostagent/hours"
)

// Config sets how a host measures, reserves room and moves guests. DefaultConfig has the
// default of each field; 0 is a value like others.
type Config struct {
	Tuning
	// RetryEvery is the pause before an unanswered question to another host is sent
	// again.
	RetryEvery time.Duration
	// CommitWait is how long a source waits for its target to be armed.
	CommitWait time.Duration
	// ArmedTTL is how long room stays reserved after the commit while the platform
	// shows nothing of the guest; then the source is asked.
	ArmedTTL time.Duration
	// SettleMax is how long both ends look for a guest after its migration ended or
	// became unclear before they ask a person.
	SettleMax time.Duration
	// Recommend makes deals stop before the migration: they are negotiated, shown and
	// withdrawn.
	Recommend bool
	// Moves says which moves there may be at all.
	Moves Moves
	// Power is this host's power in watts at equal steps of its CPU load, from none to
	// full load. If it is empty the power is unknown, and power/1 and powerWith/2 are
	// not answered.
	Power []float64
	// Labels are the labels of this host, each "key=value".
	Labels []string
	// Rules are added to the rules that guests bring along.
	Rules []RulesFor
	// Platform is passed to the platform with each migration.
	Platform MoveLimits
}

// Moves says which moves a host takes part in.
type Moves struct {
	// Foreign admits guests that arrive without a deal, such as by `virsh migrate`, if
	// there is room.
	Foreign bool
	// Windows are the times in which models may move guests; empty: always.
	Windows hours.Plan
	// Survive is for the failure of how many hosts at one time the hosts of a group keep,
	// together, room; 0: they keep none.
	Survive int
}

// MoveKeys are Moves as the agent's configuration and scenarios say them.
type MoveKeys struct {
	Windows []hours.Window `yaml:"windows"`
	Survive int            `yaml:"survive"`
}

// Tuning is the part of a Config that is usually the same on all hosts of a site. Its
// tags are the keys of the agent's configuration and of a scenario.
type Tuning struct {
	// SampleEvery is how often the driver looks at the platform. The core uses it to
	// distinguish a new sample from a look in between.
	SampleEvery time.Duration `yaml:"sample_every"`
	// Smoothing is the time constant of the mean of a guest's CPU use: the mean follows
	// 63 % of a step in the load within this time. 0: each sample counts alone.
	Smoothing time.Duration `yaml:"smoothing"`
	// HoldSamples is how many consecutive samples must be above (below) a level before
	// the host counts as overloaded (underloaded).
	HoldSamples int `yaml:"hold_samples"`
	// Hysteresis is how far the load must return past a level before the host no longer
	// counts as such, as a share of capacity.
	Hysteresis float64 `yaml:"hysteresis"`
	// Cooldown is how long a guest is not moved again after a migration.
	Cooldown time.Duration `yaml:"cooldown"`
	// ReturnAfter is how long no model moves a guest back to a host that it was moved
	// away from, unless its host is full: no policy undoes its own moves, however the
	// load swings.
	ReturnAfter time.Duration `yaml:"return_after"`
	// Deviations is how many slow standard deviations of its guests' CPU use are added
	// to their mean, for what is expected of them.
	Deviations float64 `yaml:"deviations"`
	// Coverage is the share of the next half hour that forecast/1 is to cover.
	Coverage float64 `yaml:"coverage"`
	// High and Low are the levels of overloaded/1 and underloaded/1, which take no
	// level; shares of capacity.
	High float64 `yaml:"high"`
	Low  float64 `yaml:"low"`
	// GainMin applies to a target whose load with the guest would be above High: that
	// load must be lower than the load that the guest leaves by at least GainMin, a
	// share of capacity.
	GainMin float64 `yaml:"gain_min"`
	// MovesIn and MovesOut bound the concurrent deals in which this host is target or
	// source.
	MovesIn  int `yaml:"moves_in"`
	MovesOut int `yaml:"moves_out"`
	// DrainFailures is how many migrations of a drain fail in a row before the drain ends;
	// 0: it never does.
	DrainFailures int `yaml:"drain_failures"`
	// Deadline is how long a migration may take.
	Deadline Deadline `yaml:"deadline"`
	// OfferTTL is how long room is reserved for a source that has not committed.
	OfferTTL time.Duration `yaml:"offer_ttl"`
}

// Deadline bounds a migration: Base, plus PerGiB for each GiB of the guest's memory.
type Deadline struct {
	Base   time.Duration `yaml:"base"`
	PerGiB time.Duration `yaml:"per_gib"`
}

// MoveLimits bound what a migration does to its guest and to the network; 0 means the
// platform's default.
type MoveLimits struct {
	DowntimeMax  time.Duration `yaml:"downtime_max"`
	BandwidthMax int64         `yaml:"bandwidth_max"` // bytes per second
}

// DefaultConfig returns the default of each field.
func DefaultConfig() Config {
	return Config{
		Tuning: Tuning{
			SampleEvery:   5 * time.Second,
			Smoothing:     15 * time.Second,
			HoldSamples:   3,
			Hysteresis:    0.05,
			Cooldown:      5 * time.Minute,
			ReturnAfter:   time.Hour,
			Deviations:    1,
			Coverage:      0.9,
			High:          0.8,
			Low:           0.5,
			GainMin:       0.05,
			MovesIn:       1,
			MovesOut:      1,
			DrainFailures: 5,
			Deadline:      Deadline{Base: time.Minute, PerGiB: time.Minute},
			OfferTTL:      10 * time.Second,
		},
		RetryEvery: 2 * time.Second,
		CommitWait: 10 * time.Second,
		ArmedTTL:   30 * time.Second,
		SettleMax:  2 * time.Minute,
	}
}

// configured switches to another configuration. Promises made under the old one remain
// valid. A faulty configuration changes nothing.
func (c *Core) configured(ev Configured) {
	if err := ev.Config.Validate(); err != nil {
		c.emit(ConfigRefused{Why: err.Error()})
		return
	}
	config := ev.Config.sorted()
	if config.HoldSamples != c.config.HoldSamples || config.Hysteresis != c.config.Hysteresis {
		c.load.levels = levels{hold: config.HoldSamples, hysteresis: config.Hysteresis}
		if c.recommended.levels != nil {
			c.recommended.levels = c.load.levels.clone()
		}
	}
	if c.config.Recommend && !config.Recommend {
		c.recommended.end() // what was only shown may be carried out now
	}
	c.config = config
	for _, t := range c.load.byID {
		t.joined = nil
	}
	c.load.horizon.coverage = config.Coverage
	c.answers.steady = 0 // any answer may differ at the next look
	c.emit(Observe{})
}

// sorted returns c with its labels sorted, each once.
func (c Config) sorted() Config {
	c.Labels = union(nil, c.Labels)
	return c
}

// moveDeadline returns how long the migration of a guest of this size may take, its
// memory and its volumes together. The part per GiB is at most TimeMost, so that the sum does not overflow.
func (c Config) moveDeadline(of Resources) time.Duration {
	size := (float64(of.MemoryBytes) + float64(of.DiskBytes)) / (1 << 30) * float64(c.Deadline.PerGiB)
	return c.Deadline.Base + time.Duration(min(size, float64(TimeMost)))
}
