package site

import (
	"cmp"
	"slices"
	"time"
)

// Move is a deal as the whole site shows it.
type Move struct {
	Deal         Deal // as its source sees it, or where that is silent its target
	AtTarget     *Deal
	SourceBefore Share // loads when the deal began
	TargetBefore Share
	SourceAfter  Share // and a minute after its end, or the latest since then
	TargetAfter  Share
	Settled      bool // the loads after it are those of a minute after its end
	Others       int  // moves from or to its hosts that ended between the loads before and after
}

// Share is a load, if it is known.
type Share struct {
	Of    float64
	Known bool
}

// brought is how long after a move the loads show what it brought: their averages move
// slowly.
const brought = time.Minute

// Moves lists the deals of a site, those in flight and the last ones, the latest first. A
// refusal of a target that a policy asked is no move.
func (r Report) Moves() []Move {
	at := map[string]int{}
	var list []Move
	for _, h := range r.Hosts {
		for _, d := range slices.Concat(h.Deals, h.Ended) {
			i, seen := at[d.Deal]
			if !seen {
				i = len(list)
				at[d.Deal] = i
				list = append(list, Move{Deal: d})
			}
			if d.Side == sideSource {
				list[i].Deal = d
			} else {
				list[i].AtTarget = &d
			}
		}
	}
	pasts := r.pasts()
	list = slices.DeleteFunc(list, func(m Move) bool { return m.Deal.State == "refused" && !m.Deal.Operator && !m.Deal.Drain })
	for i := range list {
		list[i].loads(pasts)
		list[i].Others = list[i].beside(list)
	}
	slices.SortFunc(list, func(a, b Move) int {
		return cmp.Or(b.Begin().Compare(a.Begin()), cmp.Compare(a.Deal.Deal, b.Deal.Deal))
	})
	return list
}

func (r Report) pasts() map[string]*Past {
	pasts := map[string]*Past{}
	for _, h := range r.Hosts {
		pasts[h.Host] = h.Past
	}
	return pasts
}

// Plan lists the moves of a site that policies recommend and that were not carried out, those of
// each host in the order in which they were recommended.
func (r Report) Plan() (list []Move) {
	pasts := r.pasts()
	for _, h := range r.Hosts {
		for _, d := range h.Plan {
			m := Move{Deal: d}
			m.loads(pasts)
			list = append(list, m)
		}
	}
	return list
}

// Begin is when the deal began, or where that is not known, when its last state was reached.
func (m Move) Begin() time.Time {
	if m.Deal.Begin.At.IsZero() {
		return m.Deal.At
	}
	return m.Deal.Begin.At
}

// loads fills in the loads of both hosts.
func (m *Move) loads(pasts map[string]*Past) {
	if !m.Deal.Begin.At.IsZero() {
		own := Share{m.Deal.Begin.Load, true}
		if m.Deal.Side == sideSource {
			m.SourceBefore = own
		} else {
			m.TargetBefore = own
		}
		if m.AtTarget != nil && !m.AtTarget.Begin.At.IsZero() {
			m.TargetBefore = Share{m.AtTarget.Begin.Load, true}
		}
		if !m.TargetBefore.Known {
			m.TargetBefore = pasts[m.Deal.Target].Around(m.Deal.Begin.At.Add(-PastStep))
		}
	}
	if m.Deal.State == "done" {
		after := m.Deal.At.Add(brought)
		source, target := pasts[m.Deal.Source], pasts[m.Deal.Target]
		m.SourceAfter, m.TargetAfter = source.Around(after), target.Around(after)
		m.Settled = m.SourceAfter.Known && m.TargetAfter.Known && !source.End.Before(after) && !target.End.Before(after)
	}
}

// beside counts the other moves that changed the load of a host of this one, after the loads
// before it were taken and until those after it.
func (m *Move) beside(list []Move) (others int) {
	from, until := m.Begin(), m.Deal.At.Add(brought)
	for _, o := range list {
		if o.Deal.State != "done" || o.Deal.Deal == m.Deal.Deal || !o.Deal.At.After(from) || o.Deal.At.After(until) {
			continue
		}
		if o.has(m.Deal.Source) || o.has(m.Deal.Target) {
			others++
		}
	}
	return others
}

// has says whether a host is an end of the move.
func (m *Move) has(host string) bool { return m.Deal.Source == host || m.Deal.Target == host }

// Around returns the load at a time, or the latest one, if that is not more than a minute
// earlier.
func (p *Past) Around(at time.Time) Share {
	if p == nil || p.Step <= 0 {
		return Share{}
	}
	step := time.Duration(p.Step) * time.Second
	i := len(p.CPU) - 1 - max(0, int(p.End.Sub(at)/step))
	early := at.Add(-brought).After(p.End)
	if i < 0 || i >= min(len(p.CPU), len(p.Memory)) || early || p.CPU[i] == PastUnknown || p.Memory[i] == PastUnknown {
		return Share{}
	}
	return Share{float64(max(p.CPU[i], p.Memory[i])) / 100, true}
}
