package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/lcc"
)

// ground is hosts in memory that ask each other. A host answers after a time; a connection,
// which takes another time, stays.
type ground struct {
	data []byte // the State of every host
	// down says whether packets from a host to another are lost, and bad is what a host does
	// with a question for others instead of asking them.
	down func(from, to lcc.PeerID) bool
	bad  map[lcc.PeerID]func(ctx context.Context, run func() ([]byte, error)) ([]byte, error)

	mu        sync.Mutex
	linked    map[[2]lcc.PeerID]bool
	dials     map[lcc.PeerID]int // by the host that dials
	now       map[lcc.PeerID]int // dials in progress
	most      int                // of now
	told      map[lcc.PeerID]int // how often a host has answered
	questions int
	proxies   map[lcc.PeerID]*Proxy
}

func newGround(t *testing.T) *ground {
	return &ground{
		data: typical(t, 1), down: func(_, _ lcc.PeerID) bool { return false },
		bad:    map[lcc.PeerID]func(context.Context, func() ([]byte, error)) ([]byte, error){},
		linked: map[[2]lcc.PeerID]bool{}, dials: map[lcc.PeerID]int{}, now: map[lcc.PeerID]int{}, told: map[lcc.PeerID]int{},
		proxies: map[lcc.PeerID]*Proxy{},
	}
}

// link connects a host to others.
func (g *ground) link(from lcc.PeerID, to []Member) {
	for _, m := range to {
		g.linked[[2]lcc.PeerID{from, m.ID}], g.linked[[2]lcc.PeerID{m.ID, from}] = true, true
	}
}

// asker is a host that asks the others.
func (g *ground) asker(id lcc.PeerID) *Asker {
	return &Asker{Network: end{g, id}, Name: same, Self: id, Verify: verifies}
}

// end is the network as one host sees it.
type end struct {
	*ground
	id lcc.PeerID
}

func (e end) Connected(to lcc.PeerID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.linked[[2]lcc.PeerID{e.id, to}]
}

func (e end) Look(ctx context.Context, to lcc.PeerID, question []byte) ([]byte, error) {
	wait := time.Millisecond
	if !e.Connected(to) {
		wait += 5 * time.Millisecond
		defer e.dial(to)()
	}
	if e.down(e.id, to) {
		wait = time.Hour
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return nil, fmt.Errorf("ask %s: %w", to, ctx.Err())
	}
	e.join(e.id, to)
	answer, err := e.answer(ctx, e.id, to, question)
	if err != nil {
		return nil, fmt.Errorf("ask %s: it answers: %w", to, err)
	}
	return answer, nil
}

func (e end) join(from, to lcc.PeerID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.link(from, []Member{{ID: to}})
}

func (e end) dial(lcc.PeerID) (over func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dials[e.id]++
	e.now[e.id]++
	e.most = max(e.most, e.now[e.id])
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.now[e.id]--
	}
}

// answer is what a host says to another one.
func (g *ground) answer(ctx context.Context, from, host lcc.PeerID, question []byte) ([]byte, error) {
	q, err := DecodeQuestion(question)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	if q.Proxy == nil {
		g.told[host]++
	} else {
		g.questions++
	}
	r := g.proxies[host]
	if r == nil {
		r = NewProxy(end{g, host}, func(lcc.PeerID) bool { return true })
		g.proxies[host] = r
	}
	bad := g.bad[host]
	g.mu.Unlock()
	switch {
	case q.Proxy != nil && bad != nil:
		return bad(ctx, func() ([]byte, error) { return r.Run(ctx, *q.Proxy) })
	case q.Proxy != nil:
		return r.Run(ctx, *q.Proxy)
	case q.Halt != nil:
		return json.Marshal(Halted{})
	case q.Signed != nil && len(q.Signed.Ask) > 0:
		return q.Signed.Vouch([]byte("{}"), func(text []byte) []byte { return signs(host, text) })
	case q.Wanted != nil:
		return []byte("{}"), nil
	case q.Signed != nil:
		return q.Signed.Vouch(g.of(host), func(text []byte) []byte { return signs(host, text) })
	}
	return g.of(host), nil
}

