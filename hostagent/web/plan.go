package web

import (
	"slices"
	"strings"
	"time"

	"parley/hostagent/api/wording"
	"parley/hostagent/site"
)

// plan is what the policies recommend, beside what is.
type plan struct {
	Moves []planned   `json:"moves"`
	Hosts []afterPlan `json:"hosts"` // those whose load it changes, by name
	// Recommending is how many hosts only recommend.
	Recommending int `json:"recommending"`
}

// planned is a move that is recommended.
type planned struct {
	Deal   string    `json:"deal"`
	Name   string    `json:"name"`
	Source string    `json:"source"`
	Target string    `json:"target"`
	At     time.Time `json:"at"` // of the recommendation
	Text   string    `json:"text"`
	// Then is the load of the source when the move was recommended.
	Then float64 `json:"then"`
}

// afterPlan are the loads of a host: shares.
type afterPlan struct {
	Host        string  `json:"host"`
	CPU         float64 `json:"cpu"`
	Memory      float64 `json:"memory"`
	CPUAfter    float64 `json:"cpu_after"`
	MemoryAfter float64 `json:"memory_after"`
	Gives       int     `json:"gives"`
	Takes       int     `json:"takes"`
}

func planOf(r site.Report) plan {
	p := plan{Moves: []planned{}, Hosts: []afterPlan{}}
	hosts := map[string]*afterPlan{}
	load := map[string]site.Load{}
	for _, h := range r.Hosts {
		if h.Silent == "" && h.Mode != "auto" {
			p.Recommending++
		}
		if h.Load.Known {
			load[h.Host] = h.Load
		}
	}
	shift := func(host string, cpu float64, memory int64) *afterPlan {
		l, known := load[host]
		if !known || l.CapacityCPU <= 0 || l.CapacityMemory <= 0 {
			return nil
		}
		one := hosts[host]
		if one == nil {
			one = &afterPlan{Host: host, CPU: l.CPU, Memory: l.Memory, CPUAfter: l.CPU, MemoryAfter: l.Memory}
			hosts[host] = one
		}
		one.CPUAfter, one.MemoryAfter = one.CPUAfter+cpu/l.CapacityCPU, one.MemoryAfter+float64(memory)/float64(l.CapacityMemory)
		return one
	}
	for _, m := range r.Plan() {
		d := m.Deal
		p.Moves = append(p.Moves, planned{
			Deal: d.Deal, Name: d.Name, Source: d.Source, Target: d.Target, At: d.At, Text: wording.Planned(m), Then: d.Load,
		})
		cpu, memory := usesNow(r, d)
		if one := shift(d.Source, -cpu, -memory); one != nil {
			one.Gives++
		}
		if one := shift(d.Target, cpu, memory); one != nil {
			one.Takes++
		}
	}
	for _, one := range hosts {
		for _, v := range []*float64{&one.CPU, &one.Memory, &one.CPUAfter, &one.MemoryAfter} {
			*v = max(0, round(*v))
		}
		p.Hosts = append(p.Hosts, *one)
	}
	slices.SortFunc(p.Hosts, func(a, b afterPlan) int { return strings.Compare(a.Host, b.Host) })
	return p
}

// usesNow is what a guest uses now; where it is not seen, what was needed for it.
func usesNow(r site.Report, d site.Deal) (cpu float64, memory int64) {
	for _, h := range r.Hosts {
		if h.Host != d.Source {
			continue
		}
		for _, g := range h.Guests {
			if g.ID == d.Guest {
				return g.CPU, g.Memory
			}
		}
	}
	return d.NeedCPU, d.NeedMemory
}

// drain is a drain as a page shows it.
type drain struct {
	Host  string   `json:"host"`
	Text  string   `json:"text"`
	Share float64  `json:"share"` // of the memory: how much has left
	Left  int      `json:"left"`
	Over  bool     `json:"over"`  // nothing more is done
	Stuck []string `json:"stuck"` // guest: why it does not leave
	Moves []string `json:"moves"` // deals in flight
	Away  []string `json:"away"`  // guest: where it is, and why it has not come home
}

func drainsOf(r site.Report) []drain {
	list := []drain{}
	for _, d := range r.Drains() {
		one := drain{
			Host: d.Host, Text: wording.Drain(d), Left: d.Left, Over: d.Left == 0 || d.Drain.Ended != "",
			Stuck: []string{}, Moves: []string{}, Away: []string{},
		}
		if all := d.GoneMemory + d.LeftMemory; all > 0 {
			one.Share = round(float64(d.GoneMemory) / float64(all))
		}
		for _, p := range d.Stuck {
			one.Stuck = append(one.Stuck, p.About+" "+p.Text)
		}
		for _, deal := range d.InFlight {
			one.Moves = append(one.Moves, deal.Deal)
		}
		for _, a := range d.Drain.Away {
			text := a.Name + " on " + a.Host
			if a.Why != "" {
				text += ": " + a.Why
			}
			one.Away = append(one.Away, text)
		}
		list = append(list, one)
	}
	return list
}
