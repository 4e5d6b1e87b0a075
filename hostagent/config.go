package hostagent

import (
	"fmt"
	"math"
	"path"
	"time"

	"parley/internal/label"
)

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

// Validate says which field makes no sense.
func (c Config) Validate() error {
	_, err := c.withDefaults()
	return err
}

// configured lives by another configuration from now on. What was promised
// under the old one stands.
func (c *Core) configured(ev Configured) error {
	config, err := ev.Config.withDefaults()
	if err != nil {
		return fmt.Errorf("hostagent: Configured: %w", err)
	}
	if config.HoldSamples != c.config.HoldSamples || config.Hysteresis != c.config.Hysteresis {
		c.levels = levels{hold: config.HoldSamples, hysteresis: config.Hysteresis}
	}
	c.config = config
	c.horizon.coverage = config.Coverage
	c.steady = 0 // any answer may be another one at the next look
	c.emit(Observe{})
	return nil
}

// withDefaults returns c with the defaults filled in, or an error that names
// the field that makes no sense.
func (c Config) withDefaults() (Config, error) {
	err := firstError(
		span("SampleEvery", &c.SampleEvery, 5*time.Second),
		span("Smoothing", &c.Smoothing, 15*time.Second),
		span("Cooldown", &c.Cooldown, 5*time.Minute),
		span("ReturnAfter", &c.ReturnAfter, time.Hour),
		span("OfferTTL", &c.OfferTTL, 10*time.Second),
		span("MoveDeadline", &c.MoveDeadline, time.Minute),
		span("MoveDeadlinePerGiB", &c.MoveDeadlinePerGiB, time.Minute),
		span("RetryEvery", &c.RetryEvery, 2*time.Second),
		span("CommitWait", &c.CommitWait, 10*time.Second),
		span("ArmedTTL", &c.ArmedTTL, 30*time.Second),
		span("SettleMax", &c.SettleMax, 2*time.Minute),
		span("DowntimeMax", &c.DowntimeMax, 0),
		count("HoldSamples", &c.HoldSamples, 3, 1000),
		count("MovesIn", &c.MovesIn, 1, 1000),
		count("MovesOut", &c.MovesOut, 1, 1000),
		fraction("Hysteresis", &c.Hysteresis, 0.05, 1),
		fraction("Coverage", &c.Coverage, 0.9, 1),
		fraction("High", &c.High, 0.8, 10),
		fraction("Low", &c.Low, 0.5, 10),
		fraction("GainMin", &c.GainMin, 0.05, 1),
		fraction("Deviations", &c.Deviations, 1, 10),
	)
	if err == nil {
		err = firstError(c.checkRules(), c.checkPower())
	}
	c.Labels = union(nil, c.Labels)
	if err == nil && c.BandwidthMax < 0 {
		err = fmt.Errorf("%s is %d: give bytes per second, or 0 for no limit", "BandwidthMax", c.BandwidthMax)
	}
	if err == nil && c.Low >= c.High {
		err = fmt.Errorf("the level %s is %g and %s is %g: the level of underload must be the lower one", "Low", c.Low, "High", c.High)
	}
	return c, err
}

func (c Config) checkPower() error {
	if len(c.Power) == 1 {
		return fmt.Errorf("%s has one value: give the watts at even steps of load, at least at none and at full load", "Power")
	}
	for i, watts := range c.Power {
		if !(watts >= 0) || math.IsInf(watts, 0) {
			return fmt.Errorf("%s[%d] is %g: give watts, 0 or more", "Power", i, watts)
		}
	}
	return nil
}

func (c Config) checkRules() error {
	if err := label.CheckAll(c.Labels); err != nil {
		return fmt.Errorf("%s: %w", "Labels", err)
	}
	for i, f := range c.Rules {
		if _, err := path.Match(f.Guests, ""); err != nil || f.Guests == "" {
			return fmt.Errorf("%s[%d].Guests is %q: give a pattern of guests' names, such as web-*", "Rules", i, f.Guests)
		}
		if err := f.Rules.Validate(); err != nil {
			return fmt.Errorf("%s[%d]: %w", "Rules", i, err)
		}
	}
	return nil
}

func span(key string, value *time.Duration, standard time.Duration) error {
	switch {
	case *value == 0:
		*value = standard
	case *value < 0 || *value > 10000*time.Hour:
		return fmt.Errorf("%s is %v: give a time above 0 and below 10000h, or 0 for %v", key, *value, standard)
	}
	return nil
}

func count(key string, value *int, standard, most int) error {
	switch {
	case *value == 0:
		*value = standard
	case *value < 0 || *value > most:
		return fmt.Errorf("%s is %d: give 1 to %d, or 0 for %d", key, *value, most, standard)
	}
	return nil
}

func fraction(key string, value *float64, standard, most float64) error {
	switch {
	case *value == 0:
		*value = standard
	case math.IsNaN(*value) || *value < 0 || *value > most:
		return fmt.Errorf("%s is %g: give a number above 0 and up to %g, or 0 for %g", key, *value, most, standard)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// moveDeadline is how long the migration of a guest of this size may take.
func (c Config) moveDeadline(memoryBytes int64) time.Duration {
	return c.MoveDeadline + time.Duration(float64(memoryBytes)/(1<<30)*float64(c.MoveDeadlinePerGiB))
}