// of is the State of a host, which has its name as the version.
func (g *ground) of(host lcc.PeerID) []byte {
	return bytes.Replace(g.data, []byte(`"version":"1"`), fmt.Appendf(nil, `"version":%q`, host), 1)
}

func signs(host lcc.PeerID, text []byte) []byte {
	sum := sha256.Sum256(append([]byte(host), text...))
	return sum[:]
}

func verifies(host lcc.PeerID, text, signature []byte) bool {
	return bytes.Equal(signs(host, text), signature)
}

// wrong names the hosts whose answer is missing or is that of another one.
func wrong(list []Host) (names []string) {
	for _, h := range list {
		if h.Silent != "" || h.Version != h.Host {
			names = append(names, h.Host)
		}
	}
	return names
}

// A host with 32 connections looks at a thousand others without any further connection: the
// connected ones ask the rest, each once, and dial few at a time. The next looks dial nothing.
func TestProxiesForAThousand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, list := newGround(t), members(1000)
		g.link("me", list[400:432])
		a := g.asker("me")
		for look := range 3 {
			began := time.Now()
			if got := wrong(a.Ask(t.Context(), list, 2*time.Second)); got != nil {
				t.Fatalf("look %d: no right answer of %v", look, got)
			}
			if took := time.Since(began); took > 100*time.Millisecond {
				t.Errorf("look %d takes %v", look, took)
			}
			dials := 0
			for id, n := range g.dials {
				if dials += n; n > 40 {
					t.Errorf("%s dials %d hosts, want its even share and a quarter", id, n)
				}
			}
			if dials != 968 || g.dials["me"] != 0 || g.most > proxyConnects {
				t.Errorf("look %d: after it %d hosts have been dialled, %d by the asker, %d at one time; want 968, 0 and at most %d",
					look, dials, g.dials["me"], g.most, proxyConnects)
			}
			for id, n := range g.told {
				if n != look+1 {
					t.Errorf("%s has answered %d times after %d looks", id, n, look+1)
				}
			}
		}
	})
}

// Whatever a proxy does, every host's own answer arrives, and no other.
func TestProxiesThatLie(t *testing.T) {
	var mu sync.Mutex
	var earlier []byte
	alter := func(change func(list []Fetched)) func(context.Context, func() ([]byte, error)) ([]byte, error) {
		return func(_ context.Context, run func() ([]byte, error)) ([]byte, error) {
			data, err := run()
			var f fetched
			if err != nil || json.Unmarshal(data, &f) != nil {
				return nil, errors.New("the proxy failed")
			}
			change(f.Fetched)
			return json.Marshal(f)
		}
	}
	for name, bad := range map[string]func(context.Context, func() ([]byte, error)) ([]byte, error){
		"forged": alter(func(list []Fetched) {
			for i := range list {
				list[i].Answer = bytes.Replace(list[i].Answer, []byte("auto"), []byte("idle"), 1)
			}
		}),
		"swapped":  alter(func(list []Fetched) { list[0], list[1] = list[1], list[0] }),
		"withheld": alter(func(list []Fetched) { clear(list) }),
		"denied": alter(func(list []Fetched) {
			for i := range list {
				list[i] = Fetched{Silent: "it is gone"}
			}
		}),
		"short":   func(context.Context, func() ([]byte, error)) ([]byte, error) { return []byte(`{"fetched":[]}`), nil },
		"noise":   func(context.Context, func() ([]byte, error)) ([]byte, error) { return []byte("{"), nil },
		"unknown": func(context.Context, func() ([]byte, error)) ([]byte, error) { return nil, errors.New(notUnderstood) },
		"hung": func(ctx context.Context, _ func() ([]byte, error)) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"earlier": func(_ context.Context, run func() ([]byte, error)) (data []byte, err error) {
			data, err = run()
			mu.Lock()
			defer mu.Unlock()
			if earlier == nil {
				earlier = data
			}
			return earlier, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, list := newGround(t), members(120)
				g.link("me", list[:8])
				for _, m := range list[:3] {
					g.bad[m.ID] = bad
				}
				a := g.asker("me")
				for range 2 {
					if got := wrong(a.Ask(t.Context(), list, 2*time.Second)); got != nil {
						t.Errorf("no right answer of %v", got)
					}
				}
				if g.dials["me"] == 0 && name != "earlier" {
					t.Error("no host was asked directly")
				}
			})
		})
	}
}

