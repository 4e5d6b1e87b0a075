package tune

import (
	"context"
	"fmt"
	"math"
	"slices"

	"parley/internal/spell"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/report"
	"parley/sim/scenario"
)

// Options say what is searched.
type Options struct {
	Scenario *scenario.Scenario
	Policy   string       // one model, without values of parameters
	Text     compare.Text // of the policy
	Spans    []Span       // none: around the value of each parameter that is a number
	// Candidates is the number of sets of values; the text as it is comes besides.
	Candidates int
	Seeds      []uint64 // the last round has all of them, the first ones few
	Sampling   uint64   // the seed of the candidates
	Goals      []string // keys of figures; those that were not measured are left out
	Charts     bool     // of compare.Options, for the last round
}

// Plan is a search that has not begun.
type Plan struct {
	o          Options
	spans      []Span
	Skipped    []string          // parameters that have no span
	candidates []compare.Policy  // the first is the text as it is
	facts      map[string]string // of each candidate, to paste
}

// New chooses the candidates.
func New(o Options) (*Plan, error) {
	text, err := o.Text(o.Policy)
	if err != nil {
		return nil, err
	}
	p := &Plan{o: o, facts: map[string]string{}}
	if err := p.choose(compare.Numbers(text)); err != nil {
		return nil, err
	}
	asItIs, err := compare.Load(o.Policy, o.Text)
	if err != nil {
		return nil, err
	}
	p.candidates = append(p.candidates, asItIs)
	digest := asItIs.Digests()[0].SHA256
	for _, values := range sample(p.spans, o.Candidates, o.Sampling) {
		c, err := compare.Load(named(o.Policy, p.spans, values), o.Text)
		if err != nil {
			return nil, fmt.Errorf("a value of the range does not fit: %w", err)
		}
		if c.Digests()[0].SHA256 == digest {
			continue
		}
		for i, span := range p.spans {
			p.facts[c.Name] += fmt.Sprintf("%s(%s).\n", span.Name, values[i])
		}
		p.candidates = append(p.candidates, c)
	}
	return p, nil
}

// choose chooses the spans.
func (p *Plan) choose(numbers []compare.Number) error {
	if len(numbers) == 0 {
		return fmt.Errorf("policy %s has no facts of one number at the head of its text: there is nothing to tune", p.o.Policy)
	}
	var names []string
	for _, n := range numbers {
		names = append(names, n.Name)
		span, ok := Around(n.Name, n.Value, n.Whole)
		switch {
		case len(p.o.Spans) > 0: // these alone
		case ok:
			p.spans = append(p.spans, span)
		default:
			p.Skipped = append(p.Skipped, n.Name)
		}
	}
	for i, span := range p.o.Spans {
		at := slices.Index(names, span.Name)
		if at < 0 {
			err := fmt.Errorf("%v: policy %s has no parameter %s that is a number", span, p.o.Policy, span.Name)
			if near := spell.Nearest(span.Name, names); near != "" {
				err = fmt.Errorf("%w: did you mean %s?", err, near)
			}
			return err
		}
		if slices.ContainsFunc(p.o.Spans[:i], func(s Span) bool { return s.Name == span.Name }) {
			return fmt.Errorf("%v: %s is there twice: give one range", span, span.Name)
		}
		span.Whole = span.Whole && numbers[at].Whole
		p.spans = append(p.spans, span)
	}
	if len(p.spans) == 0 {
		return fmt.Errorf("no parameter of policy %s has a value above zero: give a range for one, as gap=0.05:0.5", p.o.Policy)
	}
	return nil
}

// Spans are the ranges that are searched.
func (p *Plan) Spans() []Span { return p.spans }

// Candidates is the number of texts that are compared, with the text as it is.
func (p *Plan) Candidates() int { return len(p.candidates) }

// All is the comparison of all candidates over all seeds, of which the search makes a part.
func (p *Plan) All() compare.Options {
	return compare.Options{
		Scenario: p.o.Scenario, Policies: p.candidates, Seeds: p.o.Seeds, Charts: p.o.Charts, Full: true,
	}
}

// round is a number of seeds for a number of candidates.
type round struct{ seeds, keep int }

// The search keeps a third of the candidates for three times the seeds, and leaves enough
// to draw a front.
const (
	third  = 3
	fewest = 6
)

// rounds plans the rounds for n candidates; keep is the number of those that the round
// begins with, without the text as it is.
func rounds(n, seeds int) (plan []round) {
	for {
		plan = append(plan, round{keep: n})
		if n <= fewest || len(plan) > 1 && pow(third, len(plan)-1) >= seeds {
			break
		}
		n = max(fewest, (n+third-1)/third)
	}
	for i := range plan {
		share := pow(third, len(plan)-1-i)
		plan[i].seeds = (seeds + share - 1) / share
	}
	return plan
}

func pow(base, n int) int {
	out := 1
	for range n {
		out *= base
	}
	return out
}

// Runs is the number of runs that the search makes.
func (p *Plan) Runs() (n int) {
	before := 0
	for _, r := range rounds(len(p.candidates)-1, len(p.o.Seeds)) {
		n += (r.keep + 1) * (r.seeds - before)
		before = r.seeds
	}
	return n
}

// Result is the end of a search.
type Result struct {
	Run      compare.Options // the last round
	Results  []compare.Result
	Front    report.Front
	Balanced string   // the policy of the front that is nearest to all goals
	Left     []string // goals that were not measured
}

// Title is that of the scenario.
func (p *Plan) Title() string { return p.o.Scenario.Title }

