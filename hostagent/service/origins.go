package service

import (
	"cmp"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/site"
	"parley/lcc"
)

// origins keeps how this host was when each of the last deals began: whoever asks later why
// a guest moved cannot know it otherwise. The loop owns it; the zero value is ready.
type origins struct {
	guests []site.Candidate // of the latest look, the largest first
	order  []string         // keys of began, the earliest first
	began  map[string]origin
}

// origin is the state of this host at the begin of a deal.
type origin struct {
	at     time.Time
	load   float64
	asked  lcc.PeerID       // whose message was the first of those that led to it
	choice []site.Candidate // at the source
}

// Bounds of what is kept.
const (
	originsMax = 300
	choiceMax  = 40
)

// looked keeps the guests that policies can choose from.
func (o *origins) looked(s hostagent.Status) {
	o.guests = o.guests[:0:0]
	if !s.Known || s.Capacity.CPU <= 0 || s.Capacity.MemoryBytes <= 0 {
		return
	}
	for _, g := range s.Guests {
		if g.State != hostagent.Running {
			continue
		}
		o.guests = append(o.guests, site.Candidate{
			Guest: string(g.ID), Name: g.Name, CPU: g.CPU / s.Capacity.CPU,
			Memory: float64(g.Declared.MemoryBytes) / float64(s.Capacity.MemoryBytes), Stays: g.Unmoved.Detail,
		})
	}
	slices.SortFunc(o.guests, func(a, b site.Candidate) int {
		return cmp.Or(cmp.Compare(max(b.CPU, b.Memory), max(a.CPU, a.Memory)), cmp.Compare(a.Name, b.Name))
	})
}

// note keeps the begin of a deal that this host did not know.
func (o *origins) note(story hostagent.DealChanged, asked lcc.PeerID, at time.Time) {
	key := string(story.Side) + string(story.Deal)
	if _, known := o.began[key]; known || story.Deal == "" {
		return
	}
	if o.began == nil {
		o.began = map[string]origin{}
	}
	if len(o.order) == originsMax {
		delete(o.began, o.order[0])
		o.order = append(o.order[:0], o.order[1:]...)
	}
	begin := origin{at: at, load: story.Load, asked: asked}
	if story.Side == hostagent.SourceSide {
		begin.choice = o.chosen(string(story.Guest))
	}
	o.order = append(o.order, key)
	o.began[key] = begin
}

// chosen is the latest look, bounded, with the guest of the deal in it.
func (o *origins) chosen(guest string) []site.Candidate {
	list := slices.Clone(o.guests)
	if i := slices.IndexFunc(list, func(c site.Candidate) bool { return c.Guest == guest }); i >= choiceMax {
		list[choiceMax-1] = list[i]
	}
	return list[:min(len(list), choiceMax)]
}

// of returns the begin of a deal; zero: it is not known.
func (o *origins) of(deal, side string) origin { return o.began[side+deal] }