// A host that its proxy does not reach is asked directly, and one that nobody reaches is
// named with what was tried last.
func TestProxiesAndHostsThatAreDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, list := newGround(t), members(300)
		g.link("me", list[:16])
		g.down = func(from, to lcc.PeerID) bool { return to >= "host0290" || to >= "host0280" && from != "me" }
		a := g.asker("me")
		for look := range 2 {
			for _, h := range a.Ask(t.Context(), list, 2*time.Second) {
				if down := h.Host >= "host0290"; down != (h.Silent != "") || down && h.Silent != "no answer within 1s" {
					t.Errorf("look %d: %s: got %q", look, h.Host, h.Silent)
				}
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		g, list := newGround(t), members(300)
		g.link("me", list[:16])
		g.down = func(_, to lcc.PeerID) bool { return to >= "host0200" }
		asked := 0
		for _, h := range g.asker("me").Ask(t.Context(), list, 2*time.Second) {
			if strings.HasPrefix(h.Silent, "asked by host00") {
				asked++
			} else if h.Silent != "" && h.Silent != "no answer within 1s" {
				t.Errorf("%s: got %q", h.Host, h.Silent)
			}
			if (h.Silent != "") != (h.Host >= "host0200") {
				t.Errorf("%s: got %q", h.Host, h.Silent)
			}
		}
		if asked < 50 {
			t.Errorf("%d hosts say who has asked them, want most of a hundred", asked)
		}
	})
}

// What changes something is asked by the host itself, whose right to do so is checked.
func TestProxiesChangeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, list := newGround(t), members(100)
		g.link("me", list[:16])
		a := g.asker("me")
		if _, err := a.Halt(t.Context(), list, 2*time.Second, Halt{By: "ann"}); err != nil || g.questions != 0 {
			t.Errorf("got %d questions to proxies and %v", g.questions, err)
		}
	})
	for ask, want := range map[string]string{
		`{"halt":{}}`:       "not carried by another host",
		`{"deal":"abc"}`:    "not carried by another host",
		`{"later":{}}`:      "not understood",
		`{"signed":{}}`:     "nonce has 0 bytes",
		`{"wanted":{}}`:     "it has 0 cores",
		`{"talk":{"x":1}}`:  "not understood",
		`{"past":{"of":1}}`: "not understood",
	} {
		nonce, err := json.Marshal(make([]byte, nonceBytes))
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf(`{"signed":{"asker":"me","nonce":%s,"ask":%s}}`, nonce, ask)
		if _, err := DecodeQuestion([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", ask, err, want)
		}
	}
}

// A place for a guest is asked for in the same way.
func TestProxiesForPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, list := newGround(t), members(100)
		g.link("me", list[:16])
		offers, err := g.asker("me").Place(t.Context(), list, 2*time.Second, Wanted{Cores: 1, Memory: 1 << 30, Networks: []string{"a<b>&c"}})
		if err != nil || g.questions == 0 || g.dials["me"] != 0 {
			t.Errorf("got %d questions to proxies, %d dials and %v", g.questions, g.dials["me"], err)
		}
		for _, o := range offers {
			if o.Silent != "" {
				t.Errorf("%s: got %q", o.Host, o.Silent)
			}
		}
	})
}

