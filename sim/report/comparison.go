package report

import (
	"errors"
	"fmt"
	"time"
)

// Comparison has the results of one scenario under one or more policies. The zero value
// is an empty comparison, which every renderer accepts.
type Comparison struct {
	Title    string    // the heading
	Scenario string    // the name of the scenario, usually its file
	Note     string    // text about the scenario; empty lines separate paragraphs
	Hosts    int       // 0 if unknown
	Guests   int       // 0 if unknown
	Off      string    // when a host that is shown as off is off; may be empty
	Part     string    // why this is a part of what was to be compared; "": it is all
	Measures []Measure // in the order of the columns
	Policies []Policy  // the first is the baseline of the others
	Made     *Made     // nil: nothing is said about it
	Front    *Front    // nil: there is none
}

// Measure describes a figure of each run.
type Measure struct {
	Key    string // in CSV and JSON and in Run.Values
	Name   string // in tables and charts; empty: Key
	Unit   string // empty for counts and shares
	Doc    string // one sentence: what it measures
	Better int    // -1: less is better; +1: more; 0: neither
	Digits int    // decimal digits in output for people
	Sum    bool   // it adds up over the run
	Effort bool   // what acting costs: a policy that does nothing is not the best in it
	Main   bool   // of a summary
	Group  string // measures of one group are shown together; may be empty

	Definition, Source string // more than Doc says, with code in back-quotes; may be empty
}

// Policy is a policy with its runs.
type Policy struct {
	Name   string
	Doc    string   // one sentence; may be empty
	Idle   bool     // it does nothing, whatever happens
	Runs   []Run    // one for each seed
	Models []Digest // of the texts that it enacts
	Texts  []string // these texts, in the same order; may be empty
	Aim    string   // the group of measures that it is for; "": unknown
}

// Run is one run. A value that is missing or NaN was not measured and is ignored; an
// infinite one counts ("never relieved"), and makes the mean infinite too.
type Run struct {
	Seed   uint64
	Ran    time.Duration      // the virtual time that it covers; 0: unknown
	Values map[string]float64 // by Measure.Key; others are ignored
	Course *Course            // nil unless this run is to be charted
}

// Course is the progress of a run by ticks. Each slice may be empty; otherwise it has
// one entry for each tick.
type Course struct {
	Step       time.Duration // between two ticks
	Hosts      []string      // names, in the order of the rows of the heat map
	Load       [][]float32   // [tick][host]: demand as a share of capacity, may exceed 1; negative: off or down
	On         []float64     // hosts that are neither off nor down
	Watts      []float64     // of all hosts
	Overloaded []float64     // hosts
	Deviation  []float64     // standard deviation of load over the running hosts
	Migrations []float64     // begun within the tick
	Messages   []float64     // sent within the tick
}

// label is the displayed name.
func (m Measure) label() string {
	if m.Name != "" {
		return m.Name
	}
	return m.Key
}

// ticks is the number of ticks.
func (c *Course) ticks() int {
	n := len(c.Load)
	for _, s := range c.series() {
		n = max(n, len(s.values))
	}
	return n
}

// Check returns an error with the place if a comparison cannot be shown unambiguously:
// policies, measures or runs with the same name, or a course whose slices differ in
// length.
func (c Comparison) Check() error {
	var errs []error
	keys := map[string]bool{}
	for i, m := range c.Measures {
		if m.Key == "" || keys[m.Key] {
			errs = append(errs, fmt.Errorf("measure %d: key %q is empty or taken: give each measure one of its own", i+1, m.Key))
		}
		keys[m.Key] = true
	}
	names := map[string]bool{}
	for i, p := range c.Policies {
		if p.Name == "" || names[p.Name] {
			errs = append(errs, fmt.Errorf("policy %d: name %q is empty or taken: give each policy one of its own", i+1, p.Name))
		}
		names[p.Name] = true
		errs = append(errs, p.check()...)
	}
	errs = append(errs, c.checkSpans(), c.checkFront())
	return errors.Join(errs...)
}

// checkSpans checks that the runs of a seed cover the same span of time.
func (c Comparison) checkSpans() error {
	type first struct {
		policy string
		ran    time.Duration
	}
	spans := map[uint64]first{}
	for _, p := range c.Policies {
		for _, r := range p.Runs {
			one, ok := spans[r.Seed]
			if !ok {
				spans[r.Seed] = first{p.Name, r.Ran}
				continue
			}
			if one.ran != r.Ran {
				return fmt.Errorf("seed %d ran for %v with %q and for %v with %q: sums of different spans cannot be compared: run both for the "+
					"same time", r.Seed, one.ran, one.policy, r.Ran, p.Name)
			}
		}
	}
	return nil
}

func (p Policy) check() []error {
	var errs []error
	seeds := map[uint64]bool{}
	for _, r := range p.Runs {
		if seeds[r.Seed] {
			errs = append(errs, fmt.Errorf("policy %q: seed %d is there twice: run each seed once", p.Name, r.Seed))
		}
		seeds[r.Seed] = true
		if err := r.Course.check(); err != nil {
			errs = append(errs, fmt.Errorf("policy %q, seed %d: %w", p.Name, r.Seed, err))
		}
	}
	return errs
}

func (c *Course) check() error {
	if c == nil {
		return nil
	}
	ticks := c.ticks()
	if ticks > 0 && c.Step <= 0 {
		return fmt.Errorf("course: step %v: must be above zero", c.Step)
	}
	for _, s := range c.series() {
		if len(s.values) != 0 && len(s.values) != ticks {
			return fmt.Errorf("course: %s has %d ticks, others have %d", s.key, len(s.values), ticks)
		}
	}
	if len(c.Load) != 0 && len(c.Load) != ticks {
		return fmt.Errorf("course: load has %d ticks, others have %d", len(c.Load), ticks)
	}
	for i, row := range c.Load {
		if len(row) != len(c.Hosts) {
			return fmt.Errorf("course: tick %d has the load of %d hosts, there are %d", i, len(row), len(c.Hosts))
		}
	}
	return nil
}

// mapped is the first run of a policy with the load of each host.
func (p Policy) mapped() (Run, bool) {
	for _, r := range p.Runs {
		if r.Course != nil && len(r.Course.Load) > 0 && len(r.Course.Hosts) > 0 {
			return r, true
		}
	}
	return Run{}, false
}
