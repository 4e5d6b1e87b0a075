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

// holding is the state of a gossip's peer at a time.
type holding struct{ sum, weight float64 }

func (h holding) estimate() float64 { return h.sum / h.weight }

// crowd is sixteen peers with values from 0 to 999.
func crowd(t *testing.T, seed uint64, network sim.Network) (table sim.PeerRun, values []float64) {
	chance := rand.New(rand.NewPCG(seed, 4))
	table = sim.PeerRun{
		Model: compile(t, "gossip/gossip.lcc"), Seed: seed, Network: network,
		Limit: time.Hour, Quiet: 3 * time.Minute,
	}
	for i := range 16 {
		v := chance.IntN(1000)
		values = append(values, float64(v))
		table.Peers = append(table.Peers, player(t, fmt.Sprintf("p%02d", i), "peer", fmt.Sprintf("start(%d)", v)))
	}
	return table, values
}

// whisper runs a gossip and returns each peer's state at its end.
func whisper(t *testing.T, table sim.PeerRun) map[string]holding {
	t.Helper()
	events, _ := run(t, table)
	last := map[string]holding{}
	for _, ev := range events {
		if ev.Record == nil || ev.Record.Kind != lcc.RecordEnter {
			continue
		}
		if name, args, _ := lcc.Name(ev.Record.Role); name == "gossip" {
			last[ev.Peer] = holding{number(args[1]), number(args[2])}
		}
	}
	return last
}

// TestMean checks that, without losses, sums and weights are conserved and every
// estimate converges to the mean.
func TestMean(t *testing.T) {
	for seed := range seeds() / 20 {
		table, values := crowd(t, seed, sim.Network{Jitter: 20 * time.Millisecond, Duplicate: 0.3})
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		mean := sum / float64(len(values))
		var all holding
		for name, h := range whisper(t, table) {
			all.sum += h.sum
			all.weight += h.weight
			if off := math.Abs(h.estimate() - mean); off > 0.5 {
				t.Errorf("seed %d: %s is %v off the mean %v, want at most 0.5", seed, name, off, mean)
			}
		}
		if math.Abs(all.sum-sum) > 1e-6 || math.Abs(all.weight-16) > 1e-9 {
			t.Errorf("seed %d: got a sum of %v and a weight of %v, want %v and 16", seed, all.sum, all.weight, sum)
		}
	}
}

// TestMeanLost checks that the estimates converge to one value, between the lowest and
// the highest, even if shares are lost and a peer crashes with its share.
func TestMeanLost(t *testing.T) {
	for seed := range seeds() / 20 {
		table, values := crowd(t, seed, rough)
		table.Script = []sim.Act{{At: time.Duration(seed) * 500 * time.Millisecond, Kind: sim.Crash, Peer: "p07"}}
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range values {
			low, high = min(low, v), max(high, v)
		}
		least, most := math.Inf(1), math.Inf(-1)
		weight := 0.0
		for name, h := range whisper(t, table) {
			if name == "p07" {
				continue
			}
			weight += h.weight
			least, most = min(least, h.estimate()), max(most, h.estimate())
		}
		if weight >= 16 {
			t.Errorf("seed %d: nothing was lost: the property was not put to the test", seed)
		}
		if most-least > 10 {
			t.Errorf("seed %d: estimates from %v to %v, want them within 10", seed, least, most)
		}
		if least < low || most > high {
			t.Errorf("seed %d: estimates from %v to %v, want them from %v to %v", seed, least, most, low, high)
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
