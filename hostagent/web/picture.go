package web

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"time"

	"parley/hostagent/api/wording"
	"parley/hostagent/site"
)

// picture is a site as the page shows it. Its parts are encoded once, and compared as bytes:
// a reader gets those that have changed.
type picture struct {
	head  head
	hosts map[string][]byte
	pasts map[string][]byte
	moves map[string][]byte
	talks map[string][]byte
	rest  []byte // releases and policies
	plan  []byte
	drain []byte // the drains
}

// head is what each event has.
type head struct {
	At     time.Time `json:"at"`
	From   string    `json:"from"`
	Error  string    `json:"error,omitempty"` // why there is no later look
	Totals totals    `json:"totals"`
	Orders []string  `json:"orders,omitempty"` // hosts for which readers may give orders
	Play   *played   `json:"play,omitempty"`   // nil: the site is live
}

type totals struct {
	Hosts    int     `json:"hosts"`
	Silent   int     `json:"silent"`
	Guests   int     `json:"guests"`
	InFlight int     `json:"in_flight"`
	Problems int     `json:"problems"`
	CPU      float64 `json:"cpu"`
	Memory   float64 `json:"memory"`
}

// host is a host with what a page says of it.
type host struct {
	Word    string `json:"state"`
	Note    string `json:"note"`
	Urgency int    `json:"urgency"`
	Silent  string `json:"silent,omitempty"`
	Count   int    `json:"count"`
	Stays   string `json:"stays"` // why no guest leaves it now
	site.State
}

// move is a deal with what a page says of it.
type move struct {
	Deal   string    `json:"deal"`
	Guest  string    `json:"guest"`
	Name   string    `json:"name"`
	Source string    `json:"source"`
	Target string    `json:"target"`
	State  string    `json:"state"`
	By     string    `json:"by"` // policy, drain or operator
	Begin  time.Time `json:"begin"`
	Ended  bool      `json:"ended"`
	End    time.Time `json:"end,omitzero"` // of one that has ended
	Share  float64   `json:"share"`        // of a move in flight: how much has been moved
	Text   string    `json:"text"`
}

// draw makes a picture of a report. With an error it is an older one.
func draw(r site.Report, failed error) *picture {
	t := r.Totals()
	p := &picture{
		head: head{At: r.At, From: r.From, Totals: totals{
			t.Hosts, t.Silent, t.Guests, t.InFlight, t.Problems, round(t.CPU), round(t.Memory),
		}},
		hosts: map[string][]byte{}, pasts: map[string][]byte{}, moves: map[string][]byte{}, talks: map[string][]byte{},
	}
	if failed != nil {
		p.head.Error = failed.Error()
	}
	for _, h := range r.Hosts {
		if h.Past != nil {
			p.pasts[h.Host] = encoded(h.Past)
		}
		if talk := talksOf(h.State); talk != nil {
			p.talks[h.Host] = talk
		}
		one := host{Word: wording.HostState(h), Note: wording.HostNote(h), Urgency: h.Urgency(), Silent: h.Silent, Count: h.Count(),
			Stays: wording.Stays(h), State: h.State}
		one.Models = withoutWaits(h.Models)
		one.Past, one.Deals, one.Ended, one.Plan, one.Drain = nil, nil, nil, nil, nil
		one.Policies, one.Talk, one.TalkOmitted = nil, nil, 0 // they are told apart from it
		p.hosts[h.Host] = encoded(one)
	}
	for _, m := range r.Moves() {
		p.moves[m.Deal.Deal] = encoded(moveOf(m))
	}
	p.rest, p.plan, p.drain = encoded(releasesOf(r)), encoded(planOf(r)), encoded(drainsOf(r))
	return p
}

// withoutWaits are models without what they wait for, which is told in a sentence.
func withoutWaits(models []site.Model) (list []site.Model) {
	for _, m := range models {
		m.Wait = nil
		list = append(list, m)
	}
	return list
}

func moveOf(m site.Move) move {
	one := move{
		Deal: m.Deal.Deal, Guest: m.Deal.Guest, Name: m.Deal.Name, Source: m.Deal.Source, Target: m.Deal.Target,
		State: m.Deal.State, By: "policy", Begin: m.Begin(),
		Text: wording.Move(m), Ended: slices.Contains([]string{"done", "refused", "expired", "withdrawn", "aborted", "stuck"}, m.Deal.State),
	}
	if one.Ended {
		one.End = m.Deal.At
	}
	switch {
	case m.Deal.Drain:
		one.By = "drain"
	case m.Deal.Operator:
		one.By = "operator"
	}
	if all := m.Deal.Transferred + m.Deal.Remaining; all > 0 {
		one.Share = round(float64(m.Deal.Transferred) / float64(all))
	}
	return one
}

// round keeps what a page shows, hundredths, so that a part with the same looks does not change.
func round(v float64) float64 { return math.Round(v*100) / 100 }

func encoded(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // the values are ours, and are numbers, texts and times
	}
	return data
}

// event is what a reader gets: what differs from the picture that it has.
type event struct {
	head
	Hosts  map[string]json.RawMessage `json:"hosts,omitempty"`
	Pasts  map[string]json.RawMessage `json:"pasts,omitempty"`
	Moves  map[string]json.RawMessage `json:"moves,omitempty"`
	Talks  map[string]json.RawMessage `json:"talks,omitempty"`
	Policy json.RawMessage            `json:"policy,omitempty"`
	Plan   json.RawMessage            `json:"plan,omitempty"`
	Drains json.RawMessage            `json:"drains,omitempty"`
	// Gone are hosts and deals that are no longer shown.
	GoneHosts []string `json:"gone_hosts,omitempty"`
	GoneMoves []string `json:"gone_moves,omitempty"`
	GoneTalks []string `json:"gone_talks,omitempty"`
}

// since returns what differs from an earlier picture; nil is an empty one.
func (p *picture) since(was *picture) event {
	if was == nil {
		was = &picture{}
	}
	e := event{head: p.head, Hosts: changed(p.hosts, was.hosts), Pasts: changed(p.pasts, was.pasts), Moves: changed(p.moves, was.moves),
		Talks: changed(p.talks, was.talks), GoneHosts: gone(p.hosts, was.hosts), GoneMoves: gone(p.moves, was.moves),
		GoneTalks: gone(p.talks, was.talks)}
	for _, one := range []struct {
		is, was []byte
		to      *json.RawMessage
	}{{p.rest, was.rest, &e.Policy}, {p.plan, was.plan, &e.Plan}, {p.drain, was.drain, &e.Drains}} {
		if !bytes.Equal(one.is, one.was) {
			*one.to = one.is
		}
	}
	return e
}

func changed(is, was map[string][]byte) map[string]json.RawMessage {
	list := map[string]json.RawMessage{}
	for key, data := range is {
		if !bytes.Equal(data, was[key]) {
			list[key] = data
		}
	}
	return list
}

func gone(is, was map[string][]byte) (list []string) {
	for key := range was {
		if _, there := is[key]; !there {
			list = append(list, key)
		}
	}
	slices.Sort(list)
	return list
}
