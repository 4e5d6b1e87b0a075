package examples_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// letter is a message that was sent or received.
type letter struct {
	at       time.Duration
	from, to string
	name     string
	args     []lcc.Term
}

// letters returns the sent or the received messages of a run, in order.
func letters(events []sim.PeerRunEvent, kind lcc.RecordKind) (list []letter) {
	for _, ev := range events {
		if ev.Record == nil || ev.Record.Kind != kind {
			continue
		}
		name, args, _ := lcc.Name(ev.Record.Term)
		l := letter{at: ev.At, from: ev.Peer, to: string(ev.Record.Peer), name: name, args: args}
		if kind == lcc.RecordReceive {
			l.from, l.to = l.to, l.from
		}
		list = append(list, l)
	}
	return list
}

// count returns the number of messages with this name.
func count(list []letter, name string) (n int) {
	for _, l := range list {
		if l.name == name {
			n++
		}
	}
	return n
}

func whole(t lcc.Term) int { return int(t.(lcc.Int)) }

// everybodyDone fails the test if an agent still waits. One agent may wait in the role
// opening, if it is given: it has not found a partner.
func everybodyDone(t *testing.T, seed uint64, result sim.PeerRunResult, opening string) {
	t.Helper()
	for name, roles := range result.Waiting {
		for _, role := range roles {
			if kind, _, _ := lcc.Name(role); kind != opening {
				t.Errorf("seed %d: %s still plays %v", seed, name, role)
			}
		}
	}
}

// TestShop checks that each buyer gets at most one lamp, at the shopkeeper's price and
// only if it can pay it, and that nobody waits for ever, whatever is lost and whoever
// crashes.
func TestShop(t *testing.T) {
	model := compile(t, "shop/shop.lcc")
	sold := 0
	for seed := range seeds() {
		chance := rand.New(rand.NewPCG(seed, 6))
		price := 1 + chance.IntN(9)
		table := sim.PeerRun{Model: model, Seed: seed, Network: rough, Quiet: 3 * time.Minute}
		table.Peers = append(table.Peers, offer(t, "bob", "shopkeeper", fmt.Sprintf("in_stock(lamp, %d)", price)))
		purse := map[string]int{}
		for _, name := range []string{"alice", "carol", "dan"} {
			purse[name] = chance.IntN(12)
			p := player(t, name, "buyer(lamp)")
			for i := 1; i <= purse[name]; i++ {
				p.Facts = append(p.Facts, term(t, fmt.Sprintf("afford(lamp, %d)", i)))
			}
			table.Peers = append(table.Peers, p)
		}
		if chance.IntN(2) == 0 {
			table.Script = []sim.Act{{At: millis(chance, 200), Kind: sim.Crash, Peer: table.Peers[chance.IntN(4)].Name}}
		}
		events, result := run(t, table)
		everybodyDone(t, seed, result, "buyer") // there may be no shop left to ask
		got := map[string]int{}
		for _, l := range letters(events, lcc.RecordReceive) {
			if l.name != "sold" {
				continue
			}
			sold++
			got[l.to]++
			if whole(l.args[1]) != price || purse[l.to] < price {
				t.Errorf("seed %d: %s with %d pays %v, the price is %d", seed, l.to, purse[l.to], l.args[1], price)
			}
			if got[l.to] > 1 {
				t.Errorf("seed %d: %s gets %d lamps, want 1", seed, l.to, got[l.to])
			}
		}
	}
	if sold == 0 {
		t.Error("nothing was sold: the property was not put to the test")
	}
}

// TestAward checks that the lowest of the bids that arrived gets the task, that nobody
// else works, and that nobody waits for ever, whatever is lost and whoever crashes.
func TestAward(t *testing.T) {
	model := compile(t, "contract_net/contract_net.lcc")
	done := 0
	for seed := range seeds() {
		chance := rand.New(rand.NewPCG(seed, 7))
		table := sim.PeerRun{Model: model, Seed: seed, Network: rough, Quiet: 3 * time.Minute}
		table.Peers = append(table.Peers, player(t, "ann", "initiator(paint)"))
		for i := range 2 + chance.IntN(4) {
			p := offer(t, fmt.Sprintf("c%d", i), "contractor", "work(paint, green)")
			if chance.IntN(4) > 0 {
				p.Facts = append(p.Facts, term(t, fmt.Sprintf("can(paint, %d)", chance.IntN(9))))
			}
			table.Peers = append(table.Peers, p)
		}
		if chance.IntN(2) == 0 {
			dead := table.Peers[chance.IntN(len(table.Peers))].Name
			table.Script = []sim.Act{{At: millis(chance, 300), Kind: sim.Crash, Peer: dead}}
		}
		events, result := run(t, table)
		everybodyDone(t, seed, result, "")
		lowest, bids := 99, map[string]int{}
		for _, l := range letters(events, lcc.RecordReceive) {
			if l.name == "propose" {
				bids[l.from] = whole(l.args[1])
				lowest = min(lowest, bids[l.from])
			}
		}
		sent := letters(events, lcc.RecordSend)
		if n := count(sent, "award"); n > 1 {
			t.Errorf("seed %d: %d awards, want 1", seed, n)
		}
		winner := ""
		for _, l := range sent {
			switch l.name {
			case "award":
				winner = l.to
				if bid, ok := bids[winner]; !ok || bid != lowest {
					t.Errorf("seed %d: %s with bid %d gets the task, the lowest is %d", seed, winner, bid, lowest)
				}
			case "reject":
				if l.to == winner {
					t.Errorf("seed %d: %s is awarded and rejected", seed, winner)
				}
			case "done":
				done++
				if l.from != winner {
					t.Errorf("seed %d: %s works and %s has the task", seed, l.from, winner)
				}
			}
		}
	}
	if done == 0 {
		t.Error("nothing was done: the property was not put to the test")
	}
}

