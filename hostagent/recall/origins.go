package recall

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/site"
	"parley/lcc"
)

// Origins keeps how a host was when each of its last deals began: whoever asks later why a
// guest moved cannot know it otherwise. The zero value is ready. It is not safe for concurrent
// use.
type Origins struct {
	guests []site.Candidate // of the latest look, the largest first
	order  []string         // keys of began, the earliest first
	began  map[string]Origin
}

// Origin is the state of a host at the begin of a deal.
type Origin struct {
	At     time.Time
	Load   float64
	Asked  lcc.PeerID       // whose message was the first of those that led to it
	Choice []site.Candidate // at the source
}

// Begin is what a deal says of its begin; a host is named by its peer id.
func (o Origin) Begin() site.Begin {
	return site.Begin{At: o.At, Load: o.Load, AskedBy: string(o.Asked)}
}

// Bounds of what is kept.
const (
	originsMax = 300
	choiceMax  = 40
)

// Looked keeps the guests that policies can choose from.
func (o *Origins) Looked(s hostagent.Status) {
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

// Note keeps the begin of a deal that this host did not know.
func (o *Origins) Note(story hostagent.DealChanged, asked lcc.PeerID, at time.Time) {
	key := string(story.Side) + string(story.Deal)
	if _, known := o.began[key]; known || story.Deal == "" {
		return
	}
	if o.began == nil {
		o.began = map[string]Origin{}
	}
	if len(o.order) == originsMax {
		delete(o.began, o.order[0])
		o.order = append(o.order[:0], o.order[1:]...)
	}
	begin := Origin{At: at, Load: story.Load, Asked: asked}
	if story.Side == hostagent.SourceSide {
		begin.Choice = o.chosen(string(story.Guest))
		weigh(begin.Choice, story.Weighed)
	}
	o.order = append(o.order, key)
	o.began[key] = begin
}

// chosen is the latest look, bounded, with the guest of the deal in it.
func (o *Origins) chosen(guest string) []site.Candidate {
	list := slices.Clone(o.guests)
	if i := slices.IndexFunc(list, func(c site.Candidate) bool { return c.Guest == guest }); i >= choiceMax {
		list[choiceMax-1] = list[i]
	}
	return list[:min(len(list), choiceMax)]
}

// weigh adds what a model was told of the guests.
func weigh(list []site.Candidate, told []hostagent.Weighed) {
	for _, w := range told {
		if i := slices.IndexFunc(list, func(c site.Candidate) bool { return c.Guest == string(w.Guest) }); i >= 0 {
			list[i].Worth = &w.Worth
		}
	}
}

// Of returns the begin of a deal; zero: it is not known.
func (o *Origins) Of(deal, side string) Origin { return o.began[side+deal] }

// All returns a copy of all that are known.
func (o *Origins) All() Begun { return Begun{maps.Clone(o.began)} }

// Begun has the begins of deals, as they were known at one moment.
type Begun struct{ began map[string]Origin }

// Of returns the begin of a deal; zero: it is not known.
func (b Begun) Of(deal, side string) Origin { return b.began[side+deal] }