// Search runs the rounds. Before the first run it calls open with the comparison of all
// candidates and seeds, which may get Kept and Finished; progress receives the share that is
// done, from 0 to 1.
func (p *Plan) Search(ctx context.Context, open func(*compare.Options) error, progress func(share float64)) (*Result, error) {
	all := p.All()
	if err := open(&all); err != nil {
		return nil, err
	}
	s := &search{plan: p, all: all, tell: progress, done: map[run]compare.Result{}, total: p.Runs()}
	alive := make([]int, 0, len(p.candidates)-1)
	for i := 1; i < len(p.candidates); i++ {
		alive = append(alive, i)
	}
	plan := rounds(len(alive), len(p.o.Seeds))
	out := &Result{}
	for i, r := range plan {
		if len(alive) > r.keep {
			alive = s.halve(alive, r.keep)
		}
		results, o, err := s.round(ctx, append([]int{0}, alive...), r.seeds)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			if out.Left = s.measured(); len(s.goals) == 0 {
				return nil, fmt.Errorf("none of the goals was measured: %v", out.Left)
			}
		}
		out.Run, out.Results = o, results
	}
	last := append([]int{0}, alive...)
	out.Front = s.front(last)
	points := s.points(last)
	out.Balanced = p.candidates[last[balanced(points, fronts(points)[0])]].Name
	return out, nil
}

// search is a search that runs.
type search struct {
	plan  *Plan
	all   compare.Options
	goals []sim.Measure
	done  map[run]compare.Result
	total int // runs
	tell  func(float64)
}

type run struct {
	candidate int
	seed      uint64
}

// round runs candidates over the first seeds, and returns the comparison of these.
func (s *search) round(ctx context.Context, candidates []int, seeds int) ([]compare.Result, compare.Options, error) {
	o := s.all
	o.Policies, o.Seeds = nil, s.all.Seeds[:seeds]
	for _, c := range candidates {
		o.Policies = append(o.Policies, s.all.Policies[c])
	}
	o.Kept = func(policy int, seed uint64) (compare.Result, bool) {
		r, ok := s.done[run{candidates[policy], seed}]
		if !ok && s.all.Kept != nil {
			r, ok = s.all.Kept(candidates[policy], seed)
		}
		r.Policy = policy
		return r, ok
	}
	o.Finished = func(r compare.Result) error {
		if s.all.Finished == nil {
			return nil
		}
		r.Policy = candidates[r.Policy]
		return s.all.Finished(r)
	}
	before, mine, known := len(s.done), len(candidates)*seeds, 0
	for _, c := range candidates {
		for _, seed := range o.Seeds {
			if _, ok := s.done[run{c, seed}]; ok {
				known++
			}
		}
	}
	o.Progress = func(share float64) {
		s.tell((float64(before) + max(0, share*float64(mine)-float64(known))) / float64(s.total))
	}
	results, err := compare.Run(ctx, o)
	if err != nil {
		return nil, o, err
	}
	for _, r := range results {
		s.done[run{candidates[r.Policy], r.Seed}] = r
	}
	return results, o, nil
}

// measured chooses the goals that the text as it is has a value of in some run, and returns
// the others.
func (s *search) measured() (left []string) {
	for _, key := range s.plan.o.Goals {
		at := slices.IndexFunc(sim.Measures(), func(m sim.Measure) bool { return m.Key == key })
		m := sim.Measures()[at]
		found := false
		for k, r := range s.done {
			found = found || k.candidate == 0 && !math.IsNaN(m.Of(r.Site.Figures))
		}
		if found {
			s.goals = append(s.goals, m)
		} else {
			left = append(left, key)
		}
	}
	return left
}

// means returns the mean of each goal over the runs of a candidate on the first seeds, and
// their number.
func (s *search) means(candidate, seeds int) (values []float64, n int) {
	values = make([]float64, len(s.goals))
	for _, seed := range s.all.Seeds[:seeds] {
		r, ok := s.done[run{candidate, seed}]
		if !ok {
			continue
		}
		n++
		for i, m := range s.goals {
			values[i] += m.Of(r.Site.Figures)
		}
	}
	for i := range values {
		values[i] /= float64(n)
	}
	return values, n
}

// points are the means with less better.
func (s *search) points(candidates []int) (points []point) {
	for _, c := range candidates {
		values, _ := s.means(c, len(s.all.Seeds))
		for i, m := range s.goals {
			if m.Better > 0 {
				values[i] = -values[i]
			}
			if math.IsNaN(values[i]) {
				values[i] = math.Inf(1)
			}
		}
		points = append(points, values)
	}
	return points
}

// halve keeps the best candidates.
func (s *search) halve(alive []int, n int) (kept []int) {
	for _, i := range best(s.points(alive), n) {
		kept = append(kept, alive[i])
	}
	return kept
}

// front describes all candidates; those of the last round may be of the front.
func (s *search) front(last []int) (f report.Front) {
	for _, m := range s.goals {
		f.Goals = append(f.Goals, m.Key)
	}
	onFront := map[int]bool{}
	for _, i := range fronts(s.points(last))[0] {
		onFront[last[i]] = true
	}
	asItIs, _ := s.means(0, len(s.all.Seeds))
	for c, policy := range s.all.Policies {
		values, n := s.means(c, len(s.all.Seeds))
		if n < len(s.all.Seeds) {
			// Seeds differ more than candidates: what a few of them say is how far a candidate
			// is from the text as it is.
			same, _ := s.means(0, n)
			for i := range values {
				values[i] += asItIs[i] - same[i]
			}
		}
		point := report.FrontPoint{
			Name: policy.Name, Values: map[string]float64{}, Seeds: n, Last: slices.Contains(last, c), On: onFront[c], AsItIs: c == 0,
			Facts: s.plan.facts[policy.Name],
		}
		for i, m := range s.goals {
			point.Values[m.Key] = values[i]
		}
		f.Points = append(f.Points, point)
	}
	return f
}
