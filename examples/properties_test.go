package examples_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// TestForks holds that no fork is ever lent to two, and that everybody eats as
// often as he is to, on a quiet network and on a rough one.
func TestForks(t *testing.T) {
	model := compile(t, "philosophers/philosophers.lcc")
	for seed := range seeds() {
		table := sim.Table{Model: model, Seed: seed, Limit: time.Hour}
		if seed%2 == 1 {
			table.Network = sim.Network{Jitter: 300 * time.Millisecond}
		}
		for i := 1; i <= 5; i++ {
			first, second := min(i, i%5+1), max(i, i%5+1)
			p := player(t, fmt.Sprintf("p%d", i), "philosopher(3)", fmt.Sprintf("forks(p%d, p%d)", first, second))
			p.Start = append(p.Start, lcc.Start{Role: lcc.Atom("fork")})
			table.Peers = append(table.Peers, p)
		}
		told, _ := run(t, table)
		holders := map[string]string{} // of a fork: who eats with it
		meals := map[string]int{}
		for _, ev := range told {
			if ev.Record == nil {
				continue
			}
			name, args, _ := lcc.Name(ev.Record.Role)
			switch {
			case ev.Record.Kind == lcc.RecordEnter && name == "eating":
				meals[ev.Peer]++
				for _, fork := range args[1:] {
					key := fmt.Sprint(fork)
					if other := holders[key]; other != "" {
						t.Fatalf("seed %d: at %v %s and %s hold fork %s", seed, ev.At, other, ev.Peer, key)
					}
					holders[key] = ev.Peer
				}
			case ev.Record.Kind == lcc.RecordSend && name == "eating":
				for key, who := range holders {
					if who == ev.Peer && key == string(ev.Record.Peer) {
						delete(holders, key)
					}
				}
			}
		}
		for i := 1; i <= 5; i++ {
			if got := meals[fmt.Sprintf("p%d", i)]; got != 3 {
				t.Errorf("seed %d: p%d ate %d times, want 3", seed, i, got)
			}
		}
	}
}

// TestSecondPrice holds that the highest bid wins and the second is paid,
// whatever the bids.
func TestSecondPrice(t *testing.T) {
	model := compile(t, "vickrey/vickrey.lcc")
	for seed := range seeds() {
		chance := rand.New(rand.NewPCG(seed, 1))
		table := sim.Table{Model: model, Seed: seed, Network: sim.Network{Jitter: 20 * time.Millisecond}}
		table.Peers = append(table.Peers, player(t, "ann", "auctioneer(vase)"))
		first, second := -1, -1
		for i := range 2 + chance.IntN(6) {
			bid := chance.IntN(20)
			first, second = max(first, bid), max(second, min(first, bid))
			table.Peers = append(table.Peers, offer(t, fmt.Sprintf("b%d", i), "bidder", fmt.Sprintf("worth(vase, %d)", bid)))
		}
		told, _ := run(t, table)
		bids := map[lcc.PeerID]int{}
		won := 0
		for _, ev := range told {
			if ev.Record == nil || ev.Record.Kind != lcc.RecordSend {
				continue
			}
			name, args, _ := lcc.Name(ev.Record.Term)
			switch name {
			case "bid":
				bids[lcc.PeerID(ev.Peer)] = int(args[1].(lcc.Int))
			case "won":
				won++
				if got := int(args[1].(lcc.Int)); got != second || bids[ev.Record.Peer] != first {
					t.Errorf("seed %d: %s with bid %d pays %d, want %d and %d", seed, ev.Record.Peer, bids[ev.Record.Peer], got, first, second)
				}
			}
		}
		if won != 1 {
			t.Errorf("seed %d: got %d winners, want 1", seed, won)
		}
	}
}

