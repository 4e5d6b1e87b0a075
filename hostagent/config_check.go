package hostagent

import (
	"fmt"
	"math"
	"path"
	"slices"
	"time"

	"parley/internal/label"
)

// FieldFault is an invalid field of a Config. Field is its path, such as
// Rules[1].Guests; Text says what is wrong and what to give.
type FieldFault struct{ Field, Text string }

func (f FieldFault) Error() string { return f.Field + " " + f.Text }

// Limits of a Config.
const (
	spanMost   = 10_000 * time.Hour
	rulesMost  = 1_000
	powerMost  = 1_000     // points of the curve
	wattsMost  = 1_000_000 // of a host
	patternMax = 256       // bytes
)

// Validate returns the first invalid field as a FieldFault.
func (c Config) Validate() error {
	if faults := c.Faults(); len(faults) > 0 {
		return faults[0]
	}
	return nil
}

// Faults returns all invalid fields.
func (c Config) Faults() []FieldFault {
	_, faults := c.withDefaults()
	return faults
}

// withDefaults returns c with the defaults filled in, and its invalid fields.
func (c Config) withDefaults() (Config, []FieldFault) {
	var faults []FieldFault
	for _, f := range []struct {
		field    string
		value    *time.Duration
		standard time.Duration
	}{
		{"SampleEvery", &c.SampleEvery, 5 * time.Second}, {"Smoothing", &c.Smoothing, 15 * time.Second},
		{"Cooldown", &c.Cooldown, 5 * time.Minute}, {"ReturnAfter", &c.ReturnAfter, time.Hour},
		{"OfferTTL", &c.OfferTTL, 10 * time.Second}, {"MoveDeadline", &c.MoveDeadline, time.Minute},
		{"MoveDeadlinePerGiB", &c.MoveDeadlinePerGiB, time.Minute}, {"RetryEvery", &c.RetryEvery, 2 * time.Second},
		{"CommitWait", &c.CommitWait, 10 * time.Second}, {"ArmedTTL", &c.ArmedTTL, 30 * time.Second},
		{"SettleMax", &c.SettleMax, 2 * time.Minute}, {"DowntimeMax", &c.DowntimeMax, 0},
	} {
		faults = append(faults, span(f.field, f.value, f.standard)...)
	}
	for _, f := range []struct {
		field    string
		value    *int
		standard int
	}{{"HoldSamples", &c.HoldSamples, 3}, {"MovesIn", &c.MovesIn, 1}, {"MovesOut", &c.MovesOut, 1}} {
		faults = append(faults, count(f.field, f.value, f.standard, 1000)...)
	}
	for _, f := range []struct {
		field          string
		value          *float64
		standard, most float64
	}{
		{"Hysteresis", &c.Hysteresis, 0.05, 1}, {"Coverage", &c.Coverage, 0.9, 1}, {"High", &c.High, 0.8, 10},
		{"Low", &c.Low, 0.5, 10}, {"GainMin", &c.GainMin, 0.05, 1}, {"Deviations", &c.Deviations, 1, 10},
	} {
		faults = append(faults, fraction(f.field, f.value, f.standard, f.most)...)
	}
	c.Labels = union(nil, c.Labels)
	faults = append(faults, c.checkLabels()...)
	faults = append(faults, c.checkRules()...)
	faults = append(faults, c.checkPower()...)
	if c.BandwidthMax < 0 {
		faults = append(faults, fault("BandwidthMax", "is %d: give bytes per second, or 0 for no limit", c.BandwidthMax))
	}
	if c.Low >= c.High {
		faults = append(faults, fault("Low", "is %g and High is %g: the level of underload must be the lower one", c.Low, c.High))
	}
	return c, faults
}

func fault(field, format string, args ...any) FieldFault {
	return FieldFault{field, fmt.Sprintf(format, args...)}
}

func (c Config) checkLabels() []FieldFault {
	if err := label.CheckAll(c.Labels); err != nil {
		return []FieldFault{fault("Labels", "%v", err)}
	}
	return nil
}

func (c Config) checkRules() (faults []FieldFault) {
	if len(c.Rules) > rulesMost {
		return []FieldFault{fault("Rules", "are %d: give at most %d", len(c.Rules), rulesMost)}
	}
	for i, f := range c.Rules {
		at := fmt.Sprintf("Rules[%d]", i)
		if _, err := path.Match(f.Guests, ""); err != nil || f.Guests == "" || len(f.Guests) > patternMax {
			faults = append(faults, fault(at+".Guests", "is %q: give a pattern of guests' names, such as web-*", f.Guests))
		}
		if err := f.Rules.Validate(); err != nil {
			faults = append(faults, fault(at, "%v", err))
		}
	}
	return faults
}

func (c Config) checkPower() []FieldFault {
	if n := len(c.Power); n == 1 || n > powerMost {
		return []FieldFault{fault("Power", "has %d values: give the watts at even steps of load, from none to full, 2 to %d of them",
			n, powerMost)}
	}
	i := slices.IndexFunc(c.Power, func(watts float64) bool { return !(watts >= 0 && watts <= wattsMost) })
	if i >= 0 {
		return []FieldFault{fault(fmt.Sprintf("Power[%d]", i), "is %g: give watts, 0 to %d", c.Power[i], wattsMost)}
	}
	return nil
}

func span(field string, value *time.Duration, standard time.Duration) []FieldFault {
	if *value == 0 {
		*value = standard
	}
	if *value < 0 || *value > spanMost {
		return []FieldFault{fault(field, "is %v: give a time above 0, at most %v", *value, spanMost)}
	}
	return nil
}

func count(field string, value *int, standard, most int) []FieldFault {
	if *value == 0 {
		*value = standard
	}
	if *value < 0 || *value > most {
		return []FieldFault{fault(field, "is %d: give 1 to %d", *value, most)}
	}
	return nil
}

func fraction(field string, value *float64, standard, most float64) []FieldFault {
	if *value == 0 {
		*value = standard
	}
	if math.IsNaN(*value) || *value < 0 || *value > most {
		return []FieldFault{fault(field, "is %g: give a number above 0, at most %g", *value, most)}
	}
	return nil
}
