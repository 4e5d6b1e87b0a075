package prove

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/sim"
	"parley/sim/compare"
)

// Options bound a search.
type Options struct {
	Policy compare.Policy
	Shapes []Shape
	Bounds
	// Deep adds deviations that rarely matter.
	Deep bool
	// AtOnce is the number of concurrent runs; default: the number of processors.
	AtOnce int
	// Progress receives the number of runs that are done; it may be nil.
	Progress func(runs int)
}

// Bounds say how much is explored.
type Bounds struct {
	// Sites is the most sites of a shape; more are thinned out at even distances. Of the
	// first shape all are explored.
	Sites int
	// Deviations is the most deviations of a run, and Runs the most runs in all. Of the
	// first shape one deviation is explored on all sites, and more on Deviating; of the
	// others, one deviation less than that, on Deviating sites.
	Deviations, Deviating, Runs int
}

// The bounds of a search of a minute, and of one of some tens of minutes.
var (
	Usual    = Bounds{Sites: 400, Deviating: 4, Deviations: 2, Runs: 30_000}
	Thorough = Bounds{Sites: 12_000, Deviating: 40, Deviations: 3, Runs: 300_000}
)

// Report is the answer of a search.
type Report struct {
	Overloaded, Fits string // what these words mean for the policy
	Shapes           []ShapeReport
	Runs             int
	Steps            int // events of the simulator that were handled
	Deviations       int // most of a run
	// Kept is the number of runs in which the policy wanted a guest back at a host that it had
	// left after others had moved, and the hosts let it stay.
	Kept  int
	Found *Counterexample
}

// ShapeReport says what was explored of a shape.
type ShapeReport struct {
	Shape
	Sites  int     `json:"sites"`  // that there are
	Levels []Level `json:"levels"` // by the number of deviations, from 0
}

// Level is what was explored of a shape with one number of deviations.
type Level struct {
	Sites int `json:"sites"` // whose runs deviate so often
	All   int `json:"all"`   // ways to deviate
	Runs  int `json:"runs"`  // of these, explored
	New   int `json:"new"`   // interleavings that no earlier run had
	// Same is the number of ways to deviate that are no runs: no host meets its events in
	// another order because of them.
	Same int `json:"same"`
}

// branch is a run to be explored.
type branch struct {
	site       int
	deviations []Deviation
	from       int // turns before this have been decided; the last deviation is at the one before
	rank       int // how early the siblings of all sites are explored
	// longer are the delays, above that of the last deviation, with which it is a run of its
	// own unless it makes the same order.
	longer []time.Duration
}

// place is a site of the search.
type place struct {
	layout
	aim   aim
	shape int // the deviations of the first shape come before those of the others
	most  int // deviations
}

// outcome is what a run showed.
type outcome struct {
	fault  fault
	bad    bool
	order  uint64
	events int
	kept   bool     // a guest was wanted back
	ways   []branch // the runs with one deviation more
	same   int      // ways to deviate that change no order
	longer longer
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
		for _, b := range level {
			s.level(b, depth).All += 1 + len(b.longer)
		}
		next, err := s.explore(ctx, level, depth)
		if err != nil {
			return s.report, err
		}
		slices.SortStableFunc(next, func(a, b branch) int {
			return cmp.Or(cmp.Compare(min(1, s.places[a.site].shape), min(1, s.places[b.site].shape)), cmp.Compare(a.rank, b.rank))
		})
		level = next
	}
	return s.report, nil
}

// level is the report of the shape of a branch, at a number of deviations.
func (s *search) level(b branch, depth int) *Level {
	return &s.report.Shapes[s.places[b.site].shape].Levels[depth]
}

type search struct {
	o      Options
	places []place
	seen   map[seen]bool
	report Report
	spare  spare
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
				all = append(all, place{layout: l, aim: a, shape: i})
			}
		}
		taken := all
		if i > 0 {
			taken = thin(all, s.o.Sites)
		}
		report := ShapeReport{Shape: shape, Sites: len(all)}
		for depth := range s.o.Deviations + 1 {
			deviating := s.deviating(taken, i == 0, depth)
			if depth > 0 && deviating == 0 {
				break
			}
			report.Levels = append(report.Levels, Level{Sites: deviating})
		}
		s.report.Shapes = append(s.report.Shapes, report)
		s.places = append(s.places, taken...)
	}
	for i := range s.places {
		level = append(level, branch{site: i})
	}
	return level
}

// deviating lets the runs of some sites of a shape deviate so often, and returns how many.
func (s *search) deviating(sites []place, first bool, depth int) int {
	var chosen []int
	for i := range sites {
		chosen = append(chosen, i)
	}
	switch {
	case depth == 0, first && depth == 1:
	case first, depth == 1, depth < s.o.Deviations:
		chosen = thin(chosen, s.o.Deviating)
	default:
		chosen = nil
	}
	for _, i := range chosen {
		sites[i].most = depth
	}
	return len(chosen)
}

