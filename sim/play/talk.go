package play

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"parley/hostagent/recall"
	"parley/hostagent/site"
	"parley/lcc"
)

// before are the messages of a host up to a time.
func (t *hostTrack) before(when time.Time) []message {
	return t.said[:sort.Search(len(t.said), func(i int) bool { return t.said[i].At.After(when) })]
}

// talks counts the messages of a host with each other one in the last site.Spans.
func (t *hostTrack) talks(when time.Time) (list []site.Talk) {
	spans, at := site.Spans(), map[lcc.PeerID]int{}
	said := t.before(when)
	for i := len(said) - 1; i >= 0 && when.Sub(said[i].At) < spans[len(spans)-1]; i-- {
		one := said[i]
		k, known := at[one.Peer]
		if !known {
			k = len(list)
			at[one.Peer] = k
			list = append(list, site.Talk{
				With: string(one.Peer), Sent: make([]site.Messages, len(spans)), Received: make([]site.Messages, len(spans)),
			})
		}
		to := list[k].Received
		if one.Kind == lcc.RecordSend {
			to = list[k].Sent
		}
		for n, span := range spans {
			if when.Sub(one.At) < span {
				to[n] = to[n].Plus(one.carried)
			}
		}
	}
	return list
}

// Talk tells the last messages of a host up to a time, or those between two hosts, as both
// tell them; "": of any host.
func (r *Run) Talk(when time.Time, host, with string) (site.Story, error) {
	var story site.Story
	for i, name := range []string{host, with} {
		if name == "" {
			continue
		}
		t := r.host(name)
		if t == nil {
			return story, fmt.Errorf("there is no host %q in the run", name)
		}
		end := site.End{Host: name, Account: site.Account{Known: true}}
		readable := r.readable()
		said, other := t.before(when), lcc.PeerID([]string{with, host}[i])
		for k := len(said) - 1; k >= 0 && len(end.Talk) < recall.TalkMost; k-- {
			if other == "" || said[k].Peer == other {
				end.Talk = append([]site.Line{said[k].Line(readable, asTheyAre)}, end.Talk...)
			}
		}
		story.Ends = append(story.Ends, end)
	}
	return story, nil
}

func (r *Run) host(name string) *hostTrack {
	i := sort.Search(len(r.hosts), func(i int) bool { return r.hosts[i].name >= name })
	if i == len(r.hosts) || r.hosts[i].name != name {
		return nil
	}
	return r.hosts[i]
}

// asTheyAre are the names of hosts: in a run their ids are names.
var asTheyAre = recall.Names{Host: func(id lcc.PeerID) string { return string(id) }, In: func(text string) string { return text }}

// readable writes the ids of guests and deals as names.
func (r *Run) readable() *strings.Replacer {
	var names []string
	for _, t := range r.hosts {
		for _, g := range t.guests {
			names = append(names, `"`+g.guest.ID+`"`, g.guest.Name)
		}
	}
	for _, d := range r.deals {
		id := d.last().Deal
		names = append(names, `"`+id+`"`, "deal "+id[:min(len(id), 8)])
	}
	return strings.NewReplacer(names...)
}
