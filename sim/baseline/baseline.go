package baseline

import (
	"fmt"
	"slices"
	"strings"

	"parley/sim/power"
	"parley/sim/trace"
)

// Policy is a consolidation policy of the experiment.
type Policy string

// The policies of the experiment, with the names of the paper.
const (
	NeverOff Policy = "never off" // all hosts at full power, no migration
	DVFS     Policy = "DVFS"      // power follows load, no migration
	THRMMT   Policy = "THR-MMT"
	IQRMMT   Policy = "IQR-MMT"
	MADMMT   Policy = "MAD-MMT"
	LRMMT    Policy = "LR-MMT"
)

// Policies lists all policies.
var Policies = []Policy{NeverOff, DVFS, THRMMT, IQRMMT, MADMMT, LRMMT}

// safeties are the parameters of the paper.
var safeties = map[Policy]float64{THRMMT: 0.8, IQRMMT: 1.5, MADMMT: 2.5, LRMMT: 1.2}

// Options configure a run. Only Series is required.
type Options struct {
	// Series are the loads of the guests, shares of their own CPU from 0 to 1: a
	// day of PlanetLab.
	Series []trace.Series
	// Policy defaults to LR-MMT.
	Policy Policy
	// Safety is the parameter of the policy's overload test; 0 means the paper's (THR
	// 0.8, IQR 1.5, MAD 2.5, LR 1.2).
	Safety float64
	// Hosts defaults to 800.
	Hosts int
	// Stock restores the two faults of CloudSim 3.0.3.
	Stock bool
}

// Result is the result of a run.
type Result struct {
	Policy Policy
	Safety float64 // 0 if the policy has none
	Stock  bool
	power.Figures
	// CountedSLATAH is SLATAH as CloudSim computes it, and as in Rows. Even without
	// the faults it differs from Figures.SLATAH in two ways: rounding counts some of
	// the guests that are moving out as not fully served, and a guest that wants more
	// than one core of its host counts as a violation.
	CountedSLATAH float64
	// Deleted is the number of guests that a stock run deleted.
	Deleted int
}

// CountedSLAV is CountedSLATAH x PDM.
func (r Result) CountedSLAV() float64 { return r.CountedSLATAH * r.PDM }

// Run simulates the day. The same options give the same result. An error means invalid
// options.
func Run(o Options) (Result, error) {
	if o.Policy == "" {
		o.Policy = LRMMT
	}
	if o.Safety == 0 {
		o.Safety = safeties[o.Policy]
	}
	if err := o.check(); err != nil {
		return Result{}, err
	}
	r, err := newRun(o)
	if err != nil {
		return Result{}, err
	}
	r.day()
	return Result{
		Policy: o.Policy, Safety: o.Safety, Stock: o.Stock,
		Figures: r.meter.Figures(), CountedSLATAH: r.counted.Figures().SLATAH, Deleted: r.deleted,
	}, nil
}

func (o *Options) check() error {
	switch {
	case !slices.Contains(Policies, o.Policy):
		var names []string
		for _, p := range Policies {
			names = append(names, string(p))
		}
		return fmt.Errorf("baseline: there is no policy %q; choose one of %s", o.Policy, strings.Join(names, ", "))
	case !(o.Safety >= 0) || o.Safety > 0 && safeties[o.Policy] == 0:
		return fmt.Errorf("baseline: %s cannot have the safety parameter %v; leave it 0", o.Policy, o.Safety)
	case o.Hosts < 0:
		return fmt.Errorf("baseline: %d hosts; give 0 (which is %d) or more", o.Hosts, hostsDefault)
	case len(o.Series) == 0:
		return fmt.Errorf("baseline: no guest; give a series for each, such as trace.Open returns")
	}
	for _, s := range o.Series {
		if len(s.CPU) < 2 || s.Step <= 0 || s.Start != 0 {
			return fmt.Errorf("baseline: guest %q has no load over time; wanted two samples or more from time 0", s.Name)
		}
		for i, load := range s.CPU {
			if !(load >= 0 && load <= 1) {
				return fmt.Errorf("baseline: guest %q has a load of %v in sample %d; wanted shares of its CPU from 0 to 1, as PlanetLab traces have",
					s.Name, load, i)
			}
		}
	}
	return nil
}

func newRun(o Options) (*run, error) {
	newFleet := NewFleet
	r := &run{stock: o.Stock}
	switch o.Policy {
	case NeverOff:
		r.neverOff = true
		newFleet = firstFitFleet
	case DVFS:
		newFleet = firstFitFleet
	case THRMMT:
		r.overloaded = above(o.Safety)
	case IQRMMT:
		r.overloaded = aboveSpread(o.Safety, interquartile)
	case MADMMT:
		r.overloaded = aboveSpread(o.Safety, medianDeviation)
	case LRMMT:
		r.overloaded = predictedFull(o.Safety)
	}
	fleet, err := newFleet(len(o.Series), o.Hosts)
	if err != nil {
		return nil, err
	}
	curves := make([]power.Curve, len(fleet.Hosts))
	for i := range fleet.Hosts {
		curves[i] = fleet.Hosts[i].Curve
		r.hosts = append(r.hosts, &host{Host: &fleet.Hosts[i], index: i})
	}
	for i := range fleet.Guests {
		g := &guest{Guest: &fleet.Guests[i], index: i, series: &o.Series[i], home: r.hosts[fleet.Placement[i]]}
		r.guests = append(r.guests, g)
		g.home.add(g, false)
	}
	r.meter = power.NewMeter(curves, len(r.guests))
	r.counted = power.NewMeter(curves, 0)
	return r, nil
}
