package report

import (
	"errors"
	"fmt"
	"time"
)

// Comparison is what one scenario made of one or more policies. The zero value
// is an empty comparison, which every renderer accepts.
type Comparison struct {
	Title    string // what a reader sees first
	Scenario string // the name of the scenario, mostly its file
	Note     string // prose on the scenario; empty lines part paragraphs
	Hosts    int    // 0 if not known
	Guests   int    // 0 if not known
	Duration time.Duration
	Measures []Measure // in the order of the columns
	Policies []Policy  // the first is what the others are compared with
}

// Measure is a figure that each run has.
type Measure struct {
	Key    string // in CSV and JSON and in Run.Values
	Name   string // in tables and charts; empty means Key
	Unit   string // empty for counts and shares
	Doc    string // one sentence: what it counts
	Better int    // -1 less is better, +1 more is, 0 neither
	Digits int    // digits after the decimal point where people read it
}

// Policy is a way to place guests, with the runs that were made under it.
type Policy struct {
	Name string
	Doc  string // one sentence, may be empty
	Runs []Run  // one a seed
}

// Run is one run. A value that is missing or NaN was not measured and counts
// for nothing; an infinite one counts ("never relieved"), and makes the mean
// infinite too.
type Run struct {
	Seed   uint64
	Values map[string]float64 // by Measure.Key; others are ignored
	Course *Course            // nil, unless this run is to be charted
}

// Course is how one run went, tick by tick. Each slice of it may be empty; those
// that are not have one entry a tick.
type Course struct {
	Step       time.Duration // between two ticks
	Hosts      []string      // names, in the order of the rows of the heat map
	Load       [][]float32   // [tick][host]: demand as a share of capacity, may pass 1; negative: off or down
	Watts      []float64     // of all hosts
	Overloaded []float64     // hosts
	Deviation  []float64     // standard deviation of load over the hosts that are on
	Migrations []float64     // begun within the tick
	Messages   []float64     // sent within the tick
}

// label is what people read.
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

// Check returns an error, naming the place, where a comparison could not be
// shown without mixing things up: two policies, measures or runs that could not
// be told apart, or a course whose parts differ in length.
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
	return errors.Join(errs...)
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

// charted is the run of a policy whose course is shown: the first that has one.
func (p Policy) charted() (Run, bool) {
	for _, r := range p.Runs {
		if r.Course != nil && r.Course.ticks() > 0 {
			return r, true
		}
	}
	return Run{}, false
}
