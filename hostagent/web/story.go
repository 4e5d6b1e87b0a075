package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

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
	Lines  []line           `json:"lines"`
	Silent []string         `json:"silent"` // host: why it does not say
}

// line is one line of a transcript.
type line struct {
	At    time.Time `json:"at"`
	Host  string    `json:"host"`
	With  string    `json:"with,omitempty"`
	Kind  string    `json:"kind"` // message, solve, solved or failed
	Role  string    `json:"role"`
	Term  string    `json:"term"`
	Model string    `json:"model"`
	Line  int       `json:"line"`
}

// deal tells a deal.
func (p *Page) deal(w http.ResponseWriter, r *http.Request) {
	story, err := p.source.Deal(r.Context(), r.URL.Query().Get("deal"))
	var refused *api.Refused
	switch {
	case errors.As(err, &refused):
		http.Error(w, refused.Why.Detail, http.StatusNotFound)
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		writeJSON(w, tell(story))
	}
}

func tell(story site.Story) told {
	t := told{Deal: story.Deal, Choice: []site.Candidate{}, Lines: []line{}, Silent: []string{}}
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
		report.Hosts = append(report.Hosts, site.Host{Host: end.Host, State: site.State{Ended: []site.Deal{end.Deal}}})
	}
	if moves := report.Moves(); len(moves) == 1 {
		t.Text = wording.Move(moves[0])
	}
	t.Lines = append(t.Lines, transcript(story)...)
	return t
}

// transcript merges what both ends say. A message is shown once, as its sender tells it.
func transcript(story site.Story) (lines []line) {
	sent := map[string]int{}
	for _, end := range story.Ends {
		for _, l := range end.Talk {
			if l.Kind == "send" {
				sent[end.Host+"\x00"+l.With+"\x00"+l.Term]++
			}
		}
	}
	for _, end := range story.Ends {
		for _, l := range end.Talk {
			one := line{At: l.At, Host: end.Host, With: l.With, Kind: l.Kind, Role: l.Role, Term: l.Term, Model: l.Model, Line: l.Line}
			switch l.Kind {
			case "send":
				one.Kind = "message"
			case "receive":
				if key := l.With + "\x00" + end.Host + "\x00" + l.Term; sent[key] > 0 {
					sent[key]--
					continue
				}
				one.Kind, one.Host, one.With, one.Role = "message", l.With, end.Host, ""
			}
			lines = append(lines, one)
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.At.Compare(b.At) })
	return lines
}