// explore runs the branches of a level and those that follow with longer delays, and returns
// the branches of the next level.
func (s *search) explore(ctx context.Context, level []branch, depth int) (next []branch, err error) {
	level = slices.Clip(level)
	for len(level) > 0 && s.report.Runs < s.o.Runs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		part := level[:min(batch, len(level), s.o.Runs-s.report.Runs)]
		level = level[len(part):]
		for i, out := range s.runs(part, depth) {
			if s.count(part[i], out, depth); out.bad {
				s.report.Found = s.counterexample(part[i], out)
				level = s.smaller(slices.Concat(part[i+1:], level), part[i])
				break
			}
			level = append(level, out.longer.next...)
			next = append(next, s.deeper(part[i], out, depth)...)
		}
		if s.o.Progress != nil {
			s.o.Progress(s.report.Runs)
		}
	}
	return next, nil
}

// smaller are the branches whose sites have fewer hosts or guests than that of a found one, and
// may have a shorter counterexample with as many deviations: a level explores sites of all
// shapes in turn.
func (s *search) smaller(level []branch, found branch) []branch {
	return slices.DeleteFunc(level, func(b branch) bool { return s.places[b.site].shape >= s.places[found.site].shape })
}

// count adds a run to the report.
func (s *search) count(b branch, out outcome, depth int) {
	count := s.level(b, depth)
	count.Runs++
	count.All -= out.longer.same
	count.Same += out.longer.same
	s.report.Runs++
	s.report.Steps += out.events
	if out.kept {
		s.report.Kept++
	}
}

// deeper returns the runs with one deviation more than one that is a new interleaving.
func (s *search) deeper(b branch, out outcome, depth int) []branch {
	key := seen{b.site, out.order}
	if s.seen[key] {
		return nil
	}
	s.seen[key] = true
	s.level(b, depth).New++
	if depth >= s.places[b.site].most {
		return nil
	}
	s.level(b, depth+1).Same += out.same
	return out.ways
}

// runs runs branches, until one of them breaks a property: the outcomes after it are empty.
func (s *search) runs(part []branch, depth int) []outcome {
	outcomes := make([]outcome, len(part))
	var group errgroup.Group
	group.SetLimit(s.o.AtOnce)
	var bad atomic.Bool
	for i, b := range part {
		if bad.Load() {
			break // those before it have begun
		}
		group.Go(func() error {
			outcomes[i] = s.run(b, depth < s.places[b.site].most)
			if outcomes[i].bad {
				bad.Store(true)
			}
			return nil
		})
	}
	_ = group.Wait() // an error of a run is its outcome
	return outcomes
}

// run runs a branch; deeper lists the runs with one deviation more.
func (s *search) run(b branch, deeper bool) outcome {
	p := s.places[b.site]
	m := s.spare.take()
	defer s.spare.give(m)
	watch, site := &m.watch, s.site(b)
	site.Peer.Workspace = &m.workspace
	r, err := followed(site, watch)
	out := outcome{order: watch.Order(), events: r.Events, kept: len(watch.Kept) > 0}
	if out.fault, out.bad = judge(p.layout, p.aim, r, err); out.bad {
		return out
	}
	if out.kept {
		if out.fault, out.bad = s.unguarded(b); out.bad {
			return out
		}
	}
	out.longer = b.delayed(watch)
	if deeper {
		out.ways, out.same = s.ways(b, watch, r.Took)
	}
	return out
}

// site is the site of a branch, with its deviations.
func (s *search) site(b branch) sim.Site {
	p := s.places[b.site]
	site := p.site(s.o.Policy.Models, p.aim)
	for _, d := range b.deviations {
		d.apply(&site)
	}
	return site
}

// unguarded judges a branch on hosts that let guests return at once: they must not hide a policy
// that undoes its own moves.
func (s *search) unguarded(b branch) (fault, bool) {
	p := s.places[b.site]
	r, err := followed(unguarded(s.site(b)), &sim.Watch{})
	f, bad := judgeAs(p.layout, p.aim, r, err, judgeUndone)
	f.Why += ", where hosts let guests return"
	f.unguarded = true
	return f, bad
}

// ways are the runs with one deviation more than a branch, whose last deal ended at calm,
// and the number of those that would change no order.
func (s *search) ways(b branch, watch *sim.Watch, calm time.Duration) (list []branch, same int) {
	for i := b.from; i < len(watch.Turns); i++ {
		turn := watch.Turns[i]
		if turn.Kind == sim.TurnAdvert && turn.At > calm {
			continue
		}
		add := func(h how, longer ...time.Duration) {
			list = append(list, branch{
				site: b.site, deviations: append(slices.Clip(b.deviations), Deviation{turn, h}), from: i + 1, rank: len(list), longer: longer,
			})
		}
		for _, h := range hows(turn, s.o.Deep) {
			if h.full && !watch.Answered(i) {
				same++
				continue
			}
			add(h)
		}
		late, out := lates(watch, i, s.o.Deep)
		if same += out; len(late) > 0 {
			add(how{late: late[0]}, late[1:]...)
		}
	}
	return list, same
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
