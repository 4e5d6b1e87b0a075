package sim

import (
	"cmp"
	"fmt"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// Running is a run of a site that can continue after nothing happens in it any more, so
// that several runs can cover the same span: sums over different spans cannot be
// compared.
type Running struct {
	// Cancelled is asked every few events; an error ends the run. It may be nil.
	Cancelled func() error

	site  *site
	limit lcc.Instant
}

// Run runs the site until it is steady or the limit is reached. An error is a broken
// invariant, an invalid site, or a bug; the same seed reproduces it.
func (o Site) Run() (SiteResult, error) {
	r, err := o.Start()
	if err != nil {
		return SiteResult{}, err
	}
	err = r.ToQuiet()
	return r.Result(), err
}

// Start builds the site, at the beginning of its time.
func (o Site) Start() (*Running, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if o.Peer.Workspace == nil {
		o.Peer.Workspace = &lcc.Workspace{} // one host is in a Step at a time
	}
	s, err := newSite(o)
	if err != nil {
		return nil, err
	}
	s.result.Before = s.loads()
	s.last = s.now
	return &Running{site: s, limit: s.now + lcc.Instant(o.Limit)}, nil
}

// OnLook hands over what an agent knows of its host after each look, as a daemon hands it to
// what keeps the past.
func (r *Running) OnLook(do func(host *SiteHost, wall time.Time, status hostagent.Status)) {
	r.site.chronicle.looked = do
}

// ToQuiet runs the site until it is steady or the limit is reached.
func (r *Running) ToQuiet() error { return r.run(r.limit, r.site.steady) }

// To continues the run until this time since its beginning, at most until the limit.
func (r *Running) To(span time.Duration) error {
	return r.run(min(r.limit, 1+lcc.Instant(span)), nil)
}

// Ran is the virtual time since the beginning.
func (r *Running) Ran() time.Duration { return r.site.since() }

// Work returns what the engines of the agents that run now did since they began.
func (r *Running) Work() (sum lcc.Work) {
	for _, h := range r.site.hosts {
		if h.node != nil {
			sum = sum.Add(h.node.Peer().Work())
		}
	}
	return sum
}

// AtLimit says whether the run has reached its limit and cannot continue.
func (r *Running) AtLimit() bool { return r.site.now >= r.limit }

// cancelEvery is the number of events between two looks at Cancelled, some tens of
// milliseconds.
const cancelEvery = 1 << 11

func (r *Running) run(end lcc.Instant, done func() bool) error {
	s := r.site
	var cancelled error
	until := func() bool {
		if r.Cancelled != nil && s.events%cancelEvery == 0 {
			cancelled = r.Cancelled()
		}
		return cancelled != nil || done != nil && done()
	}
	if err := cmp.Or(s.run(end, until), cancelled); err != nil {
		return fmt.Errorf("%w (seed %d)", err, s.o.Seed)
	}
	if done == nil || !done() {
		s.now = max(s.now, end) // the last event may be earlier
	}
	s.result.Steady = s.steady()
	return s.checks.ended()
}

// Result ends the run, and returns its result up to now.
func (r *Running) Result() SiteResult {
	s := r.site
	s.result.After = s.loads()
	s.result.Took = time.Duration(s.last)
	s.result.Events = s.events
	if s.result.Steady && !r.AtLimit() {
		s.result.Quiet = time.Duration(s.now - s.last)
	}
	s.account.finish()
	s.result.Unmet = s.chronicle.unmet()
	if s.followed.watch == nil {
		s.result.Frozen = s.checks.frozen()
	}
	return s.result
}
