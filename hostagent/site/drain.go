package site

import "time"

// Drain is the state of a host's drain.
type Drain struct {
	Force bool      `json:"force,omitempty"`
	Until time.Time `json:"until,omitzero"`  // when it ends although guests are left
	Ended string    `json:"ended,omitempty"` // why it has ended before the host was empty
	Home  bool      `json:"home,omitempty"`  // the guests that are away come home now
	Away  []Away    `json:"away,omitempty"`
}

// Away is a guest that a drain has moved away.
type Away struct {
	Guest string `json:"guest"`
	Name  string `json:"name"`
	Host  string `json:"host"`            // that took it
	Why   string `json:"why,omitempty"`   // why it has not come home
	Stays bool   `json:"stays,omitempty"` // it is asked for no more
}

// Draining is a drain as the whole site shows it. Memory says better than the number of guests
// how long the rest takes.
type Draining struct {
	Host        string
	Drain       Drain
	Drained     bool
	Left        int           // guests that are still on the host
	Gone        int           // guests that the drain has moved away
	LeftMemory  int64         // of those on the host, less what has been copied of one in flight
	GoneMemory  int64         // of all that has left
	Rest        time.Duration // what is left takes, if it goes as fast as so far; 0: not known
	Stuck       []Problem     // guests that do not leave, with the reason
	InFlight    []Deal
	LastChanged time.Time // the end of its last move; zero: none
}

// Drains lists the drains of a site, by host. One that was taken back, and whose guests need
// not come home, is none.
func (r Report) Drains() (list []Draining) {
	memory := map[string]int64{}
	for _, h := range r.Hosts {
		for _, g := range h.Guests {
			if g.State != stateIncoming {
				memory[g.ID] = g.Memory
			}
		}
	}
	for _, h := range r.Hosts {
		if h.Drain == nil || !h.Drained && !h.Drain.Home && h.Drain.Ended == "" {
			continue
		}
		list = append(list, drainingOf(h, memory))
	}
	return list
}

func drainingOf(h Host, memory map[string]int64) Draining {
	d := Draining{Host: h.Host, Drain: *h.Drain, Drained: h.Drained, Gone: len(h.Drain.Away), Left: h.Count()}
	away := map[string]bool{}
	for _, a := range h.Drain.Away {
		away[a.Guest] = true
		d.GoneMemory += memory[a.Guest]
	}
	for _, g := range h.Guests {
		if g.State != stateIncoming {
			d.LeftMemory += g.Memory
		}
	}
	for _, p := range h.Problems {
		if p.Kind == DrainStuck {
			d.Stuck = append(d.Stuck, p)
		}
	}
	for _, deal := range h.Deals {
		if deal.Side != sideSource || !deal.Drain {
			continue
		}
		d.InFlight = append(d.InFlight, deal)
		if all := deal.Transferred + deal.Remaining; all > 0 {
			copied := int64(float64(memory[deal.Guest]) * float64(deal.Transferred) / float64(all))
			d.LeftMemory, d.GoneMemory = d.LeftMemory-copied, d.GoneMemory+copied
		}
	}
	d.pace(h.Ended, away)
	return d
}

// pace measures how fast the moves of the drain that have ended went.
func (d *Draining) pace(ended []Deal, away map[string]bool) {
	var bytes int64
	var first time.Time
	for _, deal := range ended {
		if deal.Side != sideSource || !deal.Drain || deal.State != "done" || !away[deal.Guest] {
			continue
		}
		began := deal.Begin.At
		if began.IsZero() {
			began = deal.At.Add(-deal.Total)
		}
		if first.IsZero() || began.Before(first) {
			first = began
		}
		if deal.At.After(d.LastChanged) {
			d.LastChanged = deal.At
		}
		bytes += deal.NeedMemory
	}
	if took := d.LastChanged.Sub(first); bytes > 0 && took > 0 {
		d.Rest = time.Duration(float64(d.LeftMemory) / float64(bytes) * float64(took))
	}
}
