package examples_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// ballot is a coordinator and three participants, some of whom can commit.
func ballot(t *testing.T, model *lcc.Model, seed uint64) (sim.PeerRun, *rand.Rand) {
	chance := rand.New(rand.NewPCG(seed, 2))
	table := sim.PeerRun{Model: model, Seed: seed, Network: rough, Limit: 30 * time.Minute}
	table.Peers = append(table.Peers, player(t, "ann", "coordinator(t1)"))
	for _, name := range voters {
		var facts []string
		if chance.IntN(8) > 0 {
			facts = append(facts, "can_commit(t1)")
		}
		table.Peers = append(table.Peers, offer(t, name, "participant", facts...))
	}
	return table, chance
}

var voters = []string{"ben", "carol", "dan"}

// decided counts the agents that entered the roles committed and aborted.
func decided(events []sim.PeerRunEvent) (committed, aborted int) {
	for _, ev := range events {
		if ev.Record == nil || ev.Record.Kind != lcc.RecordEnter {
			continue
		}
		switch name, _, _ := lcc.Name(ev.Record.Role); name {
		case "committed":
			committed++
		case "aborted":
			aborted++
		}
	}
	return committed, aborted
}

// outcomes counts the runs with a commit and those with an abort, and has the seeds of
// the runs with both.
type outcomes struct {
	commits, aborts int
	split           []uint64
}

// ballots runs tables with the given events.
func ballots(t *testing.T, model *lcc.Model, happens func(*sim.PeerRun, *rand.Rand)) (o outcomes) {
	t.Helper()
	for seed := range seeds() {
		table, chance := ballot(t, model, seed)
		happens(&table, chance)
		events, _ := run(t, table)
		committed, aborted := decided(events)
		if committed > 0 && aborted > 0 {
			o.split = append(o.split, seed)
		}
		o.commits += min(committed, 1)
		o.aborts += min(aborted, 1)
	}
	return o
}

// allOrNone fails the test if one participant commits and another aborts, or if no run
// has one of the two outcomes.
func allOrNone(t *testing.T, happens func(*sim.PeerRun, *rand.Rand)) {
	t.Helper()
	o := ballots(t, compile(t, "two_phase_commit/two_phase_commit.lcc"), happens)
	if len(o.split) > 0 {
		t.Errorf("seeds %d: one committed and another aborted", o.split)
	}
	if o.commits == 0 || o.aborts == 0 {
		t.Errorf("%d runs committed and %d aborted: the property was not put to the test", o.commits, o.aborts)
	}
}

// millis is a random time in the first part of a run, while the votes are in flight.
func millis(chance *rand.Rand, most int) time.Duration {
	return time.Duration(chance.IntN(most)) * time.Millisecond
}

// TestAllOrNone checks that nobody commits what another aborts, whatever is lost or
// duplicated.
func TestAllOrNone(t *testing.T) {
	allOrNone(t, func(*sim.PeerRun, *rand.Rand) {})
}

// TestAllOrNoneCrash checks the same with a crash, also of the coordinator. A
// participant may restart without its state.
func TestAllOrNoneCrash(t *testing.T) {
	allOrNone(t, func(table *sim.PeerRun, chance *rand.Rand) {
		who, at := chance.IntN(4), millis(chance, 200)
		table.Script = append(table.Script, sim.Act{At: at, Kind: sim.Crash, Peer: table.Peers[who].Name})
		if who > 0 && chance.IntN(2) == 0 {
			back := at + millis(chance, 20000)
			table.Script = append(table.Script, sim.Act{At: back, Kind: sim.Restart, Peer: table.Peers[who].Name})
		}
	})
}

// TestAllOrNoneCut checks the same with a peer that is cut off for a time: it is taken
// for dead.
func TestAllOrNoneCut(t *testing.T) {
	allOrNone(t, cutOff)
}

func cutOff(table *sim.PeerRun, chance *rand.Rand) {
	at := millis(chance, 200)
	table.Script = append(table.Script,
		sim.Act{At: at, Kind: sim.Cut, Groups: [][]string{{table.Peers[chance.IntN(4)].Name}}},
		sim.Act{At: at + millis(chance, 120000), Kind: sim.Heal},
	)
}

// TestImpatientParticipant shows that only the decision may end the doubt: with a
// participant that treats any failure as an abort, one commits what another aborts.
func TestImpatientParticipant(t *testing.T) {
	model := spoiled(t, "two_phase_commit/two_phase_commit.lcc", "failed(C, not_playing)", "failed(C)")
	if o := ballots(t, model, cutOff); len(o.split) == 0 {
		t.Errorf("got no run in which one commits and another aborts; %d commit, %d abort", o.commits, o.aborts)
	}
}

// TestInDoubt checks that a participant in doubt at the end has a dead coordinator.
// While the coordinator lives, doubt ends.
func TestInDoubt(t *testing.T) {
	model := compile(t, "two_phase_commit/two_phase_commit.lcc")
	for seed := range seeds() {
		table, chance := ballot(t, model, seed)
		dead := chance.IntN(8)
		if dead < 4 {
			table.Script = []sim.Act{{At: millis(chance, 200), Kind: sim.Crash, Peer: table.Peers[dead].Name}}
		}
		_, result := run(t, table)
		for _, name := range voters {
			for _, role := range result.Waiting[name] {
				if kind, _, _ := lcc.Name(role); kind == "in_doubt" && dead != 0 {
					t.Errorf("seed %d: %s is in doubt though its coordinator lives", seed, name)
				}
			}
		}
	}
}
