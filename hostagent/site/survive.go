package site

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/hostagent/spare"
	"parley/internal/spell"
)

// Spared is what one host says of its room and its guests.
type Spared struct {
	Name   string
	PeerID string
	Silent string // why there is no answer
	// Told is when a host that is silent told last what it has; zero: nothing of it is known.
	Told time.Time
	spare.Host
}

// known says whether the guests of a host are known.
func (h Spared) known() bool { return h.Silent == "" || !h.Told.IsZero() }

// Survival says what becomes of the guests of a site if hosts fail.
type Survival struct {
	At   time.Time `json:"at"`
	From string    `json:"from"`
	// Hosts are all hosts, by name. One that is silent takes no guest, and its own are those that it
	// told last, or not known.
	Hosts []Survivor `json:"hosts"`
	// Failures are those of each host alone, by name, or the one that was asked about.
	Failures []Failure `json:"failures"`
}

// Survivor is a host as others would find it after a failure.
type Survivor struct {
	Host   string `json:"host"`
	PeerID string `json:"peer_id"`
	Silent string `json:"silent,omitempty"` // why there is no answer
	// Told is when a silent host told this one last what its guests are (the key survive).
	Told    time.Time  `json:"told,omitzero"`
	Drained bool       `json:"drained,omitempty"`
	Closed  bool       `json:"closed,omitempty"` // it takes no guest for another reason
	Guests  int        `json:"guests"`
	Free    spare.Room `json:"free"`
}

// Failure is the failure of hosts at one time, with the plan for their guests.
type Failure struct {
	Hosts  []string    `json:"hosts"` // that fail
	Fits   bool        `json:"fits"`  // each guest has a place
	Need   spare.Room  `json:"need"`  // of all guests
	Lacks  spare.Room  `json:"lacks"` // of those without a place
	Guests []Resettled `json:"guests"`
}

// Resettled is a guest of a host that fails, and who takes it.
type Resettled struct {
	Guest string     `json:"guest"` // its id
	Name  string     `json:"name"`
	Kind  string     `json:"kind"`
	Need  spare.Room `json:"need"`
	From  string     `json:"from"`
	To    string     `json:"to,omitempty"` // "": no host
	// Why counts the hosts that do not take a guest without a place, by the reason.
	Why map[spare.Why]int `json:"why,omitempty"`
	// Ineligible is why it cannot be migrated, and so perhaps not started elsewhere.
	Ineligible string `json:"ineligible,omitempty"`
}

// Spare asks hosts for their room and their guests.
func (a *Asker) Spare(ctx context.Context, members []Member, within time.Duration) ([]Spared, error) {
	text, err := json.Marshal(Question{Spare: true})
	if err != nil {
		return nil, err
	}
	list := make([]Spared, len(members))
	silent := a.look(ctx, members, within, asking{question: text, byProxy: true, take: func(i int, data []byte) error {
		var told spare.Host
		if err := json.Unmarshal(data, &told); err != nil {
			return fmt.Errorf("its answer is malformed: %w", err)
		}
		told.ID = string(members[i].ID)
		if err := spare.Validate([]spare.Host{told}); err != nil {
			return fmt.Errorf("its answer is malformed: %w", err)
		}
		list[i].Host = told
		return nil
	}})
	for i, m := range members {
		list[i].Name, list[i].PeerID, list[i].Silent = m.Name, string(m.ID), silent[i]
	}
	return list, nil
}

// EncodeSpare encodes the answer to a question about room and guests.
func EncodeSpare(h spare.Host) ([]byte, error) {
	data, err := json.Marshal(h)
	if err == nil && len(data) > AnswerBytes {
		err = fmt.Errorf("what this host says of its %d guests has %d bytes, more than %d", len(h.Guests), len(data), AnswerBytes)
	}
	return data, err
}

// Survive plans for the failure of some hosts at one time, by name or peer id, or of each host
// alone if none is given.
func Survive(list []Spared, failed []string) (s Survival, err error) {
	list = slices.SortedFunc(slices.Values(list), func(a, b Spared) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.PeerID, b.PeerID))
	})
	p := planning{names: map[string]string{}, guests: map[string]spare.Guest{}}
	for _, h := range list {
		s.Hosts = append(s.Hosts, Survivor{
			Host: h.Name, PeerID: h.PeerID, Silent: h.Silent, Told: h.Told, Drained: h.Drained, Closed: h.Closed,
			Guests: len(h.Guests), Free: h.Free,
		})
		p.names[h.PeerID] = h.Name
		if h.known() {
			h.Closed = h.Closed || h.Silent != ""
			p.add(h.Host)
		}
	}
	if len(failed) > 0 {
		ids, err := p.find(list, failed)
		if err != nil {
			return s, err
		}
		f, err := p.fail(ids...)
		s.Failures = []Failure{f}
		return s, err
	}
	for _, h := range list {
		if h.known() {
			f, err := p.fail(h.PeerID)
			if err != nil {
				return s, err
			}
			s.Failures = append(s.Failures, f)
		}
	}
	return s, nil
}

// planning makes plans of hosts that are named by their peer ids.
type planning struct {
	hosts  []spare.Host
	names  map[string]string      // of hosts
	guests map[string]spare.Guest // by host and id
}

func (p *planning) add(h spare.Host) {
	p.hosts = append(p.hosts, h)
	for _, g := range h.Guests {
		p.guests[h.ID+"\x00"+g.ID] = g
	}
}

// find returns the ids of hosts that fail.
func (p *planning) find(list []Spared, wanted []string) (ids []string, err error) {
	for _, name := range wanted {
		i := slices.IndexFunc(list, func(h Spared) bool { return h.Name == name || h.PeerID == name })
		switch {
		case i < 0:
			var names []string
			for _, h := range list {
				names = append(names, h.Name)
			}
			if meant := spell.Nearest(name, names); meant != "" {
				return nil, fmt.Errorf("no host of this site is called %q: did you mean %q?", name, meant)
			}
			return nil, fmt.Errorf("no host of this site is called %q: `parley status --site` has all hosts", name)
		case !list[i].known():
			return nil, fmt.Errorf("the guests of %s are not known: %s", list[i].Name, list[i].Silent)
		}
		ids = append(ids, list[i].PeerID)
	}
	return ids, nil
}

// fail plans for the failure of hosts at one time.
func (p *planning) fail(ids ...string) (f Failure, err error) {
	plan, err := spare.Make(p.hosts, ids...)
	if err != nil {
		return f, err
	}
	f = Failure{Fits: plan.Fits(), Lacks: plan.Lacks, Guests: []Resettled{}}
	for _, id := range plan.Failed {
		f.Hosts = append(f.Hosts, p.names[id])
	}
	slices.Sort(f.Hosts)
	settle := func(guest, from, to string, why map[spare.Why]int) {
		g := p.guests[from+"\x00"+guest]
		f.Need = f.Need.Plus(g.Need)
		f.Guests = append(f.Guests, Resettled{
			Guest: g.ID, Name: g.Name, Kind: g.Kind, Need: g.Need, From: p.names[from], To: p.names[to], Why: why, Ineligible: g.Ineligible,
		})
	}
	for _, m := range plan.Missing {
		settle(m.Guest, m.From, "", m.Why)
	}
	for _, t := range plan.Takes {
		settle(t.Guest, t.From, t.To, nil)
	}
	slices.SortStableFunc(f.Guests, func(a, b Resettled) int {
		return cmp.Or(compareBool(a.To != "", b.To != ""), strings.Compare(a.From, b.From), strings.Compare(a.Name, b.Name))
	})
	return f, nil
}

// compareBool puts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