// auction runs an auction and checks that the highest of the bids that arrived wins, on
// a tie the first, and pays the second highest. It returns whether there was a sale.
func auction(t *testing.T, table sim.PeerRun) bool {
	t.Helper()
	events, result := run(t, table)
	everybodyDone(t, table.Seed, result, "auctioneer") // there may be one bidder left
	first, second, winner := -1, -1, ""
	for _, l := range letters(events, lcc.RecordReceive) {
		if l.name != "bid" {
			continue
		}
		bid := whole(l.args[1])
		if bid > first {
			winner = l.from
		}
		first, second = max(first, bid), max(second, min(first, bid))
	}
	sent := letters(events, lcc.RecordSend)
	for _, l := range sent {
		if l.name == "won" && (l.to != winner || whole(l.args[1]) != second) {
			t.Errorf("seed %d: %s pays %v, want %s and %d", table.Seed, l.to, l.args[1], winner, second)
		}
	}
	return count(sent, "won") == 1
}

// bidders is an auctioneer with two to seven bidders of random valuations.
func bidders(t *testing.T, model *lcc.Model, seed uint64) (sim.PeerRun, *rand.Rand) {
	chance := rand.New(rand.NewPCG(seed, 1))
	table := sim.PeerRun{Model: model, Seed: seed, Quiet: 3 * time.Minute}
	table.Peers = append(table.Peers, player(t, "ann", "auctioneer(vase)"))
	for i := range 2 + chance.IntN(6) {
		fact := fmt.Sprintf("worth(vase, %d)", chance.IntN(20))
		table.Peers = append(table.Peers, offer(t, fmt.Sprintf("b%d", i), "bidder", fact))
	}
	return table, chance
}

// TestSecondPrice checks that, without losses, the highest of all bids wins and pays
// the second highest.
func TestSecondPrice(t *testing.T) {
	model := compile(t, "vickrey/vickrey.lcc")
	for seed := range seeds() {
		table, _ := bidders(t, model, seed)
		table.Network = sim.Network{Jitter: 20 * time.Millisecond, Duplicate: 0.3}
		if !auction(t, table) {
			t.Errorf("seed %d: the vase was not sold", seed)
		}
	}
}

// TestSecondPriceLost checks the same for the bids that arrive, with lost messages and
// a crash.
func TestSecondPriceLost(t *testing.T) {
	model := compile(t, "vickrey/vickrey.lcc")
	sold := 0
	for seed := range seeds() {
		table, chance := bidders(t, model, seed)
		table.Network = rough
		if chance.IntN(2) == 0 {
			dead := table.Peers[chance.IntN(len(table.Peers))].Name
			table.Script = []sim.Act{{At: millis(chance, 200), Kind: sim.Crash, Peer: dead}}
		}
		if auction(t, table) {
			sold++
		}
	}
	if sold == 0 {
		t.Error("nothing was sold: the property was not put to the test")
	}
}

// bargain is a buyer and a seller who make at most patience offers, and the limit of
// each.
func bargain(t *testing.T, model *lcc.Model, seed uint64, patience int) (table sim.PeerRun, most, least int) {
	chance := rand.New(rand.NewPCG(seed, 3))
	low := chance.IntN(50)
	most = low + chance.IntN(50)
	least = chance.IntN(100)
	high := least + chance.IntN(50)
	tactics := func(opening, limit int) []string {
		return []string{
			fmt.Sprintf("opening(%d)", opening), fmt.Sprintf("limit(%d)", limit),
			fmt.Sprintf("step(%d)", 1+chance.IntN(9)), fmt.Sprintf("patience(%d)", patience),
		}
	}
	table = sim.PeerRun{Model: model, Seed: seed, Quiet: 3 * time.Minute, Peers: []sim.PeerRunPeer{
		player(t, "ben", "buyer", tactics(low, most)...),
		offer(t, "sue", "seller", tactics(high, least)...),
	}}
	return table, most, least
}

// agreed returns the accepted price, or -1.
func agreed(events []sim.PeerRunEvent, kind lcc.RecordKind) int {
	for _, l := range letters(events, kind) {
		if l.name == "accept" {
			return whole(l.args[0])
		}
	}
	return -1
}

// TestBargain checks that an agreement is within both limits, and that there is one
// exactly if the limits overlap.
func TestBargain(t *testing.T) {
	model := compile(t, "offers/offers.lcc")
	for seed := range seeds() {
		table, most, least := bargain(t, model, seed, 200)
		events, result := run(t, table)
		everybodyDone(t, seed, result, "")
		switch price := agreed(events, lcc.RecordReceive); {
		case price >= 0 && (price > most || price < least):
			t.Errorf("seed %d: agreed on %d, with limits %d and %d", seed, price, most, least)
		case price < 0 && least <= most:
			t.Errorf("seed %d: no agreement, with limits %d and %d", seed, most, least)
		}
	}
}

// TestBargainLost checks that, with lost messages and little patience, an agreement is
// still within both limits, and that nobody waits for ever.
func TestBargainLost(t *testing.T) {
	model := compile(t, "offers/offers.lcc")
	deals := 0
	for seed := range seeds() {
		table, most, least := bargain(t, model, seed, 1+int(seed)%9)
		table.Network = rough
		events, result := run(t, table)
		everybodyDone(t, seed, result, "")
		price := agreed(events, lcc.RecordSend)
		if price < 0 {
			continue
		}
		deals++
		if price > most || price < least {
			t.Errorf("seed %d: agreed on %d, with limits %d and %d", seed, price, most, least)
		}
	}
	if deals == 0 {
		t.Error("nobody agreed: the property was not put to the test")
	}
}
