package web

import (
	"cmp"
	"net/http"

	"parley/hostagent/site"
)

// said are the last messages of models, as the page tells them.
type said struct {
	Lines  []site.Said `json:"lines"`
	Silent []string    `json:"silent"` // host: why it does not say
}

// talk tells the last messages of a host, or those between two hosts.
func (p *Page) talk(w http.ResponseWriter, r *http.Request) {
	story, err := p.source.Talk(r.Context(), r.URL.Query().Get("host"), r.URL.Query().Get("with"))
	if err != nil {
		refuse(w, err)
		return
	}
	s := said{Lines: []site.Said{}, Silent: []string{}}
	for _, end := range story.Ends {
		if end.Silent != "" {
			s.Silent = append(s.Silent, end.Host+": "+end.Silent)
		}
	}
	s.Lines = append(s.Lines, story.Transcript()...)
	writeJSON(w, s)
}

// talkOf is what a page shows of the messages of a host: with whom, and with how many others.
type talkOf struct {
	With    []site.Talk `json:"with"`
	Omitted int         `json:"omitted"`
}

// talksOf are the messages of a host, encoded; nil: it has exchanged none.
func talksOf(s site.State) []byte {
	if cmp.Or(len(s.Talk), s.TalkOmitted) == 0 {
		return nil
	}
	return encoded(talkOf{s.Talk, s.TalkOmitted})
}
