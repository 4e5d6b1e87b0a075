package service

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"

	"parley/hostagent"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/models"
	"parley/peer"
	"parley/peer/libp2p"
)

// BenchmarkArrivalUnderLoad is how long a hypervisor waits for the answer to a
// migration that arrives, in quiet and while one listed peer sends all it may, of one
// kind in each row: 1,900 frames a second, or as many as the agent reads. Quiet and load
// take turns of a second in one run, so that what else the machine does is in both. The
// rows of sums have the agent work as much as their number says.
func BenchmarkArrivalUnderLoad(b *testing.B) {
	deep := strings.Repeat("f(", 60) + "1" + strings.Repeat(")", 60)
	long := "[" + strings.Repeat("1,", 3999) + "1]"
	for _, row := range []struct {
		name      string
		perSecond float64
		frame     func(*siege, int) peer.Frame
	}{
		{"questions", 1900, func(s *siege, i int) peer.Frame { return s.payload("ask", i, false) }},
		{"signed proposals", 1900, func(s *siege, i int) peer.Frame { return s.payload("propose", i, true) }},
		{"no such role", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, 1, "nobody(1)", "hello") }},
		{"a new life each", 1900, func(s *siege, i int) peer.Frame { return s.message(i, 0, 1, "asker", "hello") }},
		{"a new agent each", 1900, func(s *siege, i int) peer.Frame { return s.message(1, 0, i+1, "asker", "hello") }},
		{"lists of 4,000", 260, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "asker", "list("+long+")") }},
		{"60 deep", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", deep) }},
		{"sum of 2,000", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", "ask(2000)") }},
		{"sum of 3,200", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", "ask(3200)") }},
		{"sum of 4,000", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", "ask(4000)") }},
	} {
		b.Run(row.name, func(b *testing.B) { newSiege(b).measure(b, row.perSecond, row.frame) })
	}
}

// summing is a model whose work follows a number in a message.
const summing = `
r(server, initial).
r(asker, necessary).
a(server, ID) :: ask(N) <= a(asker, S) then ((sum(T) => a(asker, S) <- add(N, 0, T) then a(server, ID)) or (null <- timeout(5) then a(server, ID)))
a(asker, ID) :: ask(1) => a(server, S) <- load(L) and L > 2 then ((sum(_) <= a(server, S) then a(asker, ID)) or (null <- failed(S) then a(asker, ID)))
add(N, T, T) :- N =< 0.
add(N, Sofar, T) :- N > 0, More is Sofar + N, Rest is N - 1, add(Rest, More, T).
`

// siege is an agent and a listed peer that sends what is legal, and a lot of it.
type siege struct {
	agent   *Service
	rogue   *heckler
	model   lcc.Digest
	encoder cbor.EncMode
	terms   map[string]lcc.Term // that were read before
}

const (
	siegeTurns = 6
	siegeFor   = time.Second
)

func newSiege(b *testing.B) *siege {
	b.Helper()
	s := &siege{terms: map[string]lcc.Term{}, rogue: &heckler{streams: map[protocol.ID]network.Stream{}, sent: &atomic.Int64{}, failed: &atomic.Int64{}}}
	var err error
	if s.encoder, err = cbor.CoreDetEncOptions().EncMode(); err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	policy := filepath.Join(dir, "policy")
	agility, _ := models.Text("agility")
	for name, text := range map[string]string{"agility.lcc": string(agility), "summing.lcc": summing} {
		if err := os.MkdirAll(policy, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(policy, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	config, rogue := testConfig(b.TempDir(), "h1", policy), testConfig(b.TempDir(), "rogue", "")
	key, err := libp2p.LoadOrCreateKey(rogue.Key)
	if err != nil {
		b.Fatal(err)
	}
	s.rogue.key, s.rogue.host = key, newHost(b, key)
	s.rogue.id = lcc.PeerID(s.rogue.host.ID().String())
	config.Peers = []Peer{{ID: string(s.rogue.id), Name: "rogue"}}
	host, err := memory.NewSite(memory.Options{}).Host("h1", hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30})
	if err != nil {
		b.Fatal(err)
	}
	if s.agent, err = New(Options{Config: config, Platform: host}); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.agent.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	s.ready(b)
	return s
}

// ready waits until the agent enacts the model, and aims at it.
func (s *siege) ready(b *testing.B) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for limit := time.Now().Add(20 * time.Second); s.model == (lcc.Digest{}); {
		if time.Now().After(limit) {
			b.Fatal("the agent does not enact the model")
		}
		<-ticker.C
		status, err := s.agent.Status(b.Context())
		if err != nil || !status.Load.Known {
			continue
		}
		if status.Policy.Error != "" {
			b.Fatal(status.Policy.Error)
		}
		for _, m := range status.Policy.Models {
			if strings.Contains(m.Name, "summing") {
				digest, err := hex.DecodeString(m.Digest)
				if err != nil {
					b.Fatal(err)
				}
				copy(s.model[:], digest)
			}
		}
	}
	id, err := p2p.Decode(string(s.agent.PeerID()))
	if err != nil {
		b.Fatal(err)
	}
	s.rogue.at(b, id, s.agent.Addresses())
}

func (s *siege) message(life, seq, agent int, role, body string) peer.Frame {
	parse := func(text string) lcc.Term {
		if s.terms[text] == nil {
			t, err := lcc.ParseTerm(text)
			if err != nil {
				panic(err) // of the table above
			}
			s.terms[text] = t
		}
		return s.terms[text]
	}
	from := "asker"
	return peer.Frame{Life: uint64(life + 1), Message: &lcc.Message{
		ID:    lcc.MessageID{Peer: s.rogue.id, Agent: lcc.AgentID(agent), Seq: uint64(seq + 1)},
		Model: s.model, Conversation: lcc.ConversationID(fmt.Sprint("c", agent)),
		From: lcc.Party{Peer: s.rogue.id, Agent: lcc.AgentID(agent), Role: parse(from)},
		To:   lcc.Party{Peer: s.agent.PeerID(), Role: parse(role)}, Body: parse(body),
	}}
}

// spoken is what a ledger says, as far as it matters here.
type spoken struct {
	Kind      string  `cbor:"1,keyasint"`
	Deal      string  `cbor:"2,keyasint"`
	Guest     string  `cbor:"4,keyasint,omitempty"`
	CPU       float64 `cbor:"6,keyasint,omitempty"`
	Memory    int64   `cbor:"7,keyasint,omitempty"`
	Signature []byte  `cbor:"19,keyasint,omitempty"`
}

// payload is one of a ledger, about a guest that there is no room for.
func (s *siege) payload(kind string, i int, signed bool) peer.Frame {
	p := spoken{Kind: kind, Deal: fmt.Sprintf("%032x", i), Guest: "g"}
	if signed {
		p.CPU, p.Memory = 1e5, 1<<40
		text := "parley deal 1\x00" + string(s.rogue.id) + "\x00" + string(s.agent.PeerID()) + "\x00"
		p.Signature = mustSign(s.rogue, append([]byte(text), mustEncode(s.encoder, p)...))
	}
	return peer.Frame{Life: 1, Host: &peer.Host{Payload: mustEncode(s.encoder, p)}}
}

func mustSign(h *heckler, text []byte) []byte {
	signature, err := h.key.Sign(text)
	if err != nil {
		panic(err) // a key of our own
	}
	return signature
}

func mustEncode(encoder cbor.EncMode, p spoken) []byte {
	data, err := encoder.Marshal(p)
	if err != nil {
		panic(err) // a struct of our own
	}
	return data
}

// measure asks for admission, in quiet and under load in turns.
func (s *siege) measure(b *testing.B, perSecond float64, frame func(*siege, int) peer.Frame) {
	var frames [][]byte
	for i := range int(perSecond * siegeTurns * siegeFor.Seconds()) {
		data, err := peer.EncodeFrame(frame(s, i))
		if err != nil {
			b.Fatal(err)
		}
		frames = append(frames, append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...))
	}
	var quiet, load figures
	s.arrivals(b, &figures{}) // warm
	for turn := range siegeTurns {
		s.arrivals(b, &quiet)
		ctx, cancel := context.WithCancel(b.Context())
		sent := make(chan int64)
		part := frames[turn*len(frames)/siegeTurns : (turn+1)*len(frames)/siegeTurns]
		go func() { sent <- s.send(ctx, perSecond, part) }()
		s.arrivals(b, &load)
		cancel()
		load.sent += <-sent
		s.lifted(b)
	}
	load.passed = siegeTurns * siegeFor
	b.ReportMetric(ms(quiet.at(50)), "ms-p50-quiet")
	b.ReportMetric(ms(quiet.at(99)), "ms-p99-quiet")
	b.ReportMetric(ms(load.at(50)), "ms-p50-load")
	b.ReportMetric(ms(load.at(99)), "ms-p99-load")
	b.ReportMetric(float64(load.at(99))/float64(quiet.at(99)), "p99-load/quiet")
	b.ReportMetric(load.perSecond(load.sent), "frames/s")
	b.ReportMetric(0, "ns/op")
}

// lifted ends what the rogue sends and drops what is left of it: what waits in the
// network or in the lane would be load in the quiet turn. What the rogue owes stays.
func (s *siege) lifted(b *testing.B) {
	if err := s.rogue.host.Network().ClosePeer(s.rogue.target.ID); err != nil {
		b.Fatal(err)
	}
	clear(s.rogue.streams)
	inbox := s.agent.inbox
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for quiet := 0; quiet < 10; <-ticker.C {
		inbox.mu.Lock()
		lane := inbox.lanes.lane(s.rogue.id)
		if quiet++; len(lane.items) > 0 {
			quiet, lane.items, lane.bytes = 0, nil, 0
			signal(lane.room)
		}
		inbox.mu.Unlock()
	}
}

// send sends frames at a rate, as far as the agent reads them.
func (s *siege) send(ctx context.Context, perSecond float64, frames [][]byte) (sent int64) {
	if err := s.rogue.host.Connect(ctx, s.rogue.target); err != nil {
		return 0
	}
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for began, done := time.Now(), 0; ; {
		select {
		case <-ctx.Done():
			return sent
		case <-ticker.C:
		}
		for ; done < len(frames) && ctx.Err() == nil && float64(done) < time.Since(began).Seconds()*perSecond; done++ {
			if s.rogue.write(ctx, framesID, greeting, frames[done]) == nil {
				sent++
			}
		}
	}
}

// arrivals asks on the socket, as a hypervisor's hook does.
func (s *siege) arrivals(b *testing.B, f *figures) {
	client := Client{Socket: s.agent.fixed.Socket}
	for end := time.Now().Add(siegeFor); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		began := time.Now()
		if err := client.Arriving(b.Context(), hostagent.Arriving{Guest: "nobody", Deal: "d", Token: "t"}); err == nil {
			b.Fatal("a guest that nobody agreed on was let in")
		}
		f.took = append(f.took, time.Since(began))
	}
}
