package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parley/internal/version"
	"parley/models"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/report"
	"parley/sim/scenario"
)

// compared runs policies on a scenario; without names, those of the scenario.
func (b *book) compared(ctx context.Context, file string, seeds int, charts bool,
	names ...string) (report.Comparison, []compare.Result, error) {
	s, err := scenario.Open(filepath.Join(b.scenarios, file), scenario.Options{Data: b.data})
	if err != nil {
		return report.Comparison{}, nil, err
	}
	o := compare.Options{Scenario: s, Charts: charts}
	if len(names) == 0 {
		names = s.Policies
	}
	for _, name := range names {
		p, err := compare.Load(name, shipped)
		if err != nil {
			return report.Comparison{}, nil, err
		}
		o.Policies = append(o.Policies, p)
	}
	for seed := range seeds {
		o.Seeds = append(o.Seeds, uint64(seed+1))
	}
	end, err := b.keep(file, &o)
	if err != nil {
		return report.Comparison{}, nil, err
	}
	results, err := compare.Run(ctx, o)
	if err = errors.Join(err, end()); err != nil {
		return report.Comparison{}, nil, err
	}
	c := o.Comparison(results)
	c.Scenario = file
	if c.Made, err = made(o, file); err != nil {
		return report.Comparison{}, nil, err
	}
	return c, results, nil
}

// keep makes a comparison take the runs that finished in an earlier call, and add those
// that finish. end closes their file.
func (b *book) keep(file string, o *compare.Options) (end func() error, err error) {
	if b.kept == "" {
		return func() error { return nil }, nil
	}
	name := fmt.Sprintf("%s_%d.jsonl", strings.TrimSuffix(file, ".yaml"), len(o.Policies))
	kept, err := compare.OpenKeep(filepath.Join(b.kept, name), *o, "results")
	if err != nil {
		return nil, err
	}
	kept.Use(o)
	return kept.Close, nil
}

// made says how a comparison of the page was made. The names of files are those in the
// project, and not of the machine.
func made(o compare.Options, file string) (*report.Made, error) {
	in, err := o.Inputs()
	if err != nil {
		return nil, err
	}
	date, err := version.Date(os.Getenv(version.EpochVariable), time.Now)
	if err != nil {
		return nil, err
	}
	in.Scenario.Name = file
	for i, t := range in.Traces {
		in.Traces[i].Name = filepath.Base(t.Name)
	}
	return &report.Made{
		Version: version.Current(), Commit: version.Commit(), Date: date, Command: "make results", Scenario: in.Scenario, Traces: in.Traces,
	}, nil
}

func shipped(name string) ([]byte, error) {
	text, ok := models.Text(name)
	if !ok {
		return nil, fmt.Errorf("there is no shipped model %s", name)
	}
	return text, nil
}

// page writes the charts of a comparison as a separate page.
func (b *book) page(name string, c report.Comparison) error {
	out, err := os.Create(filepath.Join(b.docs, "results", name+".html"))
	if err != nil {
		return err
	}
	return errors.Join(report.HTML(out, c), out.Close())
}

// cost is the resource use of one run.
type cost struct {
	Seconds float64 // of processor time
	oneResult
}

// oneResult is what a run in a separate process prints.
type oneResult struct {
	Wall    float64 // seconds
	Peak    float64 // peak memory in MiB; 0: unknown
	Hosts   int
	Guests  int
	Events  int
	Figures sim.Figures
}

// alone runs one policy of a scenario in a separate process, to measure its cost.
func (b *book) alone(ctx context.Context, file, policy string, seed int) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	cmd := exec.CommandContext(ctx, self, "-one", filepath.Join(b.scenarios, file), "-data", b.data, policy, strconv.Itoa(seed))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return cost{}, fmt.Errorf("%s under %s: %w", file, policy, err)
	}
	var c cost
	if err := json.Unmarshal(out, &c.oneResult); err != nil {
		return c, err
	}
	c.Seconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	return c, nil
}

// runOne is the main function of that process.
func runOne(path string, o options, args []string) error {
	s, err := scenario.Open(path, scenario.Options{Data: o.data})
	if err != nil {
		return err
	}
	if len(args) != 2 {
		return errors.New("-one needs a policy and a seed")
	}
	seed, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return err
	}
	p, err := compare.Load(args[0], shipped)
	if err != nil {
		return err
	}
	compare.Roomy()
	results, err := compare.Run(context.Background(), compare.Options{Scenario: s, Policies: []compare.Policy{p}, Seeds: []uint64{seed}})
	if err != nil {
		return err
	}
	r := results[0]
	return json.NewEncoder(os.Stdout).Encode(oneResult{
		Wall: r.Took.Seconds(), Peak: peak(), Hosts: len(r.Site.After), Guests: r.Site.Guests, Events: r.Site.Events, Figures: r.Site.Figures,
	})
}
