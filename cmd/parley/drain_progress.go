package main

import (
	"fmt"

	"parley/hostagent/api"
)

// drainProgress measures a drain by the memory that has left: it says better than the
// number of guests how long the rest takes.
type drainProgress struct {
	seen map[string]int64 // memory of every guest that was here
}

// look returns the text of the progress, and the bytes that have left of all.
func (p *drainProgress) look(s api.Status) (text string, done, whole int64) {
	if p.seen == nil {
		p.seen = map[string]int64{}
	}
	here := map[string]int64{}
	for _, g := range s.Guests {
		here[g.ID] = max(1, g.Memory)
		p.seen[g.ID] = here[g.ID]
	}
	for id, memory := range p.seen {
		whole += memory
		if here[id] == 0 {
			done += memory
		}
	}
	for _, d := range s.Deals {
		if sent := d.Transferred + d.Remaining; sent > 0 {
			done += int64(float64(here[d.Guest]) * float64(d.Transferred) / float64(sent))
		}
	}
	return fmt.Sprintf("%d of %d guests have left", len(p.seen)-len(here), len(p.seen)), done, whole
}
