package play

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/site"
)

// Run is a recorded run. It is safe for concurrent use.
type Run struct {
	about About
	span  time.Duration
	hosts []*hostTrack // by name
	deals []*dealTrack
	lost  time.Duration // as the recorder has it
}

// About says what was run.
type About struct {
	Title  string
	Models []site.Model
}

// Run ends the recording of a run that took so long in virtual time.
func (r *Recorder) Run(about About, span time.Duration) *Run {
	for _, t := range r.hosts {
		t.complete(span, true)
	}
	r.deals = slices.DeleteFunc(r.deals, func(t *dealTrack) bool { return !t.came() })
	slices.SortFunc(r.hosts, func(a, b *hostTrack) int { return strings.Compare(a.name, b.name) })
	return &Run{about: about, span: span, hosts: r.hosts, deals: r.deals, lost: r.lost}
}

// Span is when the run began, and when it ended.
func (r *Run) Span() (begin, end time.Time) { return Begin, Begin.Add(r.span) }

// dealsMost is how many deals that have ended the hosts tell, the latest.
const dealsMost = 500

// At is what all hosts would have answered at a time.
func (r *Run) At(when time.Time) site.Report {
	at := min(max(0, when.Sub(Begin)), r.span)
	report := site.Report{At: Begin.Add(at), From: r.about.Title}
	states := map[string]*site.State{}
	for _, t := range r.hosts {
		h := site.Host{Host: t.name, PeerID: t.name}
		p, begun := pointAt(t.points, at, func(p hostPoint) time.Duration { return p.at })
		if begun && !p.up {
			h.Silent = "its agent does not run"
		} else {
			h.State = r.state(t, p, at)
		}
		report.Hosts = append(report.Hosts, h)
	}
	for i := range report.Hosts {
		states[report.Hosts[i].Host] = &report.Hosts[i].State
	}
	deals, _ := r.dealsAt(at)
	for _, d := range deals {
		state := states[d.host]
		if hostagent.DealState(d.State).Ended() {
			state.Ended = append(state.Ended, d.Deal)
		} else {
			state.Deals = append(state.Deals, d.Deal)
		}
	}
	return report
}

func (r *Run) state(t *hostTrack, p hostPoint, at time.Duration) site.State {
	s := site.State{
		Mode: "auto", Paused: p.paused, Drained: p.drained, Labels: t.labels, Platform: "simulated", Models: r.about.Models,
		Load: site.Load{
			Known: p.known, CPU: float64(p.cpu), Memory: float64(p.memory), CapacityCPU: p.cores, CapacityMemory: p.bytes,
			ReservedCPU: p.reserved.CPU, ReservedMemory: p.reserved.MemoryBytes,
		},
		Past: t.past(at-site.PastSteps*site.PastStep, at, site.PastStep),
	}
	s.Talk, s.TalkOmitted = site.Loudest(t.talks(Begin.Add(at)))
	for _, g := range t.guests {
		now, ok := pointAt(g.points, at, func(p guestPoint) time.Duration { return p.at })
		if !ok || now.state == "" {
			continue
		}
		one := g.guest
		one.State, one.CPU, one.Pin, one.Stays = string(now.state), float64(now.cpu), now.pin, now.stays
		s.Guests = append(s.Guests, one)
	}
	return s
}

// pointAt returns the last of some points that is not later than a time.
func pointAt[P any](points []P, at time.Duration, when func(P) time.Duration) (last P, ok bool) {
	i := sort.Search(len(points), func(i int) bool { return when(points[i]) > at })
	if i == 0 {
		return last, false
	}
	return points[i-1], true
}

// past is the load of a host between two times. A step has the last load that was known
// in it.
func (t *hostTrack) past(from, to, step time.Duration) *site.Past {
	from = max(0, from).Truncate(step)
	p := &site.Past{Step: int(step.Seconds())}
	i := sort.Search(len(t.points), func(i int) bool { return t.points[i].at > from })
	for at := from; at <= to; at += step {
		for i < len(t.points) && t.points[i].at < min(at+step, to+1) {
			i++
		}
		cpu, memory := byte(site.PastUnknown), byte(site.PastUnknown)
		if i > 0 && t.points[i-1].known {
			cpu, memory = site.Percent(float64(t.points[i-1].cpu)), site.Percent(float64(t.points[i-1].memory))
		}
		p.CPU, p.Memory = append(p.CPU, cpu), append(p.Memory, memory)
		p.End = Begin.Add(at + step)
	}
	return p
}

