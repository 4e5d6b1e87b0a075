package compare

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"time"

	"parley/sim"
)

// Cost is about how long a comparison takes on this machine, if no run ends before its
// limit.
type Cost struct {
	Time     time.Duration // on all processors
	Runs     int           // that are not kept from before
	Span     time.Duration // virtual time of a run
	Hosts    int
	Guests   int
	Policies []PolicyCost
}

// PolicyCost is the share of a policy in the processor time of all runs.
type PolicyCost struct {
	Name  string
	Share float64
}

// Costliest is the policy with the largest share.
func (c Cost) Costliest() (costliest PolicyCost) {
	for _, p := range c.Policies {
		if p.Share > costliest.Share {
			costliest = p
		}
	}
	return costliest
}

// hostHoursASecond is how many hours of hosts a second of a processor simulates of a policy
// that has much to do. What takes less than sampleLeast with that needs no estimate.
const (
	hostHoursASecond = 20
	sampleLeast      = 20 * time.Second
)

// Estimate runs the beginning of each policy's first run that is not kept, until that has
// taken a moment of real time, and estimates what the whole comparison takes. It returns
// the zero Cost if that is plainly too short to matter. now reads a clock.
func Estimate(ctx context.Context, o Options, now func() time.Time) (Cost, error) {
	var cost Cost
	var sum time.Duration
	var times []time.Duration
	own := o.seeds()
	for i, policy := range o.Policies {
		var rest []uint64
		for _, index := range own {
			seed := o.Seeds[index]
			if o.Kept != nil {
				if _, kept := o.Kept(i, seed); kept {
					continue
				}
			}
			rest = append(rest, seed)
		}
		if len(rest) == 0 {
			continue
		}
		site, err := o.Scenario.Site(rest[0], policy.Models)
		if err != nil {
			return Cost{}, err
		}
		span := cmp.Or(site.Limit, sim.DefaultLimit)
		least := float64(len(site.Hosts)) * span.Hours() / hostHoursASecond * float64(len(o.Policies)*len(own))
		if least < sampleLeast.Seconds() {
			return Cost{}, nil
		}
		site.Wire = o.Wire
		run, err := site.Start()
		if err != nil {
			return Cost{}, err
		}
		run.Cancelled = ctx.Err
		each, err := extrapolated(run, span, now)
		if err != nil {
			return Cost{}, err
		}
		cost.Hosts, cost.Guests, cost.Span = len(site.Hosts), len(site.Guests), span
		cost.Runs += len(rest)
		cost.Policies = append(cost.Policies, PolicyCost{Name: policy.Name})
		times = append(times, each*time.Duration(len(rest)))
		sum += times[len(times)-1]
	}
	if sum == 0 {
		return Cost{}, nil
	}
	for i := range times {
		cost.Policies[i].Share = times[i].Seconds() / sum.Seconds()
	}
	atOnce := o.AtOnce
	if atOnce == 0 {
		atOnce = runtime.GOMAXPROCS(0)
	}
	cost.Time = sum / time.Duration(max(1, min(atOnce, cost.Runs)))
	return cost, nil
}

// A sample begins with as much virtual time as guests take to leave an uneven beginning,
// and doubles until it has taken sampleTime; after sampleMost it ends where it is.
const (
	sampleFirst = 8 * time.Minute
	sampleTime  = 300 * time.Millisecond
	sampleMost  = 5 * time.Second
)

var errSampled = errors.New("the sample is long enough")

// extrapolated is how long a run takes for a span, by the last half of a sample.
func extrapolated(run *sim.Running, span time.Duration, now func() time.Time) (time.Duration, error) {
	began := now()
	outer := run.Cancelled
	run.Cancelled = func() error {
		if now().Sub(began) > sampleMost {
			return errSampled
		}
		return outer()
	}
	for next := min(span, sampleFirst); ; next = min(span, 2*next) {
		done, before := run.Ran(), now()
		err := run.To(next)
		if err != nil && !errors.Is(err, errSampled) {
			return 0, err
		}
		after := now()
		took, ran := after.Sub(began), run.Ran()
		if next == span && err == nil {
			return took, nil
		}
		if err != nil || took >= sampleTime && next > sampleFirst {
			if err != nil && ran < sampleFirst {
				done, before = 0, began // all there is
			}
			pace := after.Sub(before).Seconds() / max(ran-done, time.Second).Seconds()
			return took + time.Duration(pace*float64(span-ran)), nil
		}
	}
}
