// Package backtest replays a record of a site under the policy that was in force and under
// others, and says in which figures these are worse.
package backtest

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"parley/sim"
	"parley/sim/compare"
	"parley/sim/scenario"
)

// slack says how much greater a figure may be before it is worse: by a share of what it was,
// and by an amount that is no matter on a site where it is small. With a share below 0 less
// is worse: a policy that kept hosts empty is to keep them empty.
type slack struct {
	key           string
	share, amount float64
}

// guarded are the figures by which a policy is judged. A run of the same policy with another
// seed differs by less.
var guarded = []slack{
	{"unserved", 0.15, 0.02}, // percentage points
	{"deviation", 0.15, 0.01},
	{"energy", 0.03, 0},
	{"migrations", 0.3, 5},
	{"ping_pongs", 0.3, 3},
	{"messages_host_hour", 0.5, 10},
	{"deals_refused", 0.5, 10},
	{"deals_failed", 0.5, 3},
	{"hosts_empty", -0.15, 0.5},
}

// Frozen is the key of the figure that counts agents of models that wait since one of their
// actions failed.
const Frozen = "frozen"

// frozenAfter is how long an agent may wait.
const frozenAfter = 30 * time.Minute

// Row is one figure under both policies.
type Row struct {
	Key    string  `json:"key"`
	Name   string  `json:"name"`
	Unit   string  `json:"unit,omitempty"`
	Digits int     `json:"-"`
	Old    float64 `json:"old"`
	New    float64 `json:"new"`
	Worse  bool    `json:"worse"`
}

// Report is a policy beside the one that was in force.
type Report struct {
	Record string `json:"record"`
	Old    string `json:"old"`
	New    string `json:"new"`
	Rows   []Row  `json:"figures,omitempty"`
	// Failed is why the new policy cannot be replayed, such as an agent of it that ended; "":
	// it can.
	Failed string `json:"failed,omitempty"`
}

// Passes says whether the new policy is not worse.
func (r Report) Passes() bool { return r.Failed == "" && len(r.Worse()) == 0 }

// Worse lists the figures in which the new policy is worse.
func (r Report) Worse() (list []Row) {
	for _, row := range r.Rows {
		if row.Worse {
			list = append(list, row)
		}
	}
	return list
}

// Text says in one line in what the new policy is worse; "": in nothing.
func (r Report) Text() string {
	if r.Failed != "" {
		return r.Failed
	}
	var parts []string
	for _, row := range r.Worse() {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %.*f instead of %.*f %s", row.Name, row.Digits, row.New, row.Digits, row.Old,
			row.Unit)))
	}
	return strings.Join(parts, ", ")
}

// Options say what is replayed.
type Options struct {
	Record *scenario.Scenario
	Old    compare.Policy
	New    []compare.Policy
	Seeds  int // of when agents start; default 1
	// Run runs simulations, and may show their progress; default: compare.Run.
	Run func(context.Context, compare.Options) ([]compare.Result, error)
}

// Comparison is the comparison that Run runs: the old policy and the new ones.
func (o Options) Comparison() compare.Options {
	run := compare.Options{Scenario: o.Record, Policies: append([]compare.Policy{o.Old}, o.New...)}
	for seed := range max(1, o.Seeds) {
		run.Seeds = append(run.Seeds, uint64(seed)+1)
	}
	return run
}

// Run replays the record under all policies. A new one that cannot be run is reported.
func Run(ctx context.Context, o Options) (reports []Report, err error) {
	if o.Run == nil {
		o.Run = compare.Run
	}
	results, err := o.Run(ctx, o.Comparison())
	if err == nil {
		n := len(o.Comparison().Seeds)
		for i, p := range o.New {
			r := o.report(p)
			r.Rows = judge(results[:n], results[(i+1)*n:(i+2)*n])
			reports = append(reports, r)
		}
		return reports, nil
	}
	var old []compare.Result
	// One of them fails: who it is shows when each runs alone.
	for _, p := range append([]compare.Policy{o.Old}, o.New...) {
		one := o
		one.Old, one.New = p, nil
		results, failed := o.Run(ctx, one.Comparison())
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case reports == nil && failed != nil:
			return nil, fmt.Errorf("the policy that was in force cannot be replayed: %w", failed)
		case reports == nil:
			reports, old = []Report{}, results
			continue
		}
		r := o.report(p)
		if failed != nil {
			r.Failed = failed.Error()
		} else {
			r.Rows = judge(old, results)
		}
		reports = append(reports, r)
	}
	return reports, nil
}

func (o Options) report(p compare.Policy) Report {
	return Report{Record: o.Record.File(), Old: o.Old.Name, New: p.Name}
}

// judge compares the means of the runs of two policies.
func judge(old, now []compare.Result) (rows []Row) {
	for _, m := range sim.Measures() {
		for _, g := range guarded {
			if m.Key != g.key {
				continue
			}
			of := func(r compare.Result) float64 { return m.Of(r.Site.Figures) }
			row := Row{Key: m.Key, Name: m.Name, Unit: m.Unit, Digits: m.Digits, Old: mean(old, of), New: mean(now, of)}
			if math.IsNaN(row.Old) || math.IsNaN(row.New) {
				continue // the watts of a host are not known
			}
			row.Worse = row.New > row.Old*(1+g.share)+g.amount
			if g.share < 0 {
				row.Worse = row.New < row.Old*(1+g.share)-g.amount
			}
			rows = append(rows, row)
		}
	}
	row := Row{Key: Frozen, Name: "agents that wait for ever", Old: mean(old, frozen), New: mean(now, frozen)}
	row.Worse = row.New > row.Old
	return append(rows, row)
}

func mean(results []compare.Result, of func(compare.Result) float64) float64 {
	sum := 0.0
	for _, r := range results {
		sum += of(r)
	}
	return sum / float64(len(results))
}

func frozen(r compare.Result) float64 {
	n := 0.0
	for _, f := range r.Site.Frozen {
		if f.For >= frozenAfter {
			n++
		}
	}
	return n
}