// Whole returns the loads of all hosts from the beginning to a time, in at most so many
// steps for the whole run.
func (r *Run) Whole(when time.Time, steps int) map[string]*site.Past {
	step, at := r.stepOf(steps), min(max(0, when.Sub(Begin)), r.span)
	all := map[string]*site.Past{}
	for _, t := range r.hosts {
		all[t.name] = t.past(0, at, step)
	}
	return all
}

// stepOf divides the run into at most so many steps, each of whole seconds.
func (r *Run) stepOf(steps int) time.Duration {
	step := (r.span/time.Duration(steps) + time.Second - 1).Truncate(time.Second)
	return max(site.PastStep, step)
}

// Outline says what happened in each of at most so many steps of the run.
func (r *Run) Outline(steps int) site.Outline {
	step := r.stepOf(steps)
	n := int(r.span/step) + 1
	o := site.Outline{Step: int(step.Seconds()), Overloaded: make([]int, n), Moves: make([]int, n)}
	for _, t := range r.hosts {
		past := t.past(0, r.span, step)
		for i := range min(n, len(past.CPU)) {
			if p := max(past.CPU[i], past.Memory[i]); p != site.PastUnknown && p > 100 {
				o.Overloaded[i]++
			}
		}
	}
	for _, d := range r.deals {
		if last := d.last(); last.Side == string(hostagent.SourceSide) && last.State == string(hostagent.Done) {
			o.Moves[int(d.ended/step)]++
		}
	}
	return o
}

// hostDeal is a deal as a host tells it.
type hostDeal struct {
	host string
	site.Deal
}

// dealsAt are the deals at a time as their ends tell them, the earliest first: those in
// flight and the latest that have ended. It returns also how many have ended before these.
func (r *Run) dealsAt(at time.Duration) (list []hostDeal, omitted int) {
	when, told := Begin.Add(at), map[string]bool{} // by id: whether a deal that has ended is told
	for _, t := range slices.Backward(r.deals) {
		d, ok := t.at(when)
		if !ok {
			continue
		}
		if hostagent.DealState(d.State).Ended() {
			tell, known := told[d.Deal]
			if !known {
				tell = len(told) < dealsMost
				told[d.Deal] = tell
			}
			if !tell {
				continue
			}
		}
		list = append(list, hostDeal{t.host, d})
	}
	slices.Reverse(list)
	return list, max(0, len(told)-dealsMost)
}

// Omitted is what is not told of the time up to a moment.
func (r *Run) Omitted(when time.Time) (o site.Omitted) {
	at := min(max(0, when.Sub(Begin)), r.span)
	_, o.Deals = r.dealsAt(at)
	if r.lost != 0 && at >= r.lost {
		o.Unkept = Begin.Add(r.lost)
	}
	return o
}

func (t *dealTrack) at(when time.Time) (site.Deal, bool) {
	i := sort.Search(len(t.states), func(i int) bool { return t.states[i].At.After(when) })
	if i == 0 {
		return site.Deal{}, false
	}
	d := t.states[i-1]
	for _, o := range t.learned {
		if !o.at.After(when) {
			d.Sequel = o.sequel
		}
	}
	return d, true
}

// Deal tells a deal as its ends know it at a time.
func (r *Run) Deal(when time.Time, id string) (site.Story, error) {
	report := r.At(when)
	id, ends, err := report.Ends(id)
	if err != nil {
		return site.Story{}, err
	}
	story := site.Story{Deal: id}
	for _, h := range ends {
		for _, t := range r.deals {
			if t.host != h.Host || t.states[0].Deal != id {
				continue
			}
			d, known := t.at(when)
			if !known {
				continue
			}
			talk := slices.Clone(t.talk)
			talk = slices.DeleteFunc(talk, func(l site.Line) bool { return l.At.After(when) })
			story.Ends = append(story.Ends, site.End{Host: h.Host, Account: site.Account{
				Known: true, Deal: d, Choice: t.begin.Choice, Talk: talk,
			}})
		}
	}
	slices.SortStableFunc(story.Ends, func(a, b site.End) int { return cmp.Compare(a.Deal.Side, b.Deal.Side) })
	return story, nil
}
