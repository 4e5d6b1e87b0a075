package compare

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/enact"
	"parley/lcc"
	"parley/sim"
	"parley/sim/report"
	"parley/sim/scenario"
)

// Options configure a comparison.
type Options struct {
	Scenario *scenario.Scenario
	Policies []Policy
	Seeds    []uint64
	Shard    Shard
	// Charts keeps the course of every run, with the load of each host for the first seed
	// only.
	Charts bool
	// Courses keeps the course of every run, with the load of each host.
	Courses bool
	// Full makes each run cover the scenario's limit, so that it does not depend on the
	// other policies.
	Full bool
	// Wire encodes every frame, to count its bytes.
	Wire bool
	// AtOnce is the number of concurrent runs; default: the number of processors.
	AtOnce int
	// Progress receives the share of all runs that is done, from 0 to 1; calls do not
	// overlap. It may be nil.
	Progress func(share float64)
	// Kept returns a run that has finished before, which is then not run again. It may be
	// nil.
	Kept func(policy int, seed uint64) (Result, bool)
	// Finished receives each run that has finished; calls do not overlap, and an error
	// ends the comparison. It may be nil.
	Finished func(Result) error
	// Witness is told what happens in the run, where there is only one. It may be nil.
	Witness sim.Witness
}

// Policy is the set of models that all hosts enact.
type Policy struct {
	Name   string
	Models []*lcc.Model
	Texts  []string // of the models, in their order, with the values of parameters; may be empty
	// Verdicts are what is said of the texts, which hosts would enact all the same.
	Verdicts []enact.Verdict
}

// Text returns the text of a model by its name: a shipped one, or a file.
type Text func(name string) ([]byte, error)

// Load reads the models of a policy, "a+b"; "none" has no models.
// "a[gap=0.1;quiet=0.3]" gives the facts gap(_) and quiet(_) of the text these values.
// A model that no host would enact is refused.
func Load(name string, text Text) (Policy, error) {
	p := Policy{Name: name}
	if name == "none" {
		return p, nil
	}
	for _, part := range strings.Split(name, "+") {
		part, values, err := parameters(part)
		if err != nil {
			return p, err
		}
		data, err := text(part)
		if err != nil {
			return p, err
		}
		if data, err = set(part, data, values); err != nil {
			return p, err
		}
		v := enact.Compile(part, data, hostagent.Vocabulary())
		if v.Model == nil {
			return p, fmt.Errorf("policy %s: %s", part, v.Found[0])
		}
		// Hosts that enact nothing give figures that look like those of no policy.
		v.Judge(enact.Terms{})
		if why := v.Refusal(); why != nil {
			short := *why
			short.Detail = strings.TrimPrefix(why.Detail, part+": ")
			return p, fmt.Errorf("policy %s: no host would enact it: %w", part, &short)
		}
		p.Models = append(p.Models, v.Model)
		p.Verdicts = append(p.Verdicts, v)
		p.Texts = append(p.Texts, string(data))
	}
	return p, nil
}

// Result is the result of one run. All runs of a seed cover the same span.
type Result struct {
	Policy int
	Seed   uint64
	Site   sim.SiteResult
	Took   time.Duration // wall-clock time, roughly the processor time
	Done   bool          // false: it did not end
}

// Comparison makes a report of the results.
func (o Options) Comparison(results []Result) report.Comparison {
	c := o.frame()
	enter(&c, results)
	return c
}

// frame is a report without runs.
func (o Options) frame() report.Comparison {
	s := o.Scenario
	c := report.Comparison{Title: s.Title, Scenario: s.File(), Note: s.Note, Off: off(s.Power)}
	chosen := sim.Measures()
	if len(s.Figures) > 0 {
		chosen = pick(chosen, s.Figures)
	}
	for _, m := range chosen {
		if m.Key == "bytes_host" && !o.Wire {
			continue
		}
		c.Measures = append(c.Measures, measure(m))
	}
	for _, p := range o.Policies {
		c.Policies = append(c.Policies, report.Policy{
			Name: p.Name, Idle: len(p.Models) == 0, Models: p.Digests(), Texts: p.Texts, Aim: p.aim(),
		})
	}
	return c
}

// enter adds the results to the runs of a report.
func enter(c *report.Comparison, results []Result) {
	for _, r := range results {
		values := map[string]float64{}
		for _, m := range sim.Measures() {
			values[m.Key] = m.Of(r.Site.Figures)
		}
		run := report.Run{Seed: r.Seed, Ran: r.Site.Ran, Values: values}
		if course := r.Site.Course; course != nil {
			run.Course = (*report.Course)(course)
		}
		c.Policies[r.Policy].Runs = append(c.Policies[r.Policy].Runs, run)
		c.Hosts, c.Guests = len(r.Site.After), r.Site.Guests
	}
}

func pick(all []sim.Measure, keys []string) (chosen []sim.Measure) {
	for _, key := range keys {
		for _, m := range all {
			if m.Key == key {
				chosen = append(chosen, m)
			}
		}
	}
	return chosen
}

// Roomy lets more garbage accumulate than usual: a run allocates much and keeps little.
// It is for programs that do nothing else.
func Roomy() {
	debug.SetGCPercent(roomyPercent)
	debug.SetMemoryLimit(roomyMost)
}

const (
	roomyPercent = 250
	roomyMost    = 10 << 30 // above this the garbage collector runs more often again
)
