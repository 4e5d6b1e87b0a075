package compare

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"parley/sim"
)

// Run runs every policy with every seed of the shard, and returns the results by policy and
// seed; those of other shards are not Done. A run that ends because nothing happens in it any more waits for the other policies of
// its seed, and continues until the longest of them has ended: sums such as energy could
// not be compared otherwise.
func Run(ctx context.Context, o Options) ([]Result, error) {
	atOnce := o.AtOnce
	if atOnce == 0 {
		atOnce = runtime.GOMAXPROCS(0)
	}
	group, ctx := errgroup.WithContext(ctx)
	r := runner{
		Options: o, ctx: ctx, group: group, slots: semaphore.NewWeighted(int64(atOnce)),
		results: make([]Result, len(o.Policies)*len(o.Seeds)),
	}
	own := o.seeds()
	r.meter = meter{shares: make([]float64, len(r.results)), runs: len(o.Policies) * len(own), tell: o.Progress}
	// Seed after seed, as the sites of a seed stay in memory until the last is quiet.
	for _, seed := range own {
		runs, rest := r.begin(seed)
		for _, policy := range rest {
			if err := r.slots.Acquire(ctx, 1); err != nil {
				return r.results, cmp.Or(group.Wait(), err)
			}
			group.Go(func() error {
				defer r.slots.Release(1)
				return r.toQuiet(runs, &seedRun{policy: policy, seed: seed})
			})
		}
	}
	return r.results, group.Wait()
}

// runner runs the runs of a comparison.
type runner struct {
	Options
	ctx     context.Context
	group   *errgroup.Group
	slots   *semaphore.Weighted // the runs that compute
	meter   meter
	results []Result

	finishing sync.Mutex // held while Finished is called
}

// seedRuns has the runs of one seed.
type seedRuns struct {
	sync.Mutex
	waiting int // runs that are not quiet yet
	quiet   []*seedRun
	span    time.Duration // of the longest
}

// seedRun is one of them.
type seedRun struct {
	policy, seed int
	run          *sim.Running
	took         time.Duration
}

// toQuiet runs a run until it is quiet. The last one of a seed lets the others continue.
func (r *runner) toQuiet(runs *seedRuns, c *seedRun) error {
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	site, err := r.Scenario.Site(r.Seeds[c.seed], r.Policies[c.policy].Models)
	if err != nil {
		return err
	}
	site.Course = r.Charts || r.Courses
	site.Wire = r.Wire
	limit := cmp.Or(site.Limit, sim.DefaultLimit)
	site.Progress = func(at time.Duration) error {
		r.meter.set(r.index(c), float64(at)/float64(limit))
		return nil
	}
	began := time.Now()
	if c.run, err = site.Start(); err == nil {
		c.run.Cancelled = r.ctx.Err
		if r.Witness != nil {
			c.run.Tell(r.Witness)
		}
		if r.Full {
			err = c.run.To(limit)
		} else {
			err = c.run.ToQuiet()
		}
	}
	if err != nil {
		return r.failed(c, err)
	}
	c.took = time.Since(began)
	atLimit := c.run.AtLimit()
	runs.Lock()
	defer runs.Unlock()
	runs.span = max(runs.span, c.run.Ran())
	if runs.waiting--; atLimit {
		if err := r.keep(c); err != nil {
			return err
		}
	} else {
		runs.quiet = append(runs.quiet, c)
	}
	if runs.waiting > 0 {
		return nil
	}
	for _, c := range runs.quiet {
		r.group.Go(func() error { return r.toSpan(c, runs.span) })
	}
	return nil
}

// toSpan continues a run that was quiet before the longest of its seed.
func (r *runner) toSpan(c *seedRun, span time.Duration) error {
	if c.run.Ran() < span {
		if err := r.slots.Acquire(r.ctx, 1); err != nil {
			return err
		}
		defer r.slots.Release(1)
		began := time.Now()
		if err := c.run.To(span); err != nil {
			return r.failed(c, err)
		}
		c.took += time.Since(began)
	}
	return r.keep(c)
}

func (r *runner) failed(c *seedRun, err error) error {
	return fmt.Errorf("policy %s: %w", r.Policies[c.policy].Name, err)
}

func (r *runner) index(c *seedRun) int { return c.policy*len(r.Seeds) + c.seed }

// keep ends a run, and frees its site.
func (r *runner) keep(c *seedRun) error {
	result := Result{Policy: c.policy, Seed: r.Seeds[c.seed], Site: c.run.Result(), Took: c.took, Done: true}
	r.trim(result.Site.Course, c.seed)
	c.run = nil
	r.results[r.index(c)] = result
	r.meter.set(r.index(c), 1)
	if r.Finished == nil {
		return nil
	}
	r.finishing.Lock()
	defer r.finishing.Unlock()
	return r.Finished(result)
}

// begin takes the kept runs of a seed, and returns the policies that must run.
func (r *runner) begin(seed int) (*seedRuns, []int) {
	var rest []int
	runs := &seedRuns{}
	for policy := range r.Policies {
		if r.Kept != nil {
			if kept, ok := r.Kept(policy, r.Seeds[seed]); ok && r.enough(kept, seed) {
				c := &seedRun{policy: policy, seed: seed}
				r.results[r.index(c)] = kept
				r.meter.set(r.index(c), 1)
				runs.span = max(runs.span, kept.Site.Ran) // a kept run covers the span of its seed
				continue
			}
		}
		rest = append(rest, policy)
	}
	runs.waiting = len(rest)
	return runs, rest
}

// loads says whether the load of each host is kept in the courses of a seed's runs.
func (o Options) loads(seed int) bool { return o.Courses || o.Charts && seed == 0 }

// trim takes from a course what this comparison does not want of it, which is most of it.
func (o Options) trim(course *sim.Course, seed int) {
	if course != nil && !o.loads(seed) {
		course.Hosts, course.Load = nil, nil
	}
}

// enough says whether a finished run has what this comparison wants of it.
func (o Options) enough(kept Result, seed int) bool {
	course := kept.Site.Course
	switch {
	case !o.Charts && !o.Courses:
		return true
	case course == nil || len(course.On) == 0:
		return false
	}
	return len(course.Load) > 0 || !o.loads(seed)
}

// Whole returns the comparison of the seeds that all policies have finished, and its
// results.
func (o Options) Whole(results []Result) (Options, []Result) {
	all := len(o.Seeds)
	part := o
	part.Seeds = nil
	var whole []int
	for seed, number := range o.Seeds {
		done := true
		for policy := range o.Policies {
			done = done && results[policy*all+seed].Done
		}
		if done {
			whole, part.Seeds = append(whole, seed), append(part.Seeds, number)
		}
	}
	var kept []Result
	for policy := range o.Policies {
		for _, seed := range whole {
			kept = append(kept, results[policy*all+seed])
		}
	}
	return part, kept
}

// meter reports the progress of the runs.
type meter struct {
	sync.Mutex
	shares []float64
	runs   int // that there are to do
	tell   func(float64)
}

func (m *meter) set(i int, share float64) {
	if m.tell == nil {
		return
	}
	m.Lock()
	defer m.Unlock()
	m.shares[i] = max(m.shares[i], min(1, share))
	sum := 0.0
	for _, s := range m.shares {
		sum += s
	}
	m.tell(sum / float64(m.runs))
}
