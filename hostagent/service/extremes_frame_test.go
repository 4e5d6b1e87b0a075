package service

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/models"
	"parley/peer"
)

// extremeTerms are terms at the limits of a message.
func extremeTerms() []lcc.Term {
	deep := lcc.Term(lcc.Atom("x"))
	for range 60 {
		deep = lcc.NewTerm("f", deep)
	}
	wide := make([]lcc.Term, 1000)
	for i := range wide {
		wide[i] = lcc.Int(math.MinInt64)
	}
	return []lcc.Term{
		deep, lcc.List(wide...), lcc.NewTerm("f", wide[:200]...), lcc.String(strings.Repeat("s", 4<<10)), lcc.Atom(strings.Repeat("a", 4<<10)),
		lcc.Int(math.MaxInt64), lcc.Float(math.MaxFloat64), lcc.Float(-math.SmallestNonzeroFloat64), lcc.String(""), lcc.Nil,
		lcc.NewTerm("move_one", lcc.String("\x00\x1b[2J"), lcc.Float(-1e308)), lcc.NewTerm("offer", lcc.Nil, lcc.Nil, lcc.Nil),
	}
}

// extremeFrames are frames that the channel accepts from a peer.
func extremeFrames(from, to lcc.PeerID, model lcc.Digest) (list []peer.Frame) {
	agent := uint64(0)
	for _, incarnation := range []uint64{0, 1, math.MaxUint64} {
		for _, term := range extremeTerms() {
			for _, seq := range []uint64{1, math.MaxUint64} {
				agent++
				list = append(list, peer.Frame{Incarnation: incarnation, Message: &lcc.Message{
					ID: lcc.MessageID{Peer: from, Agent: lcc.AgentID(math.MaxUint64 - agent), Seq: seq}, Model: model,
					Conversation: lcc.ConversationID(strings.Repeat("c", 200)), Body: term,
					From: lcc.Party{Peer: from, Agent: lcc.AgentID(math.MaxUint64 - agent), Role: term},
					To:   lcc.Party{Peer: to, Role: lcc.Atom("underloaded")},
				}})
			}
		}
		for _, reason := range []lcc.ReasonCode{"", lcc.ReasonLimit, lcc.ReasonCode(strings.Repeat("r", 1000))} {
			list = append(list, peer.Frame{Incarnation: incarnation, Receipt: &peer.Receipt{
				Message: lcc.MessageID{Peer: to, Agent: math.MaxUint64, Seq: math.MaxUint64},
				Reason:  lcc.Reason{Code: reason, Detail: strings.Repeat("d", 1000)},
			}})
		}
		for _, payload := range [][]byte{{}, {0}, bytes.Repeat([]byte{0x81}, 4096), bytes.Repeat([]byte{0xff}, peer.FrameBytes-100)} {
			list = append(list, peer.Frame{Incarnation: incarnation, Host: &peer.Host{Payload: payload}})
		}
	}
	return list
}

// extremePayloads are payloads of a ledger, with each number and text at its limits.
func extremePayloads() (list []said) {
	long := strings.Repeat("x", 1<<10)
	for _, kind := range []string{"ask", "describe", "quote", "room", "propose", "offer", "commit", "armed", "refuse", "cancel", "where",
		"receipt", "here", long, ""} {
		for i, number := range []float64{0, -1, math.MaxFloat64, math.SmallestNonzeroFloat64, math.NaN(), math.Inf(1)} {
			for k, size := range []int64{0, math.MaxInt64, math.MinInt64, 1 << 50} {
				list = append(list, said{Kind: kind, Deal: fmt.Sprint(kind, i, k), Token: long, Guest: "g1", Name: long, CPU: number, Memory: size,
					Endpoint: long, Reason: long, Place: long, Load: number, State: long})
			}
		}
		list = append(list, said{Kind: kind}, said{Kind: kind, Deal: long, Guest: long + long, Name: "\x1b[2J\x00"})
	}
	return list
}

// extremeAdverts are adverts that a group may receive from a peer.
func extremeAdverts(from lcc.PeerID, model lcc.Digest) (list []peer.Advert) {
	var plays []peer.Play
	for i := range 32 {
		plays = append(plays, peer.Play{Model: lcc.Digest{byte(i)}, Roles: []lcc.Term{lcc.Atom("underloaded")}})
	}
	many := make([]lcc.Term, 256)
	for i := range many {
		many[i] = lcc.Int(i)
	}
	for i, incarnation := range []uint64{0, 1, math.MaxUint64} {
		for k, list2 := range [][]peer.Play{nil, plays, {{Model: model, Roles: many}}, {{Model: model, Roles: extremeTerms()}},
			{{Model: model}, {Model: model}}} {
			list = append(list, peer.Advert{Peer: from, Incarnation: incarnation, Seq: uint64(1 + 10*i + k), Plays: list2})
		}
		list = append(list, peer.Advert{Peer: from, Incarnation: incarnation, Seq: math.MaxUint64})
	}
	return list
}

// TestExtremeFrames: an agent survives each frame, payload and advert that the network
// accepts, whether or not it bans the sender, and afterwards moves a guest with an
// honest host.
func TestExtremeFrames(t *testing.T) {
	agility, _ := models.Text("agility")
	model, err := lcc.Compile("policy.lcc", agility, hostagent.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	c := play(t, roles{
		daemons: []string{"h1", "h2"},
		config:  func(_ string, c *config.Config) { policyFile(t, c, string(agility)) },
		place:   func(hosts []*memory.Platform) { testGuest(t, hosts[0], "g1", 0.1) },
	})
	h1 := c.daemons[0]
	from := lcc.PeerID(inventedID(0))
	feed := func(what string, ev peer.Event) {
		t.Helper()
		var ended error
		err := h1.inLoop(t.Context(), func(lcc.Instant) error { ended = h1.take(ev); return ended })
		if err != nil || ended != nil {
			t.Fatalf("%s ended the agent: %v, %v", what, err, ended)
		}
	}
	feed("a link", peer.Link{Peer: from, Up: true})
	for i, advert := range extremeAdverts(from, model.Digest()) {
		if data, err := peer.EncodeAdvert(advert); err == nil {
			if read, err := peer.DecodeAdvert(data); err == nil {
				feed(fmt.Sprintf("advert %d", i), peer.Heard{Advert: read})
			}
		}
	}
	fed := 0
	frame := func(what string, f peer.Frame) {
		t.Helper()
		data, err := peer.EncodeFrame(f)
		if err != nil {
			return // the channel rejects it
		}
		if read, err := peer.DecodeFrame(data); err == nil {
			fed++
			feed(what, peer.Arrived{From: from, Frame: read, Size: len(data)})
		}
	}
	for i, f := range extremeFrames(from, h1.PeerID(), model.Digest()) {
		frame(fmt.Sprintf("frame %d", i), f)
	}
	for _, p := range extremePayloads() {
		frame("payload "+p.Kind+" "+p.Deal, peer.Frame{Incarnation: math.MaxUint64, Host: &peer.Host{Payload: p.encode(t)}})
	}
	if fed < 300 {
		t.Errorf("only %d frames passed the channel's limits", fed)
	}
	if _, err := h1.Status(t.Context()); err != nil {
		t.Fatalf("the agent does not answer any more: %v\n%s", err, h1.log)
	}
	if err := h1.order(t, "g1", "h2"); err != nil {
		t.Errorf("an honest deal afterwards: %v", err)
	}
}
