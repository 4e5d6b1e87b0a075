package web

import (
	"errors"
	"net/http"
	"slices"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/site"
)

// told is a deal as the page tells it.
type told struct {
	Deal   string           `json:"deal"`
	Text   string           `json:"text"`
	Source *site.Deal       `json:"source"` // as the source sees it; nil: it does not say
	Target *site.Deal       `json:"target"`
	Choice []site.Candidate `json:"choice"`
	Lines  []site.Said      `json:"lines"`
	Silent []string         `json:"silent"` // host: why it does not say
	// Origins are the policies that have the models of the lines.
	Origins []site.Origin `json:"origins"`
}

// deal tells a deal.
func (p *Page) deal(w http.ResponseWriter, r *http.Request) {
	story, err := p.source.Deal(r.Context(), r.URL.Query().Get("deal"))
	if err != nil {
		refuse(w, err)
		return
	}
	writeJSON(w, tell(story))
}

// refuse answers why something cannot be told.
func refuse(w http.ResponseWriter, err error) {
	var refused *api.Refused
	if errors.As(err, &refused) {
		http.Error(w, refused.Why.Detail, http.StatusNotFound)
		return
	}
	http.Error(w, err.Error(), http.StatusServiceUnavailable)
}

func tell(story site.Story) told {
	t := told{Deal: story.Deal, Choice: []site.Candidate{}, Lines: []site.Said{}, Silent: []string{}, Origins: []site.Origin{}}
	var report site.Report
	for _, end := range story.Ends {
		switch {
		case end.Silent != "":
			t.Silent = append(t.Silent, end.Host+": "+end.Silent)
			continue
		case !end.Known:
			t.Silent = append(t.Silent, end.Host+": it no longer knows the deal")
			continue
		case end.Deal.Side == "source":
			t.Source, t.Choice = &end.Deal, append(t.Choice, end.Choice...)
		default:
			t.Target = &end.Deal
		}
		for _, o := range end.Origins {
			if !slices.Contains(t.Origins, o) {
				t.Origins = append(t.Origins, o)
			}
		}
		report.Hosts = append(report.Hosts, site.Host{Host: end.Host, State: site.State{Ended: []site.Deal{end.Deal}}})
	}
	if moves := report.Moves(); len(moves) == 1 {
		t.Text = wording.Move(moves[0])
	}
	t.Lines = append(t.Lines, story.Transcript()...)
	return t
}
