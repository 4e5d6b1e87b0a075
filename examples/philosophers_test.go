package examples_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// round is a table of five philosophers, each with one fork.
func round(t *testing.T, model *lcc.Model, seed uint64, meals int) sim.PeerRun {
	table := sim.PeerRun{Model: model, Seed: seed, Limit: time.Hour}
	for i := 1; i <= 5; i++ {
		first, second := min(i, i%5+1), max(i, i%5+1)
		p := player(t, fmt.Sprintf("p%d", i), fmt.Sprintf("philosopher(%d)", meals), fmt.Sprintf("forks(p%d, p%d)", first, second))
		p.Start = append(p.Start, lcc.Start{Role: lcc.Atom("fork")})
		table.Peers = append(table.Peers, p)
	}
	return table
}

// dinner tracks who holds which fork, and how often each has eaten. A dead philosopher
// holds nothing.
type dinner struct {
	holders map[string]string // who holds a fork
	meals   map[string]int
	dead    string
	died    time.Duration
}

// follow returns an error if two hold one fork at the same time. A fork is held from
// the receipt of the message lent until it is put back.
func (d *dinner) follow(events []sim.PeerRunEvent) error {
	d.holders, d.meals = map[string]string{}, map[string]int{}
	for _, ev := range events {
		if ev.Record == nil {
			continue
		}
		fork := string(ev.Record.Peer)
		role, _, _ := lcc.Name(ev.Record.Role)
		switch word, _, _ := lcc.Name(ev.Record.Term); {
		case ev.Record.Kind == lcc.RecordEnter && role == "eating":
			d.meals[ev.Peer]++
		case ev.Record.Kind == lcc.RecordReceive && word == "lent":
			other := d.holders[fork]
			if other != "" && (other != d.dead || ev.At < d.died) {
				return fmt.Errorf("at %v %s and %s hold fork %s", ev.At, other, ev.Peer, fork)
			}
			d.holders[fork] = ev.Peer
		case ev.Record.Kind == lcc.RecordSend && word == "back" && d.holders[fork] == ev.Peer:
			delete(d.holders, fork)
		}
	}
	return nil
}

// TestForks checks that two never hold the same fork, and that everybody eats the
// intended number of times, whatever the order of the messages.
func TestForks(t *testing.T) {
	model := compile(t, "philosophers/philosophers.lcc")
	for seed := range seeds() {
		table := round(t, model, seed, 3)
		if seed%2 == 1 {
			table.Network = sim.Network{Jitter: 300 * time.Millisecond, Duplicate: 0.3}
		}
		events, _ := run(t, table)
		var d dinner
		if err := d.follow(events); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i := 1; i <= 5; i++ {
			if got := d.meals[fmt.Sprintf("p%d", i)]; got != 3 {
				t.Errorf("seed %d: p%d ate %d times, want 3", seed, i, got)
			}
		}
	}
}

// TestForksOfTheDead checks that two living philosophers never hold the same fork when
// one dies, and that those who do not need the dead one's fork continue to eat.
func TestForksOfTheDead(t *testing.T) {
	model := compile(t, "philosophers/philosophers.lcc")
	for seed := range seeds() {
		chance := rand.New(rand.NewPCG(seed, 5))
		table := round(t, model, seed, 3)
		table.Network = sim.Network{Jitter: 20 * time.Millisecond}
		table.Limit = 3 * time.Minute
		dead := 1 + chance.IntN(5)
		d := dinner{dead: fmt.Sprintf("p%d", dead), died: time.Duration(chance.IntN(8000)) * time.Millisecond}
		table.Script = []sim.Act{{At: d.died, Kind: sim.Crash, Peer: d.dead}}
		events, _ := run(t, table)
		if err := d.follow(events); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i := 1; i <= 5; i++ {
			if i == dead || i%5+1 == dead {
				continue // he is dead, or needs the dead one's fork
			}
			if got := d.meals[fmt.Sprintf("p%d", i)]; got != 3 {
				t.Errorf("seed %d: %s died at %v, p%d ate %d times, want 3", seed, d.dead, d.died, i, got)
			}
		}
	}
}

// clumsy is a table that loses some messages but no adverts: no living philosopher is
// taken for dead.
func clumsy(t *testing.T, model *lcc.Model, seed uint64) sim.PeerRun {
	t.Helper()
	anything, err := lcc.ParsePattern("_")
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(seed, 8))
	table := round(t, model, seed, 3)
	table.Network = sim.Network{Jitter: 200 * time.Millisecond, Duplicate: 0.3}
	table.Limit = 3 * time.Minute
	for range 1 + chance.IntN(10) {
		table.Script = append(table.Script, sim.Act{At: millis(chance, 20000), Kind: sim.Lose, What: anything, Count: 1})
	}
	return table
}

// TestForksLost checks that two never hold the same fork even if messages are lost.
// Somebody may then wait for ever: a fork that was lent and did not arrive belongs to
// nobody.
func TestForksLost(t *testing.T) {
	model := compile(t, "philosophers/philosophers.lcc")
	meals, hungry := 0, 0
	for seed := range seeds() {
		events, result := run(t, clumsy(t, model, seed))
		var d dinner
		if err := d.follow(events); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, n := range d.meals {
			meals += n
		}
		for _, roles := range result.Waiting {
			hungry += len(roles) - 1 // besides the fork
		}
	}
	if meals == 0 || hungry == 0 {
		t.Errorf("%d meals, %d wait for ever: the property was not put to the test", meals, hungry)
	}
}

// TestForksWithoutOrder checks that the order of the forks prevents a deadlock: without
// it everybody waits with one fork, in every run in which all begin at once.
func TestForksWithoutOrder(t *testing.T) {
	model := compile(t, "philosophers/philosophers.lcc")
	for seed := range seeds() {
		table := round(t, model, seed, 3)
		table.Peers[4].Facts = terms(t, "forks(p5, p1)")
		_, result := run(t, table)
		for _, p := range table.Peers {
			if got := fmt.Sprint(result.Waiting[p.Name]); got != "[fork hungry(3)]" {
				t.Fatalf("seed %d: %s waits in %s, want [fork hungry(3)]", seed, p.Name, got)
			}
		}
	}
}

// TestForksTakenBack shows why a missing receipt must not count as a death: if only the
// receipt was lost, two would hold the fork.
func TestForksTakenBack(t *testing.T) {
	const file = "philosophers/philosophers.lcc"
	whole := compile(t, file)
	hasty := spoiled(t, file, "failed(P, Why) and Why != no_answer", "failed(P)")
	twice := 0
	const runs = 400
	for seed := range uint64(runs) {
		for _, model := range []*lcc.Model{whole, hasty} {
			table := round(t, model, seed, 3)
			table.Network = rough
			table.Limit = 14 * time.Second // too soon to take anybody for dead: three adverts
			events, _ := run(t, table)
			var d dinner
			switch err := d.follow(events); {
			case err != nil && model == whole:
				t.Errorf("seed %d: %v", seed, err)
			case err != nil:
				twice++
			}
		}
	}
	if twice == 0 {
		t.Errorf("got no run of %d in which two hold a fork that is taken back in haste", runs)
	}
}
