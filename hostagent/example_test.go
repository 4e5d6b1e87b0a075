package hostagent_test

import (
	"fmt"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// The driver passes in what the platform shows; models query the core.
func Example() {
	core, err := hostagent.New(hostagent.Options{Self: "host1", Config: hostagent.DefaultConfig()})
	if err != nil {
		fmt.Println(err)
		return
	}
	const gib = 1 << 30
	wall, now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), lcc.Instant(1)
	var used time.Duration
	for range 5 {
		_, err = core.Step(now, hostagent.Observed{Wall: wall, Observation: hostagent.Observation{
			Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 64 * gib},
			Guests: []hostagent.Guest{{
				ID: "guest1", Name: "web", State: hostagent.Running, CPUTime: used,
				Declared: hostagent.Resources{CPU: 4, MemoryBytes: 16 * gib}, MemoryBytes: 16 * gib,
			}},
		}})
		if err != nil {
			fmt.Println(err)
			return
		}
		now, wall, used = now+lcc.Instant(10*time.Second), wall.Add(10*time.Second), used+20*time.Second
	}
	for _, question := range []lcc.Term{
		lcc.NewTerm("load", &lcc.Var{Name: "L"}),
		lcc.NewTerm("overloaded", lcc.Float(0.8)),
	} {
		answer, _ := core.Ask(question)
		fmt.Println(question, answer.Truth == lcc.True, answer.Solutions)
	}
	// Output:
	// load(L) true [[0.25]]
	// overloaded(0.8) false []
}