// Large answers do not fit into one of a proxy; those that are left out are asked for directly.
func TestProxiesWithLargeAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, list := newGround(t), members(60)
		g.data = typical(t, 500)
		g.link("me", list[:4])
		if got := wrong(g.asker("me").Ask(t.Context(), list, 2*time.Second)); got != nil || g.dials["me"] == 0 {
			t.Errorf("no right answer of %v; %d were asked directly", got, g.dials["me"])
		}
	})
}

// A question to a proxy has bounds, and a proxy works on so many at one time.
func TestProxyBounds(t *testing.T) {
	signed := Signed{Asker: "me", Nonce: make([]byte, nonceBytes)}
	for want, e := range map[string]ProxyQuestion{
		"for 0 hosts":         {WithinMS: 1, Signed: signed},
		"for 17 hosts":        {Hosts: make([]lcc.PeerID, 17), WithinMS: 1, Signed: signed},
		"take 0 ms":           {Hosts: []lcc.PeerID{"a"}, Signed: signed},
		"take 3001 ms":        {Hosts: []lcc.PeerID{"a"}, WithinMS: 3001, Signed: signed},
		"nonce has 0 bytes":   {Hosts: []lcc.PeerID{"a"}, WithinMS: 1},
		"say which host asks": {Hosts: []lcc.PeerID{"a"}, WithinMS: 1, Signed: Signed{Nonce: signed.Nonce}},
	} {
		data, err := json.Marshal(Question{Proxy: &e})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DecodeQuestion(data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		g := newGround(t)
		r := NewProxy(end{g, "r"}, func(id lcc.PeerID) bool { return id != "theirs" })
		var all sync.WaitGroup
		var mu sync.Mutex
		busy := 0
		for range workingMost + 2 {
			all.Go(func() {
				_, err := r.Run(t.Context(), ProxyQuestion{Hosts: []lcc.PeerID{"a"}, WithinMS: 100, Signed: signed})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					busy++
				}
			})
		}
		all.Wait()
		if busy != 2 {
			t.Errorf("%d questions are refused, want 2", busy)
		}
		data, err := r.Run(t.Context(), ProxyQuestion{Hosts: []lcc.PeerID{"theirs"}, WithinMS: 100, Signed: signed})
		if err != nil || !strings.Contains(string(data), "not a host of this owner") {
			t.Errorf("got %s, %v", data, err)
		}
	})
}

// A host keeps its proxy from look to look, also where another one comes or goes.
func TestSpread(t *testing.T) {
	var hosts, proxies []lcc.PeerID
	for _, m := range members(1000) {
		hosts = append(hosts, m.ID)
	}
	for i := range 32 {
		proxies = append(proxies, lcc.PeerID(fmt.Sprintf("proxy%d", i)))
	}
	of := func(proxies []lcc.PeerID) map[int]lcc.PeerID {
		shares, rest := spread(proxies, hosts, 64)
		if rest != nil {
			t.Errorf("%d hosts have no proxy", len(rest))
		}
		by := map[int]lcc.PeerID{}
		for r, share := range shares {
			if len(share) > 41 {
				t.Errorf("%s has %d hosts, want at most 41", proxies[r], len(share))
			}
			for _, i := range share {
				by[i] = proxies[r]
			}
		}
		return by
	}
	before, after := of(proxies), of(proxies[1:])
	moved := 0
	for i := range hosts {
		if before[i] != after[i] && before[i] != proxies[0] {
			moved++
		}
	}
	if len(before) != 1000 || len(after) != 1000 || moved > 250 {
		t.Errorf("%d and %d hosts have a proxy; %d changed theirs, although it stayed", len(before), len(after), moved)
	}
	if shares, rest := spread(proxies[:4], hosts, 48); len(shares[0]) != 48 || len(rest) != 1000-4*48 {
		t.Errorf("got %d and %d hosts", len(shares[0]), len(rest))
	}
	if shares, rest := spread(nil, hosts, 48); len(shares) != 0 || len(rest) != 1000 {
		t.Errorf("without proxies: got %d shares and %d hosts", len(shares), len(rest))
	}
}
