package service

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"

	"parley/hostagent/site"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// thousand is how many hosts are asked.
const thousand = 1000

// BenchmarkSiteOfAThousand is how long a host takes to ask a thousand others over libp2p on
// the loopback network, as `parley status --site` does: the first time, when the connections
// are made, and later. Each of the others answers with a state of 30 guests that is encoded
// anew; it runs no agent. All of them share the processors with the host that asks.
func BenchmarkSiteOfAThousand(b *testing.B) {
	state := site.State{Mode: "auto", Load: site.Load{Known: true, CPU: 0.5, Memory: 0.4, CapacityCPU: 32, CapacityMemory: 128 << 30}}
	for i := range 30 {
		state.Guests = append(state.Guests, site.Guest{ID: fmt.Sprintf("6d3c7b1e-7b43-4b7c-9d0e-0000000000%02d", i),
			Name: fmt.Sprintf("guest%03d", i), Kind: "vm", State: "running", CPU: 0.5, Memory: 4 << 30, Processors: 2})
	}
	open := func(look func(lcc.PeerID, []byte) ([]byte, error), peers ...libp2p.Address) *libp2p.Host {
		key, _, err := crypto.GenerateEd25519Key(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		h, err := libp2p.New(libp2p.Options{
			Key: key, Incarnation: 1, Listen: []string{"/ip4/127.0.0.1/tcp/0"}, Peers: peers, LinksMax: 64, Group: "g",
			Events: func(peer.Event) {}, Look: look,
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = h.Close() }) // the benchmark is over
		return h
	}
	asker := open(nil)
	var members []site.Member
	var list []libp2p.Address
	for i := range thousand {
		h := open(func(lcc.PeerID, []byte) ([]byte, error) { return state.Encode() }, libp2p.Address{ID: asker.ID()})
		list = append(list, libp2p.Address{ID: h.ID(), Multiaddrs: h.Addrs()})
		members = append(members, site.Member{ID: h.ID(), Name: fmt.Sprintf("host%04d", i)})
	}
	if err := asker.SetRoster(libp2p.Roster{Hosts: list, Group: "g"}); err != nil {
		b.Fatal(err)
	}
	a := site.Asker{Network: asker, Name: func(id string) string { return id }}
	first := true
	var took time.Duration
	var looks int
	for b.Loop() {
		connected := 0
		for _, m := range members {
			if asker.Connected(m.ID) {
				connected++
			}
		}
		began := time.Now()
		hosts := a.Ask(b.Context(), members, time.Minute)
		all := time.Since(began)
		silent := 0
		for _, h := range hosts {
			if h.Silent != "" {
				silent++
			}
		}
		b.Logf("%d of %d hosts answer in %v; %d were connected", thousand-silent, thousand, all, connected)
		if first {
			first = false
			b.ReportMetric(float64(all.Milliseconds()), "ms/first")
			continue
		}
		looks++
		took += all
	}
	if looks > 0 {
		b.ReportMetric(float64(took.Milliseconds())/float64(looks), "ms/later")
	}
}
