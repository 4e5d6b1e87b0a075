package service

import (
	"time"

	"parley/lcc"
	"parley/peer"
)

// storms counts what each send of this host's models sends, and finds the first that
// sends without a pause. The check of a text shows most of them before (LCC032).
type storms struct {
	each map[sendPlace]*sendCount
	told map[lcc.Digest]bool
}

type sendPlace struct {
	model  lcc.Digest
	offset int
}

type sendCount struct {
	since time.Time
	n     int
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
	place := sendPlace{r.Model, r.Record.Pos.Offset}
	c := s.each[place]
	if c == nil {
		if s.each == nil || len(s.each) >= stormsMost {
			s.each = map[sendPlace]*sendCount{}
		}
		c = &sendCount{since: now}
		s.each[place] = c
	}
	if now.Sub(c.since) > stormWithin {
		*c = sendCount{since: now}
	}
	if c.n++; c.n <= max(stormAtLeast, stormAHost*hosts) {
		return 0, false
	}
	if s.told == nil || len(s.told) >= stormsMost {
		s.told = map[lcc.Digest]bool{}
	}
	s.told[r.Model] = true
	return c.n, true
}
