package service

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// rogue is a listed peer with a host core of the test: it sends what the test says.
type rogue struct {
	t      *testing.T
	config config.Config
	host   *libp2p.Host
	events chan peer.Event
}

// said is a payload between two ledgers, which anybody can make.
type said struct {
	Kind      string  `cbor:"1,keyasint"`
	Deal      string  `cbor:"2,keyasint"`
	Token     string  `cbor:"3,keyasint,omitempty"`
	Guest     string  `cbor:"4,keyasint,omitempty"`
	Name      string  `cbor:"5,keyasint,omitempty"`
	CPU       float64 `cbor:"6,keyasint,omitempty"`
	Memory    int64   `cbor:"7,keyasint,omitempty"`
	Endpoint  string  `cbor:"8,keyasint,omitempty"`
	Reason    string  `cbor:"9,keyasint,omitempty"`
	Place     string  `cbor:"10,keyasint,omitempty"`
	Over      bool    `cbor:"11,keyasint,omitempty"`
	Load      float64 `cbor:"14,keyasint,omitempty"`
	State     string  `cbor:"18,keyasint,omitempty"`
	Signature []byte  `cbor:"19,keyasint,omitempty"`
}

// newRogue makes the identity of a rogue; open connects it.
func newRogue(t *testing.T, name string) (*rogue, config.Peer) {
	t.Helper()
	r := &rogue{t: t, config: testConfig(t.TempDir(), name, ""), events: make(chan peer.Event, 1<<14)}
	id, err := Identity(r.config)
	if err != nil {
		t.Fatal(err)
	}
	return r, config.Peer{ID: string(id), Name: name}
}

// open connects the rogue to daemons and waits until both sides see the connection.
func (r *rogue) open(listed []config.Peer, daemons ...*daemon) {
	r.t.Helper()
	key, err := libp2p.LoadOrCreateKey(r.config.Key)
	if err != nil {
		r.t.Fatal(err)
	}
	var peers []libp2p.Address
	for _, p := range listed {
		peers = append(peers, libp2p.Address{ID: lcc.PeerID(p.ID)})
	}
	r.host, err = libp2p.New(libp2p.Options{
		Key: key, Incarnation: 1, Listen: r.config.Listen, Peers: peers, Group: r.config.Group,
		Events: func(ev peer.Event) {
			select {
			case r.events <- ev:
			default: // nobody reads its events
			}
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := r.host.Close(); err != nil {
			r.t.Errorf("close: %v", err)
		}
	})
	for _, d := range daemons {
		if err := r.host.AddAddrs(d.PeerID(), d.Addresses()); err != nil {
			r.t.Fatal(err)
		}
		if err := d.AddAddresses(r.host.ID(), r.host.Addrs()); err != nil {
			r.t.Fatal(err)
		}
	}
	for _, d := range daemons {
		d.until(r.t, "the rogue is connected", func(s api.Status) bool { return connected(s, r.host.ID()) })
	}
	for left := len(daemons); left > 0; {
		if link, ok := (<-r.events).(peer.Link); ok && link.Up {
			left--
		}
	}
}

func connected(s api.Status, id lcc.PeerID) bool {
	return slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.ID == string(id) && p.Connected })
}

func (p said) encode(t *testing.T) []byte {
	t.Helper()
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	data, err := mode.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sign signs like the ledger of an honest host.
func (r *rogue) sign(to lcc.PeerID, p said) said {
	p.Signature = nil
	text := []byte("parley deal 1\x00" + string(r.host.ID()) + "\x00" + string(to) + "\x00")
	p.Signature = r.host.Sign(append(text, p.encode(r.t)...))
	return p
}

func (r *rogue) say(to lcc.PeerID, payload []byte) {
	r.host.Send(to, peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: payload}})
}

func (r *rogue) transmit(to lcc.PeerID, p said) { r.say(to, p.encode(r.t)) }

// hears waits for a payload of a kind.
func (r *rogue) hears(kind string) said {
	r.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case ev := <-r.events:
			if p, ok := saidIn(ev); ok && p.Kind == kind {
				return p
			}
		case <-limit:
			r.t.Fatalf("the rogue %s was not told %s", r.config.Host, kind)
		}
	}
}

// saidIn is the payload in an event, without the fields that the tests do not use.
func saidIn(ev peer.Event) (p said, ok bool) {
	arrived, ok := ev.(peer.Arrived)
	if !ok || arrived.Frame.Host == nil {
		return said{}, false
	}
	return p, cbor.NewDecoder(bytes.NewReader(arrived.Frame.Host.Payload)).Decode(&p) == nil
}

