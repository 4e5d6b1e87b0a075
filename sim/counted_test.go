package sim

import (
	"testing"
	"time"

	"parley/hostagent"
)

// A platform shows how many instructions a guest has executed there, in the CPU time that
// it got: ten of fifteen cores here. Where the scenario has no counter it shows none.
func TestInstructionsAreCounted(t *testing.T) {
	o := pair(guest("fast", 9, 0), guest("plain", 6, 0))
	o.Guests[0].MIPS = 1000
	s := bare(t, o)
	s.until(t, 100*time.Second)
	want := map[hostagent.GuestID]hostagent.Count{"fast": {N: 600_000_000_000, Known: true}, "plain": {}}
	for _, g := range s.hosts[0].observe(false).Guests {
		if got := g.Instructions; got.Known != want[g.ID].Known || got.N/1000 != want[g.ID].N/1000 {
			t.Errorf("%s: got %+v, want %+v", g.ID, got, want[g.ID])
		}
	}
}

func TestBadMIPS(t *testing.T) {
	o := pair(guest("g", 1, 0))
	o.Guests[0].MIPS = -1
	_, err := o.Run()
	wantError(t, err, "guest g: it executes -1 million instructions per second of CPU time: give 0 or more")
}
