// Results regenerates docs/results.md and its charts: published experiments, all
// shipped policies side by side, the speed of the simulator, and the aims with what was
// reached. `make results` runs it.
//
// Its output is the same on every machine, except for times and memory, which have
// separate columns. PlanetLab's traces are not part of the project: without them
// (PARLEY_DATA) the sections that need them say so.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"parley/internal/version"
)

// book is the page being written.
type book struct {
	options
	text bytes.Buffer
	aims []aim
}

type options struct {
	docs      string // the directory of results.md
	scenarios string
	data      string
	seeds     int
	trouble   int
	large     bool
	kept      string
}

// aim is a goal with the result.
type aim struct {
	text, want, got string
	met             bool
}

func main() {
	var o options
	var one string
	flag.StringVar(&o.docs, "docs", "docs", "the directory of results.md")
	flag.StringVar(&o.scenarios, "scenarios", "examples/scenarios", "the directory of the scenarios")
	flag.StringVar(&o.data, "data", os.Getenv("PARLEY_DATA"), "the directory of PlanetLab's day")
	flag.IntVar(&o.seeds, "seeds", 5, "seeds of each comparison")
	flag.IntVar(&o.trouble, "trouble", 1000, "seeds of each policy in trouble")
	flag.BoolVar(&o.large, "large", true, "the runs of 10,000 and 100,000 hosts, too, which take a quarter of an hour")
	flag.StringVar(&o.kept, "keep", "", "a directory for the finished runs: the next call takes them from there, whatever build made them")
	flag.StringVar(&one, "one", "", "run one policy of one scenario, for this program itself")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if one != "" {
		err = runOne(one, o, flag.Args())
	} else {
		b := &book{options: o}
		err = b.write(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "results:", err)
		os.Exit(1)
	}
}

func (b *book) write(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(b.docs, "results"), 0o755); err != nil {
		return err
	}
	for _, section := range []struct {
		name  string
		write func(context.Context) error
	}{
		{"PlanetLab", b.planetLab}, {"even load", b.even}, {"agility over a day", b.day},
		{"distributed virtual environment", b.dve}, {"all policies", b.all}, {"trouble", b.inTrouble}, {"speed", b.speed},
	} {
		began := time.Now()
		if err := section.write(ctx); err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %v\n", section.name, time.Since(began).Round(time.Second))
	}
	return os.WriteFile(filepath.Join(b.docs, "results.md"), append(b.head(), b.text.Bytes()...), 0o644)
}

// head is the beginning of the page: the aims and their results.
func (b *book) head() []byte {
	var out bytes.Buffer
	fmt.Fprint(&out, "# Results\n\nMade by `make results`; do not edit. Figures are defined in [figures.md](figures.md),\n"+
		"the scenarios are files in `examples/scenarios`, the policies are described in\n[policies](policies/README.md). Times and memory are "+
		"of the machine that made this page.\n\n"+
		"`CITATION.cff` at the root of the project says how to cite it.\n\nMade by Parley "+build()+".\n\n"+
		"## What was to be reached\n\n| aim | wanted | measured | reached |\n|---|---|---|---|\n")
	for _, a := range b.aims {
		met := "yes"
		if !a.met {
			met = "**no**"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", a.text, a.want, a.got, met)
	}
	fmt.Fprintln(&out)
	return out.Bytes()
}

// build is the version with its commit, as far as the build knows it.
func build() string {
	if commit := version.Commit(); commit != "" {
		return version.Current() + ", commit " + commit
	}
	return version.Current()
}

func (b *book) printf(format string, args ...any) { fmt.Fprintf(&b.text, format, args...) }

// aim records the result of an aim; less is better.
func (b *book) aim(text, unit string, most, got float64, digits int) {
	b.aims = append(b.aims, aim{
		text: text, want: fmt.Sprintf("at most %.*f%s", digits, most, unit), got: fmt.Sprintf("%.*f%s", digits, got, unit),
		met: got <= most,
	})
}

var errNoData = errors.New("PlanetLab's day is not there: set PARLEY_DATA (docs/scenarios.md says where to get it)")
