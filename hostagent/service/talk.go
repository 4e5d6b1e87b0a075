package service

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/peer"
)

// exchanges count the messages of models by other host and minute. The loop owns it; the zero
// value is ready.
type exchanges struct {
	with map[lcc.PeerID]*exchange
}

// talkMinutes is how many minutes are counted.
const talkMinutes = 60

// exchange is what went between this host and another one, a place for each minute.
type exchange struct {
	newest         int64 // minute since 1970
	sent, received [talkMinutes]site.Messages
}

// note counts a message.
func (t *exchanges) note(r *peer.Record, at time.Time) {
	with := r.Record.Peer
	if with == "" || r.Record.Term == nil {
		return
	}
	if t.with == nil {
		t.with = map[lcc.PeerID]*exchange{}
	}
	e := t.with[with]
	if e == nil {
		e = &exchange{newest: minuteOf(at)}
		t.with[with] = e
	}
	minute := e.turn(minuteOf(at))
	to := &e.received[minute]
	if r.Record.Kind == lcc.RecordSend {
		to = &e.sent[minute]
	}
	*to = to.Plus(site.Carried(r.Record.Term.String()))
}

func minuteOf(at time.Time) int64 { return at.Unix() / 60 }

// turn empties the places of the minutes up to this one, and returns its place. A clock that
// was set back counts into the newest one.
func (e *exchange) turn(minute int64) int64 {
	for past := 0; e.newest < minute && past < talkMinutes; past++ {
		e.newest++
		e.sent[e.newest%talkMinutes], e.received[e.newest%talkMinutes] = site.Messages{}, site.Messages{}
	}
	e.newest = max(e.newest, minute)
	return e.newest % talkMinutes
}

// since is what was exchanged up to a time. Hosts with which nothing was are forgotten.
func (t *exchanges) since(now time.Time) (list []site.Talk) {
	for with, e := range t.with {
		e.turn(minuteOf(now))
		one := site.Talk{With: string(with)}
		for _, span := range site.Spans() {
			one.Sent = append(one.Sent, e.sum(&e.sent, span))
			one.Received = append(one.Received, e.sum(&e.received, span))
		}
		if last := len(one.Sent) - 1; one.Sent[last].All()+one.Received[last].All() == 0 {
			delete(t.with, with)
			continue
		}
		list = append(list, one)
	}
	return list
}

func (e *exchange) sum(of *[talkMinutes]site.Messages, span time.Duration) (all site.Messages) {
	for i := range min(int64(span/time.Minute), talkMinutes) {
		all = all.Plus(of[(e.newest-i+talkMinutes)%talkMinutes])
	}
	return all
}

// talked are the last messages of the models of this host with another one; "": with any.
func talked(ctx context.Context, s *Service, with lcc.PeerID) (a site.Account, err error) {
	err = s.inLoop(ctx, func(lcc.Instant) error {
		a = site.Account{Known: true, Talk: s.records.exchanged(with, s.node.Host().Status().Guests)}
		return nil
	})
	return a, err
}

// exchanged are the last messages with a host, the earliest first, with the names of the
// guests of this host and of those that moved.
func (r *recorder) exchanged(with lcc.PeerID, guests []hostagent.GuestStatus) (lines []site.Line) {
	readable := r.readable(guests)
	for _, m := range r.mentions.With(with) {
		lines = append(lines, m.Line(readable, r.spoken()))
	}
	return lines
}

// readable writes the ids of guests and deals as names: of the guests of this host and of those
// that moved.
func (r *recorder) readable(guests []hostagent.GuestStatus) *strings.Replacer {
	var names []string
	for _, g := range guests {
		names = append(names, `"`+string(g.ID)+`"`, g.Name)
	}
	for _, d := range slices.Concat(r.history.inFlight, r.history.ended) {
		names = append(names, `"`+d.Guest+`"`, d.Name, `"`+d.Deal+`"`, "deal "+d.Deal[:min(len(d.Deal), 8)])
	}
	return strings.NewReplacer(names...)
}

// waiting keeps what the models wait for.
func (r *recorder) waiting(models []peer.View) {
	r.mentions.Waits.Begin()
	for _, m := range models {
		r.mentions.Waits.Looked(m.Model.Digest(), m.Model.Name(), m.Agents, time.Now())
	}
}

// waits says what the models wait for, by their digests in full.
func (r *recorder) waits(guests []hostagent.GuestStatus, policiesOf func(lcc.Digest) []string) map[string]*site.Wait {
	byDigest := map[string]*site.Wait{}
	for model, w := range r.mentions.Waits.Of(r.readable(guests), r.spoken(), policiesOf) {
		byDigest[fullDigest(model)] = w
	}
	return byDigest
}

// exchange asks a host for the last messages of its models, and for those with another host
// also that one.
func (v *view) exchange(ctx context.Context, host, with string) (story site.Story, err error) {
	var ids [2]hostagent.HostID
	for i, name := range []string{cmp.Or(host, string(v.names.self)), with} {
		if ids[i], err = v.names.target(name); err != nil {
			return story, err
		}
	}
	if ids[0] == ids[1] {
		return story, api.Refuse(hostagent.CodeBadQuestion, "a host sends itself no messages that are kept: name two hosts")
	}
	for i, id := range ids {
		if id == "" {
			continue
		}
		end := site.End{Host: v.names.name(id)}
		switch other := string(ids[1-i]); {
		case id == hostagent.HostID(v.names.self):
			end.Account, err = v.talk(ctx, other)
		case !slices.ContainsFunc(v.ours(), func(m site.Member) bool { return m.ID == lcc.PeerID(id) }):
			end.Silent = "it belongs to another owner and answers its own hosts only"
		default:
			end, err = v.hosts.Talk(ctx, site.Member{ID: lcc.PeerID(id), Name: end.Host}, siteWithin, other)
		}
		if err != nil {
			return story, err
		}
		story.Ends = append(story.Ends, end)
	}
	return story, nil
}

// giveTalk answers the last messages of models.
func (h *handlers) giveTalk(w http.ResponseWriter, r *http.Request) {
	if err := serve.Within(w, siteWithinMost); err != nil {
		h.log.Debug("messages are asked for under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	story, err := h.view.exchange(r.Context(), r.URL.Query().Get("host"), r.URL.Query().Get("with"))
	answer(w, story, err)
}
