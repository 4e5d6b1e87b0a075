package models_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/lcc/vocabulary"
	"parley/models"
	"parley/sim"
)

// compiled are the models that tests have asked for, by their texts: models do not
// change, and under the race detector compiling one takes longer than many a test.
var compiled sync.Map

// policy compiles a shipped model, with texts replaced: old, new, old, new...
func policy(t *testing.T, name string, replace ...string) *lcc.Model {
	t.Helper()
	text, ok := models.Text(name)
	if !ok {
		t.Fatalf("no model %s", name)
	}
	changed := string(text)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(changed, replace[i]) {
			t.Fatalf("%s does not hold %q", name, replace[i])
		}
		changed = strings.Replace(changed, replace[i], replace[i+1], 1)
	}
	if known, ok := compiled.Load(changed); ok {
		return known.(*lcc.Model)
	}
	model, diagnostics := lcc.Compile(name, []byte(changed), hostagent.Vocabulary())
	if model == nil {
		t.Fatal(diagnostics)
	}
	compiled.Store(changed, model)
	return model
}

// uneven is a site of equal hosts whose guests stand mostly on the first ones.
func uneven(model *lcc.Model, hosts, guests int, seed uint64) sim.Site {
	chance := rand.New(rand.NewPCG(seed, 1))
	s := sim.Site{Policies: []*lcc.Model{model}, Seed: seed, Config: hostagent.Config{Cooldown: 2 * time.Minute}}
	capacity := hostagent.Resources{CPU: 16, MemoryBytes: 64 << 30}
	room := make([]hostagent.Resources, hosts)
	for i := range hosts {
		s.Hosts = append(s.Hosts, sim.SiteHost{Name: fmt.Sprintf("host%02d", i), Capacity: capacity})
		room[i] = capacity
	}
	for i := range guests {
		vcpus := float64(int(1) << chance.IntN(3))
		g := sim.SiteGuest{
			Name: fmt.Sprintf("guest%03d", i), CPU: vcpus * (0.15 + 0.6*chance.Float64()),
			Declared: hostagent.Resources{CPU: vcpus, MemoryBytes: int64(vcpus) << 30},
		}
		at := int(math.Pow(chance.Float64(), 2.2) * float64(hosts))
		for room[at].CPU < g.CPU || room[at].MemoryBytes < g.Declared.MemoryBytes {
			at = (at + 1) % hosts
		}
		room[at].CPU -= g.CPU
		room[at].MemoryBytes -= g.Declared.MemoryBytes
		g.Host = s.Hosts[at].Name
		s.Guests = append(s.Guests, g)
	}
	return s
}

// run runs a site until it is steady. A large one is one goroutine and much work:
// nothing for the race detector, which runs with -short.
func run(t *testing.T, s sim.Site) sim.SiteResult {
	t.Helper()
	if testing.Short() && len(s.Hosts) >= 90 {
		t.Skipf("%d hosts: go test without -short runs them", len(s.Hosts))
	}
	result, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	if !result.Steady {
		t.Fatalf("not steady after %v: %d moves", s.Limit, len(result.Moves))
	}
	return result
}

func spread(loads []float64) float64 {
	var sum, squares float64
	for _, l := range loads {
		sum += l
	}
	for _, l := range loads {
		squares += math.Pow(l-sum/float64(len(loads)), 2)
	}
	return math.Sqrt(squares / float64(len(loads)))
}

// noPingPong fails where a guest went back to a host that it had left.
func noPingPong(t *testing.T, moves []sim.Move) {
	t.Helper()
	left := map[string]bool{}
	for _, m := range moves {
		if left[m.Guest+" "+m.To] {
			t.Errorf("%s went back to %s at %v", m.Guest, m.To, m.At)
		}
		left[m.Guest+" "+m.From] = true
	}
}

func TestShippedModelsAreClean(t *testing.T) {
	for _, name := range models.Names() {
		text, _ := models.Text(name)
		var vocabulary *vocabulary.Set
		if name != "shop" { // its constraints are facts of the peers
			vocabulary = hostagent.Vocabulary()
		}
		if _, found := lcc.Compile(name, text, vocabulary); len(found) > 0 {
			t.Errorf("%s: got %v, want no finding", name, found)
		}
	}
}

