package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/lcc"
)

// account is what this host knows of a deal, as one of its ends.
func account(ctx context.Context, s *Service, deal string) (a site.Account, err error) {
	err = s.inLoop(ctx, func(lcc.Instant) error {
		a = s.records.account(deal)
		return nil
	})
	return a, err
}

func (r *recorder) account(deal string) site.Account {
	known := slices.Concat(r.history.ended, r.history.inFlight)
	for _, d := range slices.Backward(known) {
		if d.Deal != deal {
			continue
		}
		begin := r.origins.of(d.Deal, d.Side)
		shown := siteDeal(r.names.deal(d), begin)
		until := time.Time{} // it is in flight
		if ended(hostagent.DealState(d.State)) {
			until = d.At
		}
		return site.Account{Known: true, Deal: shown, Choice: begin.choice, Talk: r.talk(shown, until)}
	}
	return site.Account{}
}

// What belongs to a deal: messages about its guest may precede it, and the last ones
// follow its end.
const (
	talkBefore = 2 * time.Minute
	talkAfter  = 10 * time.Second
	talkMost   = 80 // lines
)

// talk lists what the models of this host said and did about a deal.
func (r *recorder) talk(d site.Deal, until time.Time) (lines []site.Line) {
	from := d.At.Add(-talkBefore)
	if !d.Begin.At.IsZero() {
		from = d.Begin.At.Add(-talkBefore)
	}
	readable := strings.NewReplacer(`"`+d.Guest+`"`, d.Name, `"`+d.Deal+`"`, "deal "+d.Deal[:min(len(d.Deal), 8)])
	for _, m := range r.mentions.exchanged(d.Guest, d.Deal, until) {
		if m.at.Before(from) || !until.IsZero() && m.at.After(until.Add(talkAfter)) {
			continue
		}
		line := site.Line{
			At: m.at, Role: r.names.reason(readable.Replace(m.role)), Kind: string(m.kind), Term: r.names.reason(readable.Replace(m.term)),
			Model: cmp.Or(m.library, m.file), Line: m.line,
		}
		if m.peer != "" {
			line.With = r.names.name(hostagent.HostID(m.peer))
		}
		lines = append(lines, line)
	}
	return lines[max(0, len(lines)-talkMost):]
}

// asker is the host whose message began a deal of a policy: the first one between its two
// hosts within a short time; "": there is none.
func (r *recorder) asker(story hostagent.DealChanged, now time.Time) lcc.PeerID {
	partner := lcc.PeerID(story.Target)
	if story.Side == hostagent.TargetSide {
		partner = lcc.PeerID(story.Source)
	}
	var first lcc.PeerID
	for _, m := range slices.Backward(r.mentions.list) {
		if now.Sub(m.at) > askedWithin || story.Operator {
			break
		}
		switch {
		case m.peer != partner:
		case m.kind == lcc.RecordSend:
			first = r.names.self
		case m.kind == lcc.RecordReceive:
			first = partner
		}
	}
	return first
}

// askedWithin is how long before a deal its first message was at most.
const askedWithin = 15 * time.Second

// exchanged returns the mentions of a guest or of a deal, and the first answer of each
// host that was told of one: a refusal names neither. What such a host says after the end of
// the deal is about another one.
func (m *mentions) exchanged(guest, deal string, end time.Time) (list []mention) {
	guest, deal = `"`+guest+`"`, `"`+deal+`"`
	asked := map[lcc.PeerID]bool{}
	for _, one := range m.list {
		names := strings.Contains(one.term, guest) || strings.Contains(one.term, deal)
		switch {
		case names && one.kind == lcc.RecordSend:
			asked[one.peer] = true
		case one.kind == lcc.RecordReceive && asked[one.peer] && (names || end.IsZero() || !one.at.After(end)):
			delete(asked, one.peer)
		case !names:
			continue
		}
		list = append(list, one)
	}
	return list
}

// story asks the ends of a deal what they know of it.
func (v *view) story(ctx context.Context, deal string) (site.Story, error) {
	report, err := v.site(ctx, siteWithin)
	if err != nil {
		return site.Story{}, err
	}
	id, hosts, err := report.Ends(deal)
	if errors.Is(err, site.ErrNoDeal) && len(report.Silent()) > 0 {
		err = fmt.Errorf("%w; %d hosts do not answer", err, len(report.Silent()))
	}
	if err != nil {
		return site.Story{}, api.Refuse(hostagent.CodeBadQuestion, "%v", err)
	}
	story := site.Story{Deal: id}
	for _, h := range hosts {
		if h.PeerID == string(v.names.self) {
			own, err := v.account(ctx, id)
			if err != nil {
				return site.Story{}, err
			}
			story.Ends = append(story.Ends, site.End{Host: h.Host, Account: own})
			continue
		}
		told, err := v.hosts.Tell(ctx, []site.Member{{ID: lcc.PeerID(h.PeerID), Name: h.Host}}, siteWithin, id)
		if err != nil {
			return site.Story{}, err
		}
		story.Ends = append(story.Ends, told...)
	}
	for i := range story.Ends {
		story.Ends[i].Deal.Rename(v.hosts.Name)
	}
	return story, nil
}

// giveStory answers what the ends of a deal know of it.
func (h *handlers) giveStory(w http.ResponseWriter, r *http.Request) {
	if err := serve.Within(w, siteWithinMost); err != nil {
		h.log.Debug("a deal is looked for under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	story, err := h.view.story(r.Context(), r.URL.Query().Get("deal"))
	answer(w, story, err)
}
