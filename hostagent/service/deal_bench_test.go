package service

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/journal"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// BenchmarkDeal measures a deal over libp2p, signed and journalled on both sides, from
// an operator's order until the source's platform is told to move the guest. It
// compares it with the sum of its necessary parts, measured in the same run: two round
// trips, four records synced one after the other, four signatures made and verified.
func BenchmarkDeal(b *testing.B) {
	sum := roundTrip(b)*2 + syncTime(b)*4 + signTime(b)*4
	site := memory.NewSite(memory.Options{})
	var configs []config.Config
	var peers []config.Peer
	var platforms []*stopped
	for _, name := range []string{"h1", "h2"} {
		cfg := testConfig(b.TempDir(), name, "")
		cfg.SampleEvery = 200 * time.Millisecond
		id, err := Identity(cfg)
		if err != nil {
			b.Fatal(err)
		}
		host, err := site.Host(name, hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30})
		if err != nil {
			b.Fatal(err)
		}
		configs, peers = append(configs, cfg), append(peers, config.Peer{ID: string(id), Name: name})
		platforms = append(platforms, &stopped{Platform: host, called: make(chan struct{}, 1)})
	}
	err := platforms[0].Platform.(*memory.Platform).Run(memory.Guest{ID: "g", Declared: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 30},
		CPU: 0.5})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var agents []*Service
	for i := range configs {
		configs[i].Peers = peers
		agent, err := New(Options{Config: configs[i], Platform: platforms[i], begins: 1 << 30})
		if err != nil {
			b.Fatal(err)
		}
		agents = append(agents, agent)
	}
	ended := make(chan error, len(agents))
	for i, agent := range agents {
		if err := agent.AddAddresses(agents[1-i].PeerID(), agents[1-i].Addresses()); err != nil {
			b.Fatal(err)
		}
		go func() { ended <- agent.Run(ctx) }()
	}
	defer func() {
		cancel()
		for range agents {
			if err := <-ended; err != nil {
				b.Error(err)
			}
		}
	}()
	for _, agent := range agents {
		ready(b, agent)
	}
	order := api.Order{Do: "migrate", Guest: "g", Host: "h2"}
	var took time.Duration
	for range b.N {
		failed := make(chan error, 1)
		began := time.Now()
		go func() { failed <- agents[0].Order(ctx, order) }()
		<-platforms[0].called
		took += time.Since(began)
		if err := <-failed; !errors.Is(err, api.ErrRefused) {
			b.Fatalf("a move that the platform stops: got %v, want it refused", err)
		}
	}
	each := took / time.Duration(b.N)
	b.ReportMetric(float64(each.Nanoseconds()), "ns/deal")
	b.ReportMetric(float64(sum.Nanoseconds()), "ns/parts")
	b.ReportMetric(float64(each)/float64(sum), "deal/parts")
}

// stopped is a platform whose migrations end as soon as they begin.
type stopped struct {
	hostagent.Platform
	called chan struct{}
}

func (s *stopped) Migrate(context.Context, hostagent.Migration, func(hostagent.Progress)) (hostagent.Migrated, error) {
	s.called <- struct{}{}
	return hostagent.Migrated{}, errors.New("stopped by the benchmark")
}

// ready waits until an agent knows its load and is connected.
func ready(b *testing.B, agent *Service) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		s, err := agent.Status(b.Context())
		if err == nil && s.Load.Known && len(s.Peers) == 1 && s.Peers[0].Connected {
			return
		}
		select {
		case <-ticker.C:
		case <-b.Context().Done():
			b.Fatal("the agents did not become ready")
		}
	}
}

const parts = 200 // repetitions of each part

// syncTime is the time to append and sync a single record.
func syncTime(b *testing.B) time.Duration {
	f, err := journal.Open(filepath.Join(b.TempDir(), "journal"), journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	done := make(chan error, 1)
	began := time.Now()
	for range parts {
		f.Append(make([]byte, 200), func(err error) { done <- err })
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began) / parts
}

// bare connects two ends of the network without agents.
func bare(b *testing.B) (hosts [2]*libp2p.Host, ids [2]lcc.PeerID, events [2]chan peer.Event) {
	var configs [2]config.Config
	for i := range configs {
		configs[i] = testConfig(b.TempDir(), string(rune('a'+i)), "")
		id, err := Identity(configs[i])
		if err != nil {
			b.Fatal(err)
		}
		ids[i] = id
	}
	for i := range hosts {
		into := make(chan peer.Event, 64)
		events[i] = into
		key, err := libp2p.LoadOrCreateKey(configs[i].Key)
		if err != nil {
			b.Fatal(err)
		}
		host, err := libp2p.New(libp2p.Options{
			Key: key, Incarnation: 1, Listen: configs[i].Listen, Peers: []libp2p.Address{{ID: ids[1-i]}}, Group: "bench",
			Events: func(ev peer.Event) { into <- ev },
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = host.Close() }) // the benchmark has ended
		hosts[i] = host
	}
	for i, host := range hosts {
		if err := host.AddAddrs(ids[1-i], hosts[1-i].Addrs()); err != nil {
			b.Fatal(err)
		}
	}
	for i := range hosts {
		for ev := range events[i] {
			if link, ok := ev.(peer.Link); ok && link.Up {
				break
			}
		}
	}
	return hosts, ids, events
}

// roundTrip is the round-trip time of a payload over an open stream.
func roundTrip(b *testing.B) time.Duration {
	hosts, ids, events := bare(b)
	frame := peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: make([]byte, 300)}}
	arrived := func(i int) {
		for ev := range events[i] {
			if _, ok := ev.(peer.Arrived); ok {
				return
			}
		}
	}
	began := time.Now()
	for range parts {
		hosts[0].Send(ids[1], frame)
		arrived(1)
		hosts[1].Send(ids[0], frame)
		arrived(0)
	}
	return time.Since(began) / parts
}

// signTime is the time to sign a payload and to verify the signature.
func signTime(b *testing.B) time.Duration {
	hosts, ids, _ := bare(b)
	text := make([]byte, 300)
	began := time.Now()
	for range parts {
		if !hosts[1].Verify(ids[0], text, hosts[0].Sign(text)) {
			b.Fatal("a signature is not what it should be")
		}
	}
	return time.Since(began) / parts
}
