package web

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/hostagent/site"
)

// releases say what is in force on the site, and who lags.
type releases struct {
	Publishers []publisher `json:"publishers"`
	Policies   []policyRow `json:"policies"`
	Models     []model     `json:"models"`
}

type publisher struct {
	Name   string   `json:"name"`
	Newest uint64   `json:"newest"`
	On     int      `json:"on"`     // hosts that have the newest release
	Behind []string `json:"behind"` // and those that have an older one: host: release
}

type policyRow struct {
	Publisher string   `json:"publisher"`
	Name      string   `json:"name"`
	Active    int      `json:"active"`
	Trial     canary   `json:"trial"`
	Waiting   []string `json:"waiting"` // hosts that wait for their stage, or for an unexpired release
	Others    []string `json:"others"`  // host: state
}

// canary are the hosts that try a policy before the others take it.
type canary struct {
	Hosts []string  `json:"hosts"`
	Stage int       `json:"stage,omitempty"` // the latest one of a host
	Until time.Time `json:"until,omitzero"`  // the end of the trial
}

type model struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Hosts  int    `json:"hosts"`
}

func releasesOf(r site.Report) releases {
	all := releases{[]publisher{}, []policyRow{}, []model{}}
	for _, h := range r.Hosts {
		for _, one := range h.Releases {
			all.release(one)
		}
	}
	for _, h := range r.Hosts {
		for _, one := range h.Releases {
			i := slices.IndexFunc(all.Publishers, func(p publisher) bool { return p.Name == one.Publisher })
			if p := &all.Publishers[i]; one.Version == p.Newest {
				p.On++
			} else {
				p.Behind = append(p.Behind, fmt.Sprintf("%s: %d", h.Host, one.Version))
			}
		}
		for _, one := range h.Policies {
			all.policy(h.Host, one)
		}
		for _, one := range h.Models {
			all.model(one)
		}
	}
	slices.SortFunc(all.Publishers, func(a, b publisher) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(all.Policies, func(a, b policyRow) int {
		return cmp.Or(cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(all.Models, func(a, b model) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Digest, b.Digest)) })
	return all
}

func (all *releases) release(one site.Release) {
	i := slices.IndexFunc(all.Publishers, func(p publisher) bool { return p.Name == one.Publisher })
	if i < 0 {
		i = len(all.Publishers)
		all.Publishers = append(all.Publishers, publisher{Name: one.Publisher, Behind: []string{}})
	}
	all.Publishers[i].Newest = max(all.Publishers[i].Newest, one.Version, one.Announced)
}

func (all *releases) policy(host string, one site.Policy) {
	i := slices.IndexFunc(all.Policies, func(p policyRow) bool { return p.Publisher == one.Publisher && p.Name == one.Name })
	if i < 0 {
		i = len(all.Policies)
		all.Policies = append(all.Policies, policyRow{
			Publisher: one.Publisher, Name: one.Name, Trial: canary{Hosts: []string{}}, Waiting: []string{}, Others: []string{},
		})
	}
	p := &all.Policies[i]
	switch one.State {
	case "active":
		p.Active++
	case "not_targeted":
	case "trial":
		p.Trial.Hosts = append(p.Trial.Hosts, host)
		p.Trial.Stage = max(p.Trial.Stage, one.Stage)
		if one.Until.After(p.Trial.Until) {
			p.Trial.Until = one.Until
		}
	case "waiting":
		p.Waiting = append(p.Waiting, host)
	default:
		text := host + ": " + one.State
		if one.Detail != "" {
			text += ", " + one.Detail
		}
		p.Others = append(p.Others, text)
	}
}

func (all *releases) model(one site.Model) {
	i := slices.IndexFunc(all.Models, func(m model) bool { return m.Name == one.Name && m.Digest == one.Digest })
	if i < 0 {
		i = len(all.Models)
		all.Models = append(all.Models, model{Name: one.Name, Digest: one.Digest})
	}
	all.Models[i].Hosts++
}
