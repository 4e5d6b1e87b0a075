package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/yamlfile"
	"parley/models/publish/bundle"
	"parley/sim/compare"
	"parley/sim/scenario"
)

func newSim() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Try policies on a simulated site",
		Long: `Run policies on a simulated site: its hosts run the agents' own code in virtual time,
with the network and the guests that a scenario describes (docs/scenarios.md).
docs/figures.md defines the results.`,
	}
	group(cmd, newSimRun(), newSimCompare(), newSimMerge(), newSimTune(), newSimBacktest(), newSimReplay(), newSimExplain(), newSimExport())
	for _, c := range cmd.Commands() {
		if c.ValidArgsFunction == nil {
			c.ValidArgsFunction = completeFiles("yaml")
		}
	}
	return cmd
}

// simOptions are the flags that all runs share.
type simOptions struct {
	policy  []string
	data    string
	profile string
	wire    bool
}

func (o *simOptions) flags(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&o.policy, "policy", nil, "policies, by name or file; a+b: both on every host; none: no guest moves "+
		"(default: those of the scenario)")
	completesFlag(cmd, "policy", completeModels("none"))
	o.plainFlags(cmd)
	cmd.Flags().BoolVar(&o.wire, "wire", false, "count the bytes of all frames, which takes longer")
}

// plainFlags are those of a command that chooses its policies itself.
func (o *simOptions) plainFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.data, "data", os.Getenv("PARLEY_DATA"), "directory of load traces (PARLEY_DATA)")
	cmd.Flags().StringVar(&o.profile, "profile", "", "write a CPU profile to this file")
}

// open reads the scenario and the policies.
func (o *simOptions) open(path string) (*scenario.Scenario, []compare.Policy, error) {
	s, err := openScenario(path, o.data)
	if err != nil {
		return nil, nil, err
	}
	names, dir := o.policy, ""
	if len(names) == 0 {
		names, dir = s.Policies, s.Dir()
	}
	if len(names) == 0 {
		return nil, nil, fmt.Errorf("%s names no policy: give --policy", path)
	}
	var policies []compare.Policy
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, nil, fmt.Errorf("policy %s is there twice: name each policy once", name)
		}
		p, err := compare.Load(name, func(part string) ([]byte, error) {
			if dir != "" && strings.HasSuffix(part, ".lcc") {
				part = filepath.Join(dir, part)
			}
			return readModel(part)
		})
		var refused *bundle.Refusal
		if errors.As(err, &refused) {
			return nil, nil, wrong(err)
		}
		if err != nil {
			return nil, nil, err
		}
		policies = append(policies, p)
	}
	return s, policies, nil
}

// openScenario opens a scenario, with the data sets in a directory.
func openScenario(path, data string) (*scenario.Scenario, error) {
	if err := noFile("scenario", path, "a scenario is a YAML file (docs/scenarios.md)"); err != nil {
		return nil, err
	}
	return scenario.Open(path, scenario.Options{Data: data})
}

// profiled runs a function, with a profile if one is requested.
func (o *simOptions) profiled(do func() error) (err error) {
	if o.profile == "" {
		return do()
	}
	file, err := os.Create(o.profile)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	err = do()
	pprof.StopCPUProfile()
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// runAll runs the policies for all seeds, with a progress bar.
func (o *simOptions) runAll(ctx context.Context, errs io.Writer, run compare.Options) (results []compare.Result, err error) {
	bar := newProgressBar(errs, run.Scenario.Title)
	defer func() { bar.stop(err) }()
	run.Wire = o.wire
	compare.Roomy()
	run.Progress = func(share float64) { bar.show(run.Scenario.Title, int64(share*1000), 1000) }
	err = o.profiled(func() error {
		results, err = compare.Run(ctx, run)
		return err
	})
	return results, err
}

// ranWrong marks an error of a run as one of what is tried, unless the scenario is at
// fault: it may be found only when its site is built, and is wrong use as when it is read.
func ranWrong(err error) error {
	var faults yamlfile.Faults
	if errors.As(err, &faults) {
		return err
	}
	return wrong(err)
}

// peakMiB is the peak memory of this process, as the runtime knows it.
func peakMiB() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys) / (1 << 20)
}