func TestAgility(t *testing.T) {
	for _, size := range []struct {
		hosts, guests int
		seed          uint64
	}{{8, 40, 1}, {8, 40, 2}, {3, 12, 3}, {30, 200, 7}} {
		t.Run(fmt.Sprintf("%d hosts %d guests seed %d", size.hosts, size.guests, size.seed), func(t *testing.T) {
			t.Parallel()
			r := run(t, uneven(policy(t, "agility"), size.hosts, size.guests, size.seed))
			before, after := spread(r.Before), spread(r.After)
			t.Logf("spread %.3f to %.3f, %d moves, %d messages, %v", before, after, len(r.Moves), r.Messages, r.Took)
			// The gap of the policy is 0.12: all hosts within it of each
			// other have less than half of it for a deviation.
			if after > 0.07 || after > before/2 {
				t.Errorf("spread: got %.3f after %.3f, want at most 0.07 and half", after, before)
			}
			noPingPong(t, r.Moves)
		})
	}
}

// Messages are lost and doubled and agents crash: every deal still ends, no room
// is exceeded, and the load is even in the end.
func TestAgilityInTrouble(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := uneven(policy(t, "agility"), 6, 30, seed)
			s.Network = sim.Network{Loss: 0.1, Duplicate: 0.05, Jitter: 20 * time.Millisecond}
			s.Faults.Agents = 6
			r := run(t, s)
			if after := spread(r.After); after > 0.1 {
				t.Errorf("spread: got %.3f, want at most 0.1", after)
			}
		})
	}
}

func TestPowerSaving(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := uneven(policy(t, "power_saving"), 8, 24, seed)
			r := run(t, s)
			used, sum := 0, 0.0
			for _, load := range r.After {
				sum += load
				if load > 0 {
					used++
				}
				if load > 0.86 {
					t.Errorf("a host has a load of %.2f, above the policy's high level", load)
				}
			}
			// Full is 0.80, and the greatest guest takes 0.19 of a host.
			if most := int(math.Ceil(sum/0.6)) + 1; used > most {
				t.Errorf("%d hosts have guests, %d would do: %.2f", used, most, r.After)
			}
			t.Logf("%d hosts for a load of %.2f, %d moves", used, sum, len(r.Moves))
			noPingPong(t, r.Moves)
		})
	}
}

// The talk's policy, repaired, relieves hosts that are overloaded.
func TestSeed(t *testing.T) {
	s := uneven(policy(t, "seed"), 6, 30, 4)
	r := run(t, s)
	for i, load := range r.After {
		if load > 0.85 {
			t.Errorf("host %d: got a load of %.2f, want what is not overloaded", i, load)
		}
	}
}

// A changed threshold in the text changes what happens, and nothing else does.
func TestThreshold(t *testing.T) {
	narrow := run(t, uneven(policy(t, "agility"), 8, 40, 1))
	wide := run(t, uneven(policy(t, "agility", "gap(0.12)", "gap(0.50)"), 8, 40, 1))
	if len(wide.Moves) >= len(narrow.Moves) {
		t.Errorf("moves: got %d with a wide gap and %d with a narrow one", len(wide.Moves), len(narrow.Moves))
	}
	if spread(wide.After) <= spread(narrow.After) {
		t.Errorf("spread: got %.3f with a wide gap and %.3f with a narrow one", spread(wide.After), spread(narrow.After))
	}
}

// The same seed gives the same run, whatever the machine.
func TestSameSeed(t *testing.T) {
	var first sim.SiteResult
	for i, procs := range []int{1, 2, 4} {
		old := runtime.GOMAXPROCS(procs)
		s := uneven(policy(t, "agility"), 6, 30, 9)
		s.Network = sim.Network{Loss: 0.05, Jitter: 5 * time.Millisecond}
		s.Faults.Agents = 2
		r := run(t, s)
		runtime.GOMAXPROCS(old)
		if i == 0 {
			first = r
		} else if !reflect.DeepEqual(r, first) {
			t.Errorf("with %d threads: got %+v, want %+v", procs, r, first)
		}
	}
}

// The shop: it is sold, or it is said why not, whatever is lost.
func TestShop(t *testing.T) {
	text, _ := models.Text("shop")
	model, found := lcc.Compile("shop", text, nil)
	if model == nil {
		t.Fatal(found)
	}
	fact := func(text string) lcc.Term {
		term, err := lcc.ParseTerm(text)
		if err != nil {
			t.Fatal(err)
		}
		return term
	}
	for seed := range uint64(50) {
		r, err := sim.Table{Model: model, Seed: seed, Network: sim.Network{Loss: 0.2, Duplicate: 0.1}, Peers: []sim.TablePeer{
			{Name: "alice", Facts: []lcc.Term{fact("wants(lamp)"), fact("afford(lamp, 5)")}, Start: []lcc.Start{{Role: lcc.Atom("buyer")}}},
			{Name: "bob", Facts: []lcc.Term{fact("in_stock(lamp, 5)")}, Subscribe: []string{"shopkeeper"}},
		}}.Run()
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Waiting) > 0 {
			t.Errorf("seed %d: %v wait for ever", seed, r.Waiting)
		}
	}
}
