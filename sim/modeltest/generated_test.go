package modeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/lcc/check"
	"parley/sim"
)

// sequence is a conversation as its roles see it: what each sends and receives, in order.
type sequence [][]string

// conversation draws messages between roles, one after the other: each role that keeps its
// own part in this order comes to its end, since a message waits for its receiver.
func conversation(r *rand.Rand, roles int) sequence {
	for {
		s := make(sequence, roles)
		for i := range 3 + r.IntN(5) {
			from := r.IntN(roles)
			to := (from + 1 + r.IntN(roles-1)) % roles
			s[from] = append(s[from], fmt.Sprintf("m%d => a(r%d, P%d)", i, to, to))
			s[to] = append(s[to], fmt.Sprintf("m%d <= a(r%d, P%d)", i, from, from))
		}
		if !slices.ContainsFunc(s, func(own []string) bool { return len(own) == 0 }) {
			return s
		}
	}
}

// spoil exchanges two neighbours in the part of one role.
func (s sequence) spoil(r *rand.Rand) {
	own := s[r.IntN(len(s))]
	if len(own) > 1 {
		i := r.IntN(len(own) - 1)
		own[i], own[i+1] = own[i+1], own[i]
	}
}

func (s sequence) text() string {
	var b strings.Builder
	for i := range s {
		fmt.Fprintf(&b, "r(r%d, initial).\n", i)
	}
	for i, own := range s {
		fmt.Fprintf(&b, "a(r%d, Me) ::\n    %s\n", i, strings.Join(own, " then\n    "))
	}
	return b.String()
}

// enacted reports whether a model gets stuck: some agent still waits at the end.
func enacted(t *testing.T, model *lcc.Model, roles int) (stuck bool) {
	t.Helper()
	run := sim.PeerRun{Model: model, Seed: 1}
	for i := range roles {
		run.Peers = append(run.Peers, sim.PeerRunPeer{
			Name: fmt.Sprintf("p%d", i), Start: []lcc.Start{{Role: lcc.Atom(fmt.Sprintf("r%d", i))}},
		})
	}
	result, err := run.Run()
	if err != nil {
		t.Fatal(err)
	}
	return len(result.Waiting) > 0
}

// TestGeneratedModels draws models of two and of three roles and spoils them: the checker
// finds each deadlock that enacting meets, and reports none of a model as it was drawn.
func TestGeneratedModels(t *testing.T) {
	count := map[int]int{2: 300, 3: 250}
	if testing.Short() {
		count = map[int]int{2: 60, 3: 50}
	}
	for _, roles := range []int{2, 3} {
		r := rand.New(rand.NewPCG(1, uint64(roles)))
		stuck, missed, accused := 0, 0, 0
		for range count[roles] {
			s := conversation(r, roles)
			for _, spoiled := range []bool{false, true} {
				if spoiled {
					s.spoil(r)
				}
				began := time.Now()
				model, found := lcc.Examine("text", []byte(s.text()), nil)
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("%v for\n%s", took, s.text())
				}
				says := slices.ContainsFunc(found, func(d check.Diagnostic) bool { return d.Code == check.CodeDeadlock })
				if model == nil {
					t.Fatal(found)
				}
				switch waits := enacted(t, model, roles); {
				case waits && !spoiled:
					t.Errorf("a model as it was drawn gets stuck:\n%s", s.text())
				case waits:
					stuck++
					if !says {
						missed++
						t.Errorf("a deadlock that the checker does not find:\n%s", s.text())
					}
				case says && !spoiled:
					accused++
					t.Errorf("a correct model with findings: %v\n%s", found, s.text())
				}
			}
		}
		t.Logf("%d roles: %d of %d spoiled models get stuck, %d are missed; %d correct ones are accused", roles, stuck, count[roles], missed,
			accused)
		if stuck == 0 {
			t.Errorf("no spoiled model of %d roles gets stuck", roles)
		}
	}
}
