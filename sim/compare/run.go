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

// Run runs every policy with every seed, and returns the results by policy and seed. A
// run that ends because nothing happens in it any more waits for the other policies of
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
	r.meter = meter{shares: make([]float64, len(r.results)), tell: o.Progress}
	// Seed after seed, as the sites of a seed stay in memory until the last is quiet.
	for seed := range o.Seeds {
		race := &race{waiting: len(o.Policies)}
		for policy := range o.Policies {
			if err := r.slots.Acquire(ctx, 1); err != nil {
				return r.results, cmp.Or(group.Wait(), err)
			}
			group.Go(func() error {
				defer r.slots.Release(1)
				return r.toQuiet(race, &contestant{policy: policy, seed: seed})
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
}

// race has the runs of one seed.
type race struct {
	sync.Mutex
	waiting int // runs that are not quiet yet
	quiet   []*contestant
	span    time.Duration // of the longest
}

// contestant is one run.
type contestant struct {
	policy, seed int
	run          *sim.Running
	took         time.Duration
}

// toQuiet runs a run until it is quiet. The last one of a seed lets the others continue.
func (r *runner) toQuiet(race *race, c *contestant) error {
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	site, err := r.Scenario.Site(r.Seeds[c.seed], r.Policies[c.policy].Models)
	if err != nil {
		return err
	}
	site.Course = r.Charts && c.seed == 0
	site.Wire = r.Wire
	limit := site.Limit
	site.Progress = func(at time.Duration) error {
		r.meter.set(r.index(c), float64(at)/float64(max(limit, 2*time.Hour)))
		return r.ctx.Err()
	}
	began := time.Now()
	if c.run, err = site.Start(); err == nil {
		err = c.run.ToQuiet()
	}
	if err != nil {
		return r.failed(c, err)
	}
	c.took = time.Since(began)
	atLimit := c.run.AtLimit()
	race.Lock()
	defer race.Unlock()
	race.span = max(race.span, c.run.Ran())
	if race.waiting--; atLimit {
		r.keep(c)
	} else {
		race.quiet = append(race.quiet, c)
	}
	if race.waiting > 0 {
		return nil
	}
	for _, c := range race.quiet {
		r.group.Go(func() error { return r.toSpan(c, race.span) })
	}
	return nil
}

// toSpan continues a run that was quiet before the longest of its seed.
func (r *runner) toSpan(c *contestant, span time.Duration) error {
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
	r.keep(c)
	return nil
}

func (r *runner) failed(c *contestant, err error) error {
	return fmt.Errorf("policy %s: %w", r.Policies[c.policy].Name, err)
}

func (r *runner) index(c *contestant) int { return c.policy*len(r.Seeds) + c.seed }

// keep ends a run, and frees its site.
func (r *runner) keep(c *contestant) {
	r.results[r.index(c)] = Result{c.policy, r.Seeds[c.seed], c.run.Result(), c.took}
	c.run = nil
	r.meter.set(r.index(c), 1)
}

// meter reports the progress of the runs.
type meter struct {
	sync.Mutex
	shares []float64
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
	m.tell(sum / float64(len(m.shares)))
}
