package prove

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"parley/sim"
	"parley/sim/compare"
)

// Options bound a search.
type Options struct {
	Policy compare.Policy
	Shapes []Shape
	// Sites is the most sites of a shape; more are thinned out at even distances. Of the
	// first shape all are explored.
	Sites int
	// Deviations is the most deviations of a run, and Runs the most runs in all.
	Deviations, Runs int
	// Deep adds deviations that rarely matter.
	Deep bool
	// AtOnce is the number of concurrent runs; default: the number of processors.
	AtOnce int
	// Progress receives the number of runs that are done; it may be nil.
	Progress func(runs int)
}

// Report is the answer of a search.
type Report struct {
	Overloaded, Fits string // what these words mean for the policy
	Shapes           []ShapeReport
	Levels           []Level
	Runs             int
	Steps            int // events of the simulator that were handled
	Deviations       int // most of a run
	Found            *Counterexample
}

// ShapeReport says which sites of a shape were explored.
type ShapeReport struct {
	Shape
	Sites    int `json:"sites"`     // that were explored
	AllSites int `json:"all_sites"` // that there are
}

// Level is what was explored with one number of deviations.
type Level struct {
	Deviations int `json:"deviations"`
	All        int `json:"all"`  // ways to deviate
	Runs       int `json:"runs"` // of these, explored
	New        int `json:"new"`  // interleavings that no earlier run had
}

// branch is a run to be explored.
type branch struct {
	site       int
	deviations []Deviation
	from       int // turns before this have been decided
	rank       int // how early the siblings of all sites are explored
}

// place is a site of the search.
type place struct {
	layout
	aim   aim
	later int // 0: of the smallest shape, whose deviations come first; else 1
}

// outcome is what a run showed.
type outcome struct {
	fault  fault
	bad    bool
	turns  []sim.Turn
	order  uint64
	events int
	calm   int // turns from this one come after the last deal
}

// batch is the number of runs between two looks at the context; it does not depend on the
// number of processors, so that the answer does not.
const batch = 256

// Search explores until a property breaks, or the bounds are reached.
func Search(ctx context.Context, o Options) (Report, error) {
	s := search{o: o, seen: map[seen]bool{}, report: Report{Deviations: o.Deviations}}
	if s.o.AtOnce == 0 {
		s.o.AtOnce = runtime.GOMAXPROCS(0)
	}
	level := s.begin()
	for depth := 0; len(level) > 0 && s.report.Found == nil; depth++ {
		all := len(level)
		level = level[:min(all, max(0, o.Runs-s.report.Runs))]
		s.report.Levels = append(s.report.Levels, Level{Deviations: depth, All: all})
		next, err := s.explore(ctx, level, depth < o.Deviations)
		if err != nil {
			return s.report, err
		}
		slices.SortStableFunc(next, func(a, b branch) int {
			return cmp.Or(cmp.Compare(s.places[a.site].later, s.places[b.site].later), cmp.Compare(a.rank, b.rank))
		})
		level = next
	}
	return s.report, nil
}

type search struct {
	o      Options
	places []place
	seen   map[seen]bool
	report Report
}

type seen struct {
	site  int
	order uint64
}

// begin lists the sites, the smallest first.
func (s *search) begin() (level []branch) {
	a := aimOf(s.o.Policy)
	s.report.Overloaded, s.report.Fits = a.overloaded(), a.fits()
	for i, shape := range s.o.Shapes {
		var all []place
		for _, l := range layouts(shape) {
			leavers := 1
			if a.leaves != "" {
				leavers = shape.Hosts
			}
			for leaver := range leavers {
				a.leaver = leaver
				all = append(all, place{l, a, min(i, 1)})
			}
		}
		taken := all
		if i > 0 {
			taken = thin(all, s.o.Sites)
		}
		s.report.Shapes = append(s.report.Shapes, ShapeReport{shape, len(taken), len(all)})
		s.places = append(s.places, taken...)
	}
	for i := range s.places {
		level = append(level, branch{site: i})
	}
	return level
}

// explore runs the branches of a level, and returns those of the next.
func (s *search) explore(ctx context.Context, level []branch, deeper bool) (next []branch, err error) {
	count := &s.report.Levels[len(s.report.Levels)-1]
	for part := range slices.Chunk(level, batch) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		outcomes := make([]outcome, len(part))
		var group errgroup.Group
		group.SetLimit(s.o.AtOnce)
		for i, b := range part {
			group.Go(func() error {
				outcomes[i] = s.run(b)
				return nil
			})
		}
		_ = group.Wait() // an error of a run is its outcome
		for i, out := range outcomes {
			count.Runs++
			s.report.Runs++
			s.report.Steps += out.events
			if out.bad {
				s.report.Found = s.counterexample(part[i], out)
				return nil, nil
			}
			key := seen{part[i].site, out.order}
			if s.seen[key] {
				continue
			}
			s.seen[key] = true
			count.New++
			if deeper {
				next = append(next, s.children(part[i], out)...)
			}
		}
		if s.o.Progress != nil {
			s.o.Progress(s.report.Runs)
		}
	}
	return next, nil
}

// children are the runs with one deviation more than a branch.
func (s *search) children(b branch, out outcome) (list []branch) {
	for i := b.from; i < len(out.turns); i++ {
		turn := out.turns[i]
		if turn.Kind == sim.TurnAdvert && i >= out.calm {
			continue
		}
		for _, h := range hows(turn, s.o.Deep) {
			list = append(list, branch{
				site: b.site, deviations: append(slices.Clip(b.deviations), Deviation{turn, h}), from: i + 1, rank: len(list),
			})
		}
	}
	return list
}

// run runs a branch.
func (s *search) run(b branch) outcome {
	p := s.places[b.site]
	site := p.site(s.o.Policy.Models, p.aim)
	for _, d := range b.deviations {
		d.apply(&site)
	}
	var watch sim.Watch
	r, err := followed(site, &watch)
	out := outcome{turns: watch.Turns, order: watch.Order(), events: r.Events}
	for out.calm < len(out.turns) && out.turns[out.calm].At <= r.Took {
		out.calm++
	}
	out.fault, out.bad = judge(p.layout, p.aim, r, err)
	return out
}

// turnsMost ends a run in which hosts never stop to send, which would take as long as
// thousands of others.
const turnsMost = 4000

var errStorm = errors.New("the hosts send without a pause")

// followed runs a site to its end.
func followed(site sim.Site, watch *sim.Watch) (sim.SiteResult, error) {
	run, err := site.Start()
	if err != nil {
		return sim.SiteResult{}, err
	}
	run.Follow(watch)
	run.Cancelled = func() error {
		if len(watch.Turns) > turnsMost {
			return errStorm
		}
		return nil
	}
	err = run.ToQuiet()
	return run.Result(), err
}
