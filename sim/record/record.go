package record

import (
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/past"
	"parley/hostagent/site"
)

// Site is what the hosts of a site have answered.
type Site struct {
	Begin, End time.Time // what was asked for
	Hosts      []Host
}

// Host is one host, and what it has answered.
type Host struct {
	Name   string
	ID     string // its peer id, as deals name it
	Silent string // why nothing, or not all, of its past is known; "": all is
	Kept   bool   // it keeps what its guests use
	Blocks []past.Block
	Deals  []site.PastDeal
	Models []site.PastModel
	Tuning *hostagent.Tuning
}

// Summary is what a record has, for people.
type Summary struct {
	Begin    time.Time     `json:"begin"`
	Lasts    time.Duration `json:"lasts_ns"`
	Step     time.Duration `json:"step_ns"`
	Hosts    int           `json:"hosts"`
	Guests   int           `json:"guests"`
	Came     int           `json:"came"` // of the guests, after the beginning
	Went     int           `json:"went"`
	Moved    int           `json:"moved"` // by deals of policies
	Ordered  int           `json:"moved_by_order"`
	Policies []string      `json:"policies"`
	Notes    []string      `json:"notes,omitempty"` // what a reader should know
}

// latest is what a host was at the end of its last block.
func (h Host) latest() (last past.Host, known bool) {
	var at int64
	for _, b := range h.Blocks {
		if end := b.End().Unix(); b.Host.Cores > 0 && b.Host.Memory > 0 && end > at {
			last, known, at = b.Host, true, end
		}
	}
	return last, known
}

// deals returns the deals of all hosts, each once, in the order of their time.
func (s Site) deals() (list []site.PastDeal) {
	seen := map[string]bool{}
	for _, h := range s.Hosts {
		for _, d := range h.Deals {
			if !seen[d.Deal] && !d.At.Before(s.Begin) && d.At.Before(s.End) {
				seen[d.Deal] = true
				list = append(list, d)
			}
		}
	}
	slices.SortFunc(list, func(a, b site.PastDeal) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return compareText(a.Deal, b.Deal)
	})
	return list
}
