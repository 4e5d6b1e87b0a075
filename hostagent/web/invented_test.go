package web

import (
	"context"
	"fmt"
	"math"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/hostagent/audit"
	"parley/hostagent/site"
)

// invented is a site that changes with each look.
type invented struct {
	hosts, each int

	mu    sync.Mutex
	looks int
	fails error
}

func newInvented(hosts, each int) *invented { return &invented{hosts: hosts, each: each} }

// served serves a page of a site, and returns its address with its token.
func served(t testing.TB, source Source) string {
	t.Helper()
	return servedWith(t, Options{Source: source})
}

// servedWith serves a page with what else it is to have.
func servedWith(t testing.TB, o Options) string {
	t.Helper()
	o.Token, o.Names, o.Every = "a-token-of-a-test", Loopback(), 100*time.Millisecond
	page := New(o)
	page.watch.perHost = 0
	server := httptest.NewServer(page)
	t.Cleanup(func() {
		page.Close()
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL + "/#token=a-token-of-a-test"
}

func name(i int) string { return fmt.Sprintf("host%03d", i+1) }

func (s *invented) load(host int, at float64) float64 {
	return 0.55 + 0.3*math.Sin(float64(host)+at/900) + 0.12*math.Sin(at/140+float64(3*host))
}

func (s *invented) Site(context.Context, time.Duration) (site.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks++
	now := time.Unix(1_800_000_000, 0).Add(time.Duration(s.looks) * 2 * time.Second)
	r := site.Report{At: now, From: name(0)}
	for i := range s.hosts {
		h := site.Host{Host: name(i), PeerID: fmt.Sprintf("12D3KooW%08d", i)}
		if i == 3 {
			h.Silent = "no answer within 2s"
			r.Hosts = append(r.Hosts, h)
			continue
		}
		load := s.load(i, float64(now.Unix()))
		h.State = site.State{
			Version: "0.5.0", Mode: "auto", Labels: []string{"rack=" + string(rune('a'+i%4))},
			Load:     site.Load{Known: true, CPU: load, Memory: 0.4, CapacityCPU: 16, CapacityMemory: 64 << 30},
			Releases: []site.Release{{Publisher: "north", Version: 7 - uint64(i%9/8)}},
			Policies: []site.Policy{{Publisher: "north", Name: "balance", State: "active"}},
			Models:   []site.Model{{Name: "agility", Digest: "0123456789abcdef", Roles: []string{"idle"}}},
		}
		for g := range s.each {
			h.Guests = append(h.Guests, site.Guest{
				ID: fmt.Sprintf("id-%d-%d", i, g), Name: fmt.Sprintf("guest%03d.example.org", i*s.each+g), Kind: "vm", State: "running",
				CPU: load * 16 / float64(s.each) * (1 + 0.1*math.Sin(float64(s.looks+g))), Memory: 2 << 30, Processors: 4,
			})
		}
		if i == 6 {
			h.Policies[0].State, h.Policies[0].Stage = "trial", 1
		}
		if i == 5 {
			h.Drained, h.Drain = true, &site.Drain{Away: []site.Away{{Guest: "id-1-0", Name: "moved.example.org", Host: name(1)}}}
			h.Problems = []site.Problem{{Kind: site.DrainStuck, About: "db", Text: "does not leave the drained host: make room elsewhere"}}
		}
		var past site.Course
		for at := now.Add(-time.Hour); !at.After(now); at = at.Add(site.PastStep) {
			past.Note(at, site.Load{Known: true, CPU: s.load(i, float64(at.Unix())), Memory: 0.4})
		}
		h.Past = past.Past()
		if i == 7 {
			h.Mode = "recommend"
			h.Plan = []site.Deal{{
				Deal: "planned", Guest: "id-7-0", Name: "guest.example.org", Side: "source", Source: name(7), Target: name(8), State: "withdrawn",
				At: now.Add(-3 * time.Minute), Load: 1.2, Begin: site.Begin{At: now.Add(-3 * time.Minute), Load: 1.2, AskedBy: name(7)},
			}}
		}
		r.Hosts = append(r.Hosts, h)
	}
	s.moves(&r, now)
	for i := range r.Hosts {
		if r.Hosts[i].Silent == "" {
			r.Hosts[i].Talk, r.Hosts[i].TalkOmitted = s.talk(i)
		}
	}
	return r, s.fails
}

// talk is what a host exchanges with some others, more with each look.
func (s *invented) talk(host int) (list []site.Talk, omitted int) {
	for _, step := range []int{1, 2, 7} {
		for _, other := range []int{(host + step) % s.hosts, (host - step + s.hosts) % s.hosts} {
			if other == host || other == 3 {
				continue
			}
			at := min(host, other)
			own := site.Messages{Asks: 3 + at%9 + s.looks%3, Refusals: at % 4, Deals: at % 3}
			one := site.Talk{With: name(other)}
			for by := range 3 { // as many as site.Spans
				one.Sent = append(one.Sent, site.Messages{Asks: own.Asks * (by + 1), Refusals: own.Refusals * by, Deals: own.Deals * by})
				one.Received = append(one.Received, one.Sent[by])
			}
			list = append(list, one)
		}
	}
	return list, host / 50
}

func (s *invented) Talk(_ context.Context, host, with string) (site.Story, error) {
	if host == name(3) {
		return site.Story{Ends: []site.End{{Host: host, Silent: "no answer within 2s"}}}, nil
	}
	at, other := time.Unix(1_800_000_000, 0), with
	if other == "" {
		other = name(1)
	}
	lines := func(first, second, with string) []site.Line {
		return []site.Line{
			{At: at, Kind: first, Term: "ask(guest005,need,0.82)", With: with, Role: "overloaded(0.82)", Model: "agility.lcc", Line: 44},
			{At: at.Add(20 * time.Millisecond), Kind: second, Term: "refuse(full)", With: with, Role: "underloaded(0.6)",
				Model: "agility.lcc", Line: 82},
		}
	}
	story := site.Story{Ends: []site.End{{Host: host, Account: site.Account{Known: true, Talk: lines("send", "receive", other)}}}}
	if with != "" {
		story.Ends = append(story.Ends, site.End{Host: with, Account: site.Account{Known: true, Talk: lines("receive", "send", host)}})
	}
	return story, nil
}

// moves adds a move of each host but the silent one, and one in flight.
func (s *invented) moves(r *site.Report, now time.Time) {
	begun := now.Truncate(time.Hour)
	for i := range r.Hosts {
		to := (i*7 + 1) % len(r.Hosts)
		if i == 3 || to == 3 || to == i {
			continue
		}
		d := site.Deal{
			Deal: fmt.Sprintf("deal-%04d", i), Guest: fmt.Sprintf("id-%d-0", i), Name: fmt.Sprintf("guest%03d.example.org", i*s.each),
			Side: "source", Source: name(i), Target: name(to), State: "done", NeedCPU: 1.5, NeedMemory: 2 << 30, Total: 3 * time.Second,
			Downtime: 30 * time.Millisecond,
			Begin:    site.Begin{At: begun.Add(-time.Duration(i) * 30 * time.Second), Load: 0.9, AskedBy: name(i)},
		}
		d.At = d.Begin.At.Add(3 * time.Second)
		d.ExpectedTotal, d.ExpectedDowntime = 2800*time.Millisecond, 25*time.Millisecond
		d.Sequel = &audit.Sequel{
			Expected: &audit.Outcome{
				CPU: 1.5, Source: &audit.OutcomeEnd{Load: 0.9, Relief: 0.09}, Target: &audit.OutcomeEnd{Load: 0.3, Relief: -0.09}, Worth: 0.6,
			},
			Measured: []audit.Outcome{{
				After: 5 * time.Minute, CPU: 1.3, Worth: 0.5,
				Source: &audit.OutcomeEnd{Load: 0.7, Relief: 0.08}, Target: &audit.OutcomeEnd{Load: 0.4, Relief: -0.08},
			}},
		}
		switch i {
		case 0:
			d.State, d.Total, d.Transferred, d.Remaining = "moving", 0, 1<<30, 1<<30
			d.Begin.At = now.Add(-10 * time.Second)
			r.Hosts[i].Deals = append(r.Hosts[i].Deals, d)
		case 1:
			d.State, d.Reason = "aborted", "it did not end in time"
			fallthrough
		default:
			r.Hosts[i].Ended = append(r.Hosts[i].Ended, d)
		}
		d.Side, d.Begin.Load = "target", 0.3
		if i != 0 {
			r.Hosts[to].Ended = append(r.Hosts[to].Ended, d)
		}
	}
}

func (s *invented) Deal(ctx context.Context, id string) (site.Story, error) {
	r, err := s.Site(ctx, 0)
	if err != nil {
		return site.Story{}, err
	}
	id, ends, err := r.Ends(id)
	if err != nil {
		return site.Story{}, err
	}
	story := site.Story{Deal: id}
	for _, h := range ends {
		for _, d := range append(h.Deals, h.Ended...) {
			if d.Deal == id {
				story.Ends = append(story.Ends, site.End{Host: h.Host, Account: accountOf(d)})
			}
		}
	}
	return story, nil
}

// accountOf is what one end of a deal tells.
func accountOf(d site.Deal) site.Account {
	account, at, ask := site.Account{Known: true, Deal: d}, d.Begin.At, "ask("+d.Name+",need,0.9)"
	text := strings.Repeat("\n", 42) + "a(overloaded(_), ID) ::\n" +
		"    ask(G, Need, L) => a(underloaded(_), T) <- best(G, Need, T) then\n    accept(D) <= a(underloaded(_), T)\n"
	account.Origins = []site.Origin{{Model: "agility.lcc", Policy: "balance", Publisher: "north", Release: 7, Text: text}}
	line := func(after time.Duration, role, kind, term string, line int) {
		with := d.Target
		if d.Side == "target" {
			with = d.Source
		}
		account.Talk = append(account.Talk, site.Line{
			At: at.Add(after * time.Millisecond), Role: role, Kind: kind, Term: term, With: with, Model: "agility.lcc", Line: line,
		})
	}
	if d.Side == "target" {
		line(1, "idle", "receive", ask, 71)
		line(1, "idle", "send", "accept(deal)", 74)
		account.Talk[1].Grounds = []site.Ground{{Kind: "compared", Text: "With < Full", Values: "0.4 < 0.95"}}
		return account
	}
	account.Choice = []site.Candidate{
		{Guest: "other", Name: "largest.example.org", CPU: 0.5, Memory: 0.03},
		{Guest: d.Guest, Name: d.Name, CPU: 0.25, Memory: 0.03},
		{Guest: "third", Name: "db.example.org", CPU: 0.3, Memory: 0.03, Stays: "it is pinned"},
	}
	if worth := []float64{0.314, 0.421}; d.State == "done" { // its policy asked what two moves are worth
		account.Choice[0].Worth, account.Choice[1].Worth = &worth[0], &worth[1]
	}
	line(0, `a(overloaded(0.9),"x")`, "send", ask, 44)
	account.Talk[0].Grounds = []site.Ground{
		{Kind: "compared", Text: "Low - Least > Gap", Values: "0.9 - 0.30000000000000004 > 0.12",
			Was: "0.4 - 0.3 > 0.12", WasAt: at.Add(-30 * time.Second)},
		{Kind: "fact", Text: "gap(0.12)", Values: "gap(Gap)", About: "hosts whose loads differ by less are even"},
		{Kind: "player", Text: "underloaded(0.3)", Host: d.Target}, {Kind: "player", Text: "underloaded(0.4)", Host: "another"},
		{Kind: "others", Text: "10"},
	}
	line(2, "idle", "receive", "accept(deal)", 47)
	line(3, "idle", "solve", "migrate("+d.Name+")", 9)
	return account
}
