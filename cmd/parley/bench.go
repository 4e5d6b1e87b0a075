package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/lcc"
	"parley/sim"
)

func newBench() *cobra.Command {
	o := benchOptions{hosts: []int{4, 16, 64}, guests: []int{2, 8}, facts: []int{0, 16}}
	cmd := &cobra.Command{
		Use:   "bench POLICY",
		Short: "Measure what a step of a policy costs, by hosts, guests and facts",
		Long: `Measure what a step of a policy costs on this machine, by the number of hosts, of
guests on each and of facts (the labels of each host). For every row a simulated site
with loads that swing runs for --span of virtual time, once with the policy and once
without it. A step is an event that a host handles: a sample, a message, a timer. A look
is one search of an agent for its next event, and its cost in reductions does not depend
on the machine.

  parley bench agility
  parley bench --hosts 8,128 --guests 4 --facts 0 mine.lcc`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.measure(cmd, args[0]) },
	}
	cmd.ValidArgsFunction = completeModels()
	cmd.Flags().IntSliceVar(&o.hosts, "hosts", o.hosts, "numbers of hosts")
	cmd.Flags().IntSliceVar(&o.guests, "guests", o.guests, "numbers of guests on each host")
	cmd.Flags().IntSliceVar(&o.facts, "facts", o.facts, "numbers of labels of each host")
	cmd.Flags().DurationVar(&o.span, "span", 2*time.Minute, "virtual time of each run")
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "seed of the random numbers")
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON object")
	return cmd
}

type benchOptions struct {
	hosts, guests, facts []int
	span                 time.Duration
	seed                 uint64
	json                 bool
}

// benchRow is the cost of one size of a site. Numbers are of the run with the policy; those
// with a time depend on the machine.
type benchRow struct {
	Hosts      int     `json:"hosts"`
	Guests     int     `json:"guests"` // on each host at the beginning
	Facts      int     `json:"facts"`  // labels of each host
	Steps      int     `json:"steps"`
	Looks      uint64  `json:"looks"`
	Reductions uint64  `json:"reductions"`
	StepUs     float64 `json:"step_us"`         // of wall time for each step, the simulator's part included
	WithoutUs  float64 `json:"step_without_us"` // the same site without a policy
	HostMs     float64 `json:"host_minute_ms"`  // of wall time for each host and virtual minute
}

// Bounds of one row.
const (
	benchHostsMost  = 1024
	benchGuestsMost = 512
	benchFactsMost  = 16
)

func (o *benchOptions) valid() error {
	for _, dimension := range []struct {
		flag        string
		list        []int
		least, most int
	}{{"hosts", o.hosts, 2, benchHostsMost}, {"guests", o.guests, 1, benchGuestsMost}, {"facts", o.facts, 0, benchFactsMost}} {
		for _, n := range dimension.list {
			if n < dimension.least || n > dimension.most {
				return fmt.Errorf("--%s: %d is not from %d to %d", dimension.flag, n, dimension.least, dimension.most)
			}
		}
	}
	if o.span < time.Minute || o.span > 24*time.Hour {
		return errors.New("--span: give a time from 1m to 24h")
	}
	return nil
}

func (o *benchOptions) measure(cmd *cobra.Command, name string) error {
	if err := o.valid(); err != nil {
		return err
	}
	text, err := readModel(name)
	if err != nil {
		return wrong(err)
	}
	v := compileModel(name, text, hostagent.Vocabulary())
	for _, d := range v.Errors() {
		printJudged(cmd.ErrOrStderr(), d.Text(text))
	}
	if v.Model == nil {
		return wrongError{err: errors.New("the model has faults"), said: true}
	}
	var rows []benchRow
	for _, hosts := range o.hosts {
		for _, guests := range o.guests {
			for _, facts := range o.facts {
				if err := cmd.Context().Err(); err != nil {
					return err
				}
				row, err := o.row(v.Model, benchRow{Hosts: hosts, Guests: guests, Facts: facts})
				if err != nil {
					return wrong(err)
				}
				rows = append(rows, row)
			}
		}
	}
	if o.json {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"policy": name, "rows": rows})
	}
	printBench(cmd, rows)
	return nil
}

// row runs a site with and without the policy.
func (o *benchOptions) row(m *lcc.Model, row benchRow) (benchRow, error) {
	took, steps, _, err := o.enacted(benchSite(row))
	if err != nil {
		return row, err
	}
	row.WithoutUs = perStep(took, steps)
	site := benchSite(row)
	site.Policies = []*lcc.Model{m}
	took, steps, work, err := o.enacted(site)
	row.Steps, row.Looks, row.Reductions, row.StepUs = steps, work.Looks, work.Steps, perStep(took, steps)
	row.HostMs = float64(took.Microseconds()) / 1000 / float64(row.Hosts) / o.span.Minutes()
	return row, err
}

func perStep(took time.Duration, steps int) float64 {
	return float64(took.Nanoseconds()) / 1000 / float64(max(steps, 1))
}

// enacted runs a site for the span.
func (o *benchOptions) enacted(site sim.Site) (took time.Duration, steps int, work lcc.Work, err error) {
	site.Seed, site.Limit, site.Quiet = o.seed, o.span+time.Second, -1
	running, err := site.Start()
	if err != nil {
		return 0, 0, lcc.Work{}, err
	}
	runtime.GC()
	began := time.Now()
	err = running.To(o.span)
	took = time.Since(began)
	work = running.Work()
	return took, running.Result().Events, work, err
}

// benchSite is a site in which half of the hosts swing between busy and idle against the
// other half, so that the policy always has something to do.
func benchSite(row benchRow) (site sim.Site) {
	const cores = 16
	swing := func(first float32) []float32 {
		values := make([]float32, 24*60)
		for i := range values {
			values[i] = first
			if i%4 > 1 {
				values[i] = 1 - first
			}
		}
		return values
	}
	for h := range row.Hosts {
		host := sim.SiteHost{Name: fmt.Sprintf("h%d", h+1), Capacity: hostagent.Resources{CPU: cores, MemoryBytes: 1 << 40}}
		for f := range row.Facts {
			host.Labels = append(host.Labels, fmt.Sprintf("l%d=v%d", f+1, h%3))
		}
		site.Hosts = append(site.Hosts, host)
		share := cores / float64(row.Guests)
		for g := range row.Guests {
			site.Guests = append(site.Guests, sim.SiteGuest{
				Name: fmt.Sprintf("g%d.%d", h+1, g+1), Host: host.Name, Declared: hostagent.Resources{CPU: share, MemoryBytes: 1 << 30},
				Load: &sim.Samples{Step: time.Minute, Values: swing([]float32{0.95, 0.1}[h%2]), Cores: share},
			})
		}
	}
	return site
}

func printBench(cmd *cobra.Command, rows []benchRow) {
	t := newTable(cmd.OutOrStdout(), "hosts", "guests", "facts", "steps", "looks", "reductions/look", "us/step", "us/step without",
		"ms/host/min")
	count := func(n int) amount { return amount(fmt.Sprint(n)) }
	for _, r := range rows {
		t.AppendRow(table.Row{count(r.Hosts), count(r.Guests), count(r.Facts), count(r.Steps), amount(fmt.Sprint(r.Looks)),
			amount(fmt.Sprintf("%.1f", float64(r.Reductions)/float64(max(r.Looks, 1)))), amount(fmt.Sprintf("%.1f", r.StepUs)),
			amount(fmt.Sprintf("%.1f", r.WithoutUs)), amount(fmt.Sprintf("%.2f", r.HostMs))})
	}
	t.print()
}
