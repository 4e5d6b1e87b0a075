package hostagent

import (
	"cmp"
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

// TimeMost is the longest time of a Config.
const TimeMost = 10_000 * time.Hour

// Limits of a Config's lists.
const (
	rulesMost  = 1_000
	powerMost  = 1_000     // points of the curve
	wattsMost  = 1_000_000 // of a host
	patternMax = 256       // bytes
	// surviveMost bounds how many failures at one time are searched for.
	surviveMost = 3
)

// The shares next to 0 and to 1, where a range leaves these out.
const (
	aboveNone = math.SmallestNonzeroFloat64
	belowAll  = 1 - 1.0/(1<<53)
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
	faults := slices.Concat(c.checkTimes(), c.checkNumbers())
	if c.High > 0 && c.Low >= c.High {
		faults = append(faults, fault("Low", "is %g: give a level below that of overload, which is %g", c.Low, c.High))
	}
	return slices.Concat(faults, c.checkLabels(), c.checkRules(), c.checkPower())
}

// bound is the range of a field.
type bound[T int | int64 | float64 | time.Duration] struct {
	field       string
	value       T
	least, most T
	give        string // what belongs there; "": least to most
}

// outside returns the fields that are outside of their ranges.
func outside[T int | int64 | float64 | time.Duration](bounds []bound[T]) (faults []FieldFault) {
	for _, b := range bounds {
		if !(b.value >= b.least && b.value <= b.most) { // NaN is in no range
			give := cmp.Or(b.give, fmt.Sprintf("%v to %v", b.least, b.most))
			faults = append(faults, fault(b.field, "is %v: give %s", b.value, give))
		}
	}
	return faults
}

func (c Config) checkTimes() []FieldFault {
	return outside([]bound[time.Duration]{
		{"SampleEvery", c.SampleEvery, 100 * time.Millisecond, TimeMost, ""},
		{"Smoothing", c.Smoothing, 0, TimeMost, ""},
		{"Cooldown", c.Cooldown, 0, TimeMost, ""},
		{"ReturnAfter", c.ReturnAfter, 0, TimeMost, ""},
		{"OfferTTL", c.OfferTTL, time.Second, TimeMost, ""},
		{"Deadline.Base", c.Deadline.Base, time.Second, TimeMost, ""},
		{"Deadline.PerGiB", c.Deadline.PerGiB, 0, TimeMost, ""},
		{"RetryEvery", c.RetryEvery, 100 * time.Millisecond, TimeMost, ""},
		{"CommitWait", c.CommitWait, time.Second, TimeMost, ""},
		{"ArmedTTL", c.ArmedTTL, time.Second, TimeMost, ""},
		{"SettleMax", c.SettleMax, time.Second, TimeMost, ""},
		{"Platform.DowntimeMax", c.Platform.DowntimeMax, 0, TimeMost, ""},
	})
}

func (c Config) checkNumbers() []FieldFault {
	return slices.Concat(
		outside([]bound[int]{
			{"HoldSamples", c.HoldSamples, 1, 1000, ""},
			{"MovesIn", c.MovesIn, 1, 100, ""},
			{"MovesOut", c.MovesOut, 1, 100, ""},
			{"Survive", c.Moves.Survive, 0, surviveMost, "how many hosts may fail at one time, or 0"},
			{"DrainFailures", c.DrainFailures, 0, 1_000_000, ""},
		}),
		outside([]bound[float64]{
			{"Hysteresis", c.Hysteresis, 0, belowAll, "a share of capacity, from 0 up to below 1"},
			{"Deviations", c.Deviations, 0, 10, ""},
			{"Coverage", c.Coverage, aboveNone, belowAll, "a share above 0 and below 1"},
			{"High", c.High, aboveNone, 1, "a share of capacity, above 0 and at most 1"},
			{"Low", c.Low, 0, belowAll, "a share of capacity, from 0 up to below the level of overload"},
			{"GainMin", c.GainMin, 0, 1, ""},
		}),
		outside([]bound[int64]{
			{"Platform.BandwidthMax", c.Platform.BandwidthMax, 0, math.MaxInt64, "bytes per second, or 0 for no limit"},
		}),
	)
}

func fault(field, format string, args ...any) FieldFault {
	return FieldFault{field, fmt.Sprintf(format, args...)}
}

func (c Config) checkLabels() []FieldFault {
	if err := label.CheckAll(union(nil, c.Labels)); err != nil {
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
		if f.Kind != "" && !slices.Contains(Kinds(), f.Kind) {
			faults = append(faults, fault(at+".Kind", "is %q: write vm, container or process", f.Kind))
		}
		if _, err := path.Match(f.Guests, ""); err != nil || f.Guests == "" && f.Kind == "" || len(f.Guests) > patternMax {
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
	for i := 1; i < len(c.Power); i++ {
		if c.Power[i] < c.Power[i-1] {
			return []FieldFault{fault(fmt.Sprintf("Power[%d]", i), "is %g, less than the %g before: a machine takes no less at a higher load",
				c.Power[i], c.Power[i-1])}
		}
	}
	i := slices.IndexFunc(c.Power, func(watts float64) bool { return !(watts >= 0 && watts <= wattsMost) })
	if i >= 0 {
		return []FieldFault{fault(fmt.Sprintf("Power[%d]", i), "is %g: give watts, 0 to %d", c.Power[i], wattsMost)}
	}
	return nil
}
