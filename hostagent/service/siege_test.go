package service

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/models"
	"parley/peer"
	"parley/peer/libp2p"
)

// summing is a model whose work grows with a number in a message.
const summing = `
r(server, initial).
r(asker, necessary).
a(server, ID) :: ask(N) <= a(asker, S) then ((sum(T) => a(asker, S) <- add(N, 0, T) then a(server, ID)) or (null <- timeout(5) then a(server, ID)))
a(asker, ID) :: ask(1) => a(server, S) <- load(L) and L > 2 then ((sum(_) <= a(server, S) then a(asker, ID)) or (null <- failed(S) then a(asker, ID)))
add(N, T, T) :- N =< 0.
add(N, Sofar, T) :- N > 0, More is Sofar + N, Rest is N - 1, add(Rest, More, T).
`

// siege is an agent and a listed peer that sends legal frames at a high rate.
type siege struct {
	agent   *Service
	rogue   *heckler
	model   lcc.Digest
	encoder cbor.EncMode
	terms   map[string]lcc.Term // parsed before
}

const (
	siegeTurns = 6
	siegeFor   = time.Second
)

func newSiege(b *testing.B) *siege {
	b.Helper()
	s := &siege{terms: map[string]lcc.Term{}, rogue: &heckler{streams: map[protocol.ID]network.Stream{}, sent: &atomic.Int64{},
		failed: &atomic.Int64{}}}
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
	cfg, rogue := testConfig(b.TempDir(), "h1", policy), testConfig(b.TempDir(), "rogue", "")
	key, err := libp2p.LoadOrCreateKey(rogue.Key)
	if err != nil {
		b.Fatal(err)
	}
	s.rogue.key, s.rogue.host = key, newHost(b, key)
	s.rogue.id = lcc.PeerID(s.rogue.host.ID().String())
	cfg.Peers = []config.Peer{{ID: string(s.rogue.id), Name: "rogue"}}
	host, err := memory.NewSite(memory.Options{}).Host("h1", hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30})
	if err != nil {
		b.Fatal(err)
	}
	if s.agent, err = New(Options{Config: cfg, Platform: host}); err != nil {
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

// ready waits until the agent enacts the model, and targets it.
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

func (s *siege) message(incarnation, seq, agent int, role, body string) peer.Frame {
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
	return peer.Frame{Incarnation: uint64(incarnation + 1), Message: &lcc.Message{
		ID:    lcc.MessageID{Peer: s.rogue.id, Agent: lcc.AgentID(agent), Seq: uint64(seq + 1)},
		Model: s.model, Conversation: lcc.ConversationID(fmt.Sprint("c", agent)),
		From: lcc.Party{Peer: s.rogue.id, Agent: lcc.AgentID(agent), Role: parse(from)},
		To:   lcc.Party{Peer: s.agent.PeerID(), Role: parse(role)}, Body: parse(body),
	}}
}

// receipt is a receipt for a message that the agent did not send.
func (s *siege) receipt(i int) peer.Frame {
	return peer.Frame{Incarnation: 1, Receipt: &peer.Receipt{Message: lcc.MessageID{Peer: s.agent.PeerID(), Agent: 1, Seq: uint64(i + 1)}}}
}

// spoken has the fields of a ledger's payload that matter here.
type spoken struct {
	Kind      string  `cbor:"1,keyasint"`
	Deal      string  `cbor:"2,keyasint"`
	Guest     string  `cbor:"4,keyasint,omitempty"`
	CPU       float64 `cbor:"6,keyasint,omitempty"`
	Memory    int64   `cbor:"7,keyasint,omitempty"`
	Signature []byte  `cbor:"19,keyasint,omitempty"`
}

// payload is a ledger's payload about a guest for which there is no room.
func (s *siege) payload(kind string, i int, signed bool) peer.Frame {
	p := spoken{Kind: kind, Deal: fmt.Sprintf("%032x", i), Guest: "g"}
	if signed {
		p.CPU, p.Memory = 1e5, 1<<40
		text := "parley deal 1\x00" + string(s.rogue.id) + "\x00" + string(s.agent.PeerID()) + "\x00"
		p.Signature = mustSign(s.rogue, append([]byte(text), mustEncode(s.encoder, p)...))
	}
	return peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: mustEncode(s.encoder, p)}}
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