// conductOf returns the violations that a daemon counts for a peer.
func (d *daemon) conductOf(id lcc.PeerID) (kinds map[string]uint64, banned bool) {
	kinds = map[string]uint64{}
	for _, c := range d.network.Conduct() {
		if c.Peer != id {
			continue
		}
		for _, k := range c.Kinds {
			kinds[k.Kind] = k.N
		}
		banned = c.BannedUntil.After(time.Now())
	}
	return kinds, banned
}

// shutsOut waits until a daemon has counted a peer's violation and banned it.
func (d *daemon) shutsOut(t *testing.T, id lcc.PeerID, kind string) {
	t.Helper()
	d.until(t, "the rogue is shut out for "+kind, func(s api.Status) bool {
		kinds, banned := d.conductOf(id)
		return kinds[kind] > 0 && banned && !connected(s, id)
	})
	why, err := d.Explain(t.Context(), string(id))
	if err != nil || !strings.Contains(facts(why), kind+" ") || !strings.Contains(facts(why), "it is not let in until") {
		t.Errorf("explain: got %s, %v, want what it did and until when it is not let in", facts(why), err)
	}
}

// cast is a site of daemons and rogues that list each other.
type cast struct {
	daemons   []*daemon
	platforms []*memory.Platform
	rogues    []*rogue
	listed    []config.Peer
}

// roles say who is in a cast. The functions may be nil.
type roles struct {
	daemons, rogues []string
	config          func(name string, c *config.Config)
	place           func(p []*memory.Platform) // guests, before the first look
	platform        func(name string, p *memory.Platform) hostagent.Platform
}

// play runs the daemons and rogues of a cast.
func play(t *testing.T, p roles) *cast {
	t.Helper()
	var c cast
	var configs []config.Config
	site := memory.NewSite(memory.Options{Speedup: 20})
	for _, name := range p.daemons {
		cfg := testConfig(t.TempDir(), name, "")
		if p.config != nil {
			p.config(name, &cfg)
		}
		id, err := Identity(cfg)
		if err != nil {
			t.Fatal(err)
		}
		configs = append(configs, cfg)
		c.listed = append(c.listed, config.Peer{ID: string(id), Name: name})
		c.platforms = append(c.platforms, testHost(t, site, name))
	}
	for _, name := range p.rogues {
		r, listed := newRogue(t, name)
		c.rogues, c.listed = append(c.rogues, r), append(c.listed, listed)
	}
	p.place(c.platforms)
	for i := range configs {
		configs[i].Peers = c.listed
		var platform hostagent.Platform = c.platforms[i]
		if p.platform != nil {
			platform = p.platform(configs[i].Host, c.platforms[i])
		}
		d := begin(t, configs[i], platform)
		c.platforms[i].SetAdmission(d.Admit)
		c.daemons = append(c.daemons, d)
	}
	c.meet(t)
	for _, r := range c.rogues {
		r.open(c.listed, c.daemons...)
	}
	return &c
}

// meet tells the daemons of each other's addresses and waits until they are ready.
func (c *cast) meet(t *testing.T) {
	t.Helper()
	for _, d := range c.daemons {
		for _, other := range c.daemons {
			if other == d {
				continue
			}
			if err := d.AddAddresses(other.PeerID(), other.Addresses()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, d := range c.daemons {
		d.until(t, "the honest are connected and the load is known", func(s api.Status) bool {
			for _, other := range c.daemons {
				if other != d && !connected(s, other.PeerID()) {
					return false
				}
			}
			return s.Load.Known
		})
	}
}

// running lists the hosts of the site on which a guest runs.
func (c *cast) running(t *testing.T, guest string) (hosts []string) {
	t.Helper()
	for i, p := range c.platforms {
		seen, err := p.Observe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range seen.Guests {
			if string(g.ID) == guest && g.State == "running" {
				hosts = append(hosts, c.daemons[i].config.Host)
			}
		}
	}
	return hosts
}

// policyFile writes a text as the policy of a host.
func policyFile(t *testing.T, c *config.Config, text string) {
	t.Helper()
	c.Policy.File = filepath.Join(filepath.Dir(c.Key), "policy.lcc")
	writePolicy(t, c.Policy.File, text)
}

// order gives an order, with a generous time limit.
func (d *daemon) order(t *testing.T, guest, host string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	return d.Order(ctx, api.Order{Do: "migrate", Guest: guest, Host: host})
}
