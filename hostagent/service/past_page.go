package service

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/past"
	"parley/hostagent/site"
	"parley/lcc"
)

const (
	// pageMost is how many bytes of blocks an answer has: as base64 they stay below what
	// goes between two hosts.
	pageMost = 640 << 10
	// dealsMost is how many deals an answer has.
	dealsMost = 2000
	// pageDays is how much of the past is decoded at one time.
	pageDays = 24 * time.Hour
)

// page answers what the guests of this host used.
func (p *pastKeeper) page(q site.PastQuestion) (a site.PastAnswer, err error) {
	if p == nil {
		return a, nil
	}
	a.Kept = true
	pack := packer{most: pageMost}
	for from := q.Since; from.Before(q.Until); from = from.Add(pageDays) {
		to := from.Add(pageDays)
		if q.Until.Before(to) {
			to = q.Until
		}
		blocks, err := p.between(from, to)
		if err != nil {
			return a, err
		}
		for _, b := range blocks {
			skip := 0
			if b.Start == q.Since.Unix() {
				skip = q.Skip
			}
			sent, whole, err := pack.add(b, skip)
			if err != nil {
				return a, err
			}
			if !whole {
				a.Blocks = pack.page
				a.Next = &site.PastQuestion{Of: q.Of, Since: time.Unix(b.Start, 0).UTC(), Until: q.Until, Skip: skip + sent}
				return a, nil
			}
		}
	}
	a.Blocks = pack.page
	return a, nil
}

// packer puts blocks into a page of a bounded size.
type packer struct {
	encoder past.Encoder
	most    int
	page    []byte
}

// add adds the frames of a block but for the first few. whole says that all of them fit;
// sent is how many did.
func (p *packer) add(b past.Block, skip int) (sent int, whole bool, err error) {
	frames, err := p.frames(b)
	if err != nil {
		return 0, false, err
	}
	for _, f := range frames[min(skip, len(frames)):] {
		if len(p.page) > 0 && len(p.page)+len(f) > p.most {
			return sent, false, nil
		}
		p.page, sent = append(p.page, f...), sent+1
	}
	return sent, true, nil
}

// frames encodes a block; one that is too large for a page is several, each with a part of
// the guests.
func (p *packer) frames(b past.Block) ([][]byte, error) {
	data, err := p.encoder.Append(nil, b)
	if err != nil || len(data) <= p.most || len(b.Guests) < 2 {
		return [][]byte{data}, err
	}
	half := b
	half.Guests = b.Guests[:len(b.Guests)/2]
	first, err := p.frames(half)
	if err != nil {
		return nil, err
	}
	half.Guests = b.Guests[len(b.Guests)/2:]
	rest, err := p.frames(half)
	return append(first, rest...), err
}

// pastDeals answers which guests moved by a deal with this host, the latest first.
func pastDeals(a *auditor, q site.PastQuestion) (answer site.PastAnswer, err error) {
	list, err := a.Query(audit.Filter{Kind: "deal", State: string(hostagent.Done), Since: q.Since, Until: q.Until, Limit: dealsMost})
	if err != nil {
		return answer, err
	}
	for _, e := range list {
		answer.Deals = append(answer.Deals, site.PastDeal{
			At: e.At, Deal: e.Deal, Guest: e.Guest, Name: e.Name, Source: e.Source, Target: e.Target, Operator: e.Operator, Drain: e.Drain,
			Total: e.Total, Downtime: e.Downtime, Bytes: e.Bytes,
		})
	}
	if len(list) == dealsMost {
		answer.Next = &site.PastQuestion{Of: q.Of, Since: q.Since, Until: list[len(list)-1].At.Add(-1)}
	}
	return answer, nil
}

// pastModels answers what this host enacts now.
func pastModels(ctx context.Context, s *Service) (answer site.PastAnswer, err error) {
	err = s.inLoop(ctx, func(lcc.Instant) error {
		for _, e := range s.policies.policy.enacted {
			answer.Models = append(answer.Models, site.PastModel{
				Name: e.Name(), Digest: fullDigest(e.Digest()), Text: string(e.Text()), Refuse: e.Refuse,
			})
		}
		tuning, err := json.Marshal(s.config.Tuning)
		answer.Tuning = string(tuning)
		return err
	})
	return answer, err
}

// pastOf answers a question about the past of this host.
func pastOf(ctx context.Context, s *Service, q site.PastQuestion) (site.PastAnswer, error) {
	switch q.Of {
	case site.PastDeals:
		return pastDeals(s.records.audit, q)
	case site.PastModels:
		return pastModels(ctx, s)
	}
	return s.records.past.page(q)
}

// pastAt asks a host of this owner for its past; it may be this one.
func (v *view) pastAt(ctx context.Context, host string, q site.PastQuestion) (site.PastAnswer, error) {
	if host == v.names.host || host == string(v.names.self) || host == "" {
		return v.past(ctx, q)
	}
	for _, m := range v.ours() {
		if m.Name == host || string(m.ID) == host {
			return v.hosts.Past(ctx, m.ID, q)
		}
	}
	return site.PastAnswer{}, api.Refuse(hostagent.CodeNoOrder, "there is no host %q of this owner: `parley status --site` lists them", host)
}

// givePast answers with a part of the past of a host.
func (h *handlers) givePast(w http.ResponseWriter, r *http.Request) {
	q, host, err := pastQuestion(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	found, err := h.view.pastAt(r.Context(), host, q)
	answer(w, found, err)
}

func pastQuestion(r *http.Request) (q site.PastQuestion, host string, err error) {
	query := r.URL.Query()
	q.Of = query.Get("of")
	for name, at := range map[string]*time.Time{"since": &q.Since, "until": &q.Until} {
		if *at, err = time.Parse(time.RFC3339Nano, query.Get(name)); err != nil {
			return q, "", fmt.Errorf("%s is %.40q: give a time such as 2026-01-31T00:00:00Z", name, query.Get(name))
		}
	}
	if text := query.Get("skip"); text != "" {
		if q.Skip, err = strconv.Atoi(text); err != nil {
			return q, "", fmt.Errorf("skip is %.40q: give a number", text)
		}
	}
	return q, query.Get("host"), q.Validate()
}