// TestAllOrNone holds that nobody commits what another aborts, whatever is
// lost and whoever dies.
func TestAllOrNone(t *testing.T) {
	model := compile(t, "two_phase_commit/two_phase_commit.lcc")
	commits := 0
	for seed := range seeds() {
		chance := rand.New(rand.NewPCG(seed, 2))
		table := sim.Table{Model: model, Seed: seed, Network: rough, Limit: 30 * time.Minute}
		names := []string{"ann", "ben", "carol", "dan"}
		table.Peers = append(table.Peers, player(t, "ann", "coordinator(t1)"))
		for _, name := range names[1:] {
			var facts []string
			if chance.IntN(5) > 0 {
				facts = append(facts, "can_commit(t1)")
			}
			table.Peers = append(table.Peers, offer(t, name, "participant", facts...))
		}
		if chance.IntN(2) == 0 {
			table.Script = append(table.Script, sim.Act{
				At: time.Duration(chance.IntN(200)) * time.Millisecond, Kind: sim.Crash, Peer: names[chance.IntN(4)],
			})
		}
		told, _ := run(t, table)
		ends := map[string]int{}
		for _, ev := range told {
			if ev.Record != nil && ev.Record.Kind == lcc.RecordEnter {
				name, _, _ := lcc.Name(ev.Record.Role)
				ends[name]++
			}
		}
		if ends["committed"] > 0 && ends["aborted"] > 0 {
			t.Errorf("seed %d: %d committed and %d aborted", seed, ends["committed"], ends["aborted"])
		}
		if ends["committed"] > 0 {
			commits++
		}
	}
	if commits == 0 {
		t.Error("no run committed: the property was not put to the test")
	}
}

// TestBargain holds that an agreement is within both limits, and that there is
// one where the limits meet.
func TestBargain(t *testing.T) {
	model := compile(t, "offers/offers.lcc")
	for seed := range seeds() {
		chance := rand.New(rand.NewPCG(seed, 3))
		low, most := chance.IntN(50), 0
		most = low + chance.IntN(50)
		least := chance.IntN(100)
		high := least + chance.IntN(50)
		told, result := run(t, sim.Table{Model: model, Seed: seed, Peers: []sim.TablePeer{
			player(t, "ben", "buyer", fmt.Sprintf("opening(%d)", low), fmt.Sprintf("limit(%d)", most), fmt.Sprintf("step(%d)", 1+chance.IntN(9))),
			offer(t, "sue", "seller", fmt.Sprintf("opening(%d)", high), fmt.Sprintf("limit(%d)", least), fmt.Sprintf("step(%d)", 1+chance.IntN(9))),
		}})
		agreed := -1
		for _, ev := range told {
			if ev.Record != nil && ev.Record.Kind == lcc.RecordSend {
				if name, args, _ := lcc.Name(ev.Record.Term); name == "accept" {
					agreed = int(args[0].(lcc.Int))
				}
			}
		}
		switch {
		case len(result.Finished) != 2:
			t.Errorf("seed %d: got %d ends, want 2", seed, len(result.Finished))
		case agreed >= 0 && (agreed > most || agreed < least):
			t.Errorf("seed %d: agreed on %d, with limits %d and %d", seed, agreed, most, least)
		case agreed < 0 && least <= most:
			t.Errorf("seed %d: no agreement, with limits %d and %d", seed, most, least)
		}
	}
}

// TestMean holds that gossip keeps the sum and shrinks the differences.
func TestMean(t *testing.T) {
	model := compile(t, "gossip/gossip.lcc")
	const peers = 16
	for seed := range seeds() / 20 {
		chance := rand.New(rand.NewPCG(seed, 4))
		table := sim.Table{Model: model, Seed: seed, Limit: time.Hour, Quiet: 3 * time.Minute, Network: sim.Network{Jitter: 20 * time.Millisecond}}
		values := map[string]float64{}
		sum := 0.0
		for i := range peers {
			v := float64(chance.IntN(1000))
			sum += v
			name := fmt.Sprintf("p%02d", i)
			values[name] = v
			table.Peers = append(table.Peers, player(t, name, "peer", fmt.Sprintf("start(%v)", int(v))))
		}
		told, _ := run(t, table)
		for _, ev := range told {
			if ev.Record == nil {
				continue
			}
			// Both ends of an exchange go on with the mean.
			name, args, _ := lcc.Name(ev.Record.Term)
			if name == "mean" && (ev.Record.Kind == lcc.RecordSend || ev.Record.Kind == lcc.RecordReceive) {
				values[ev.Peer] = number(args[0])
			}
		}
		after, mean, worst := 0.0, sum/peers, 0.0
		for _, v := range values {
			after += v
			worst = max(worst, math.Abs(v-mean))
		}
		if math.Abs(after-sum) > 1e-6*sum {
			t.Errorf("seed %d: the sum was %v and is %v", seed, sum, after)
		}
		if worst > 1 {
			t.Errorf("seed %d: a value is %v from the mean %v, want at most 1", seed, worst, mean)
		}
	}
}

func number(t lcc.Term) float64 {
	switch t := t.(type) {
	case lcc.Int:
		return float64(t)
	case lcc.Float:
		return float64(t)
	}
	return math.NaN()
}
