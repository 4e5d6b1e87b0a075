package libp2p

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"

	"parley/lcc"
	"parley/peer"
)

// BenchmarkLook is what asking a host about itself takes over the loopback network, with an
// answer of 8 KiB: where a connection must be made first, and where there is one. Both ends
// run in this process.
func BenchmarkLook(b *testing.B) {
	const hosts = 60
	answer := bytes.Repeat([]byte{'x'}, 8<<10)
	open := func(peers ...Address) *Host {
		key, _, err := crypto.GenerateEd25519Key(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		h, err := New(Options{
			Key: key, Incarnation: 1, Listen: []string{"/ip4/127.0.0.1/tcp/0"}, Peers: peers, LinksMax: linksMin, Group: "g",
			Events: func(peer.Event) {}, Look: func(lcc.PeerID, []byte) ([]byte, error) { return answer, nil },
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = h.Close() }) // the benchmark is over
		return h
	}
	asker := open()
	var others []*Host
	var list []Address
	for range hosts {
		h := open(Address{ID: asker.ID()})
		others = append(others, h)
		list = append(list, Address{ID: h.ID(), Multiaddrs: h.Addrs()})
	}
	if err := asker.SetRoster(Roster{Hosts: list, Group: "g"}); err != nil {
		b.Fatal(err)
	}
	var cold, warm time.Duration
	var colds, warms int
	for b.Loop() {
		for _, h := range others {
			connected := asker.Connected(h.ID())
			began := time.Now()
			if got, err := asker.Look(b.Context(), h.ID(), nil); err != nil || len(got) != len(answer) {
				b.Fatalf("got %d bytes and %v", len(got), err)
			}
			if connected {
				warm += time.Since(began)
				warms++
			} else {
				cold += time.Since(began)
				colds++
			}
		}
	}
	if colds > 0 && warms > 0 {
		b.ReportMetric(float64(cold.Microseconds())/float64(colds), "us/unconnected")
		b.ReportMetric(float64(warm.Microseconds())/float64(warms), "us/connected")
	}
}
