package service

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"

	"parley/hostagent/api"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/peer/libp2p"
)

// circle is hosts that answer each other without a network.
type circle struct {
	views     map[lcc.PeerID]*view
	near      map[lcc.PeerID]bool // hosts to which the others are connected
	list      []site.Member
	questions atomic.Int32
}

// seat is the network as one host of a circle sees it.
type seat struct {
	*circle
	self lcc.PeerID
}

func (s seat) Connected(host lcc.PeerID) bool { return s.near[host] }

func (s seat) Look(_ context.Context, host lcc.PeerID, question []byte) ([]byte, error) {
	if strings.Contains(string(question), `"proxy"`) {
		s.questions.Add(1)
	}
	data, err := s.views[host].answer(s.self, question)
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	return data, nil
}

func newCircle(t *testing.T, hosts int) *circle {
	t.Helper()
	c := &circle{views: map[lcc.PeerID]*view{}, near: map[lcc.PeerID]bool{}}
	all := &members{home: "north"}
	for i := range hosts {
		key, _, err := crypto.GenerateEd25519Key(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		id, err := libp2p.KeyID(key)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("h%d", i)
		v := &view{names: &directory{self: id, host: name}, sign: func(text []byte) []byte { return libp2p.SignWith(key, text) },
			see: func(context.Context) (seen, error) { return seen{status: api.Status{Mode: name}}, nil }}
		v.proxy = site.NewProxy(seat{c, id}, v.isOurs)
		c.views[id] = v
		all.list = append(all.list, member{id: id, name: name, publisher: "north"})
		c.list = append(c.list, site.Member{ID: id, Name: name})
	}
	for _, v := range c.views {
		v.names.put(all)
	}
	return c
}

// Every host's answer comes through another one, and proves itself with the key of the host.
func TestProxies(t *testing.T) {
	c := newCircle(t, 60)
	for _, m := range c.list[1:9] {
		c.near[m.ID] = true
	}
	me := c.list[0].ID
	a := site.Asker{Network: seat{c, me}, Name: func(id string) string { return id }, Self: me,
		Verify: func(host lcc.PeerID, text, signature []byte) bool {
			return libp2p.VerifyBy(string(host), text, signature)
		}}
	for _, h := range a.Ask(t.Context(), c.list[1:], time.Minute) {
		if h.Silent != "" || h.Mode != h.Host {
			t.Errorf("%s: got %q and the mode %q", h.Host, h.Silent, h.Mode)
		}
	}
	if n := c.questions.Load(); n == 0 || n > 8 {
		t.Errorf("%d questions to proxies, want one for each connected host at most", n)
	}
}

// A host is a proxy for hosts of its owner alone, to hosts of its owner alone, and each for
// itself; what changes something is asked directly.
func TestProxyOfOthers(t *testing.T) {
	c := newCircle(t, 3)
	me, proxy, other := c.list[0].ID, c.list[1].ID, c.list[2].ID
	question := func(asker, to lcc.PeerID, ask string) []byte {
		signed := site.Signed{Asker: asker, Nonce: make([]byte, 16), Ask: json.RawMessage(ask)}
		text, err := json.Marshal(site.Question{Proxy: &site.ProxyQuestion{Hosts: []lcc.PeerID{to}, WithinMS: 1000, Signed: signed}})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	told := func(question []byte) string {
		data, err := c.views[proxy].answer(me, question)
		return fmt.Sprint(string(data), err)
	}
	for name, c := range map[string]struct{ question, want string }{
		"whole":           {string(question(me, other, "")), `"signature":`},
		"of another host": {string(question(other, other, "")), "for another host than the one"},
		"to a stranger":   {string(question(me, "stranger", "")), "not a host of this owner"},
		"that halts":      {string(question(me, other, `{"halt":{}}`)), "not carried by another host"},
		"in another":      {string(question(me, other, string(question(me, other, "")))), "not carried by another host"},
	} {
		if got := told([]byte(c.question)); !strings.Contains(got, c.want) {
			t.Errorf("a question %s: got %s, want %q", name, got, c.want)
		}
	}
	foreign := *c.views[proxy].names.members()
	foreign.list = []member{{id: me, publisher: "south"}, {id: other, publisher: "north"}}
	c.views[proxy].names.put(&foreign)
	if got := told(question(me, other, "")); !strings.Contains(got, "belongs to another owner") {
		t.Errorf("a question of another owner's host: got %s", got)
	}
}
