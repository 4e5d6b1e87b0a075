package service

import (
	"time"

	"parley/internal/burst"
	"parley/lcc"
	"parley/peer"
)

// storms counts what each send of this host's models sends, and finds the first that
// sends without a pause. The check of a text shows most of them before (LCC032).
type storms struct {
	sent burst.Counter[sendPlace]
	told map[lcc.Digest]bool
}

type sendPlace struct {
	model  lcc.Digest
	offset int
}

// A send that goes to every host of the site does so ten times a minute at most.
const (
	stormWithin  = time.Minute
	stormAtLeast = 600
	stormAHost   = 10
	stormsMost   = 1024 // places and models
)

// note counts a message, and returns how many this send has sent within a minute when
// they are too many for a site of this size: once for a model.
func (s *storms) note(r *peer.Record, hosts int, now time.Time) (n int, storm bool) {
	if s.told[r.Model] {
		return 0, false
	}
	n = s.sent.Note(sendPlace{r.Model, r.Record.Pos.Offset}, now, stormWithin, stormsMost)
	if n <= max(stormAtLeast, stormAHost*hosts) {
		return 0, false
	}
	if s.told == nil || len(s.told) >= stormsMost {
		s.told = map[lcc.Digest]bool{}
	}
	s.told[r.Model] = true
	return n, true
}
