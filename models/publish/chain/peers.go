package chain

import (
	"slices"
	"time"
)

// peer is another host that can be asked. A peer that is in back-off is remembered when
// it disconnects, so that reconnecting does not end the back-off.
type peer struct {
	here           bool
	claimed        uint64        // a version that it claimed to have; 0: none
	noPullUntil    time.Time     // no requests for releases before this
	pullBackoff    time.Duration // its last back-off
	noObjectsUntil time.Time     // no requests for objects before this
	objectBackoff  time.Duration
	liar           bool // it sent a wrong object
}

// peers tracks the peers that can be asked, and their earlier answers.
type peers struct {
	turn  *turn
	known map[string]*peer
	ids   []string // that can be asked, sorted
}

const (
	peersMost  = 4096
	quietLeast = 5 * time.Second
	quietMost  = 10 * time.Minute
	pauseLeast = 250 * time.Millisecond // after a peer did not have an object
	pauseMost  = 30 * time.Second
	liarPause  = 10 * time.Minute
)

// set replaces the list of peers, and returns the new ones.
func (p *peers) set(ids []string, self string) (fresh []string) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" || len(id) > 128 || id == self })
	slices.Sort(ids)
	ids = slices.Compact(ids)
	ids = ids[:min(len(ids), peersMost)]
	for _, id := range ids {
		if one := p.known[id]; one == nil {
			p.known[id] = &peer{}
			fresh = append(fresh, id)
		} else if !one.here {
			fresh = append(fresh, id)
		}
	}
	tooMany := len(p.known) > 2*peersMost
	for id, one := range p.known {
		_, one.here = slices.BinarySearch(ids, id)
		if !one.here && (tooMany || !one.noPullUntil.After(p.turn.now)) {
			delete(p.known, id)
		}
	}
	p.ids = ids
	return fresh
}

// claims records that a peer claimed to have a version.
func (p *peers) claims(id string, version uint64) {
	if one := p.known[id]; one != nil {
		one.claimed = max(one.claimed, version)
	}
}

// ready returns the peers that may be asked for releases.
func (p *peers) ready() (list []string) {
	for _, id := range p.ids {
		if !p.known[id].noPullUntil.After(p.turn.now) {
			list = append(list, id)
		}
	}
	return list
}

// leaveAlone puts a peer into back-off for releases; it grows each time.
func (p *peers) leaveAlone(id string) {
	if one := p.known[id]; one != nil {
		one.claimed = 0
		one.pullBackoff = min(max(2*one.pullBackoff, quietLeast), quietMost)
		one.noPullUntil = p.turn.now.Add(p.turn.jitter(one.pullBackoff))
	}
}

// brought records that a peer gave releases.
func (p *peers) brought(id string) bool {
	one := p.known[id]
	if one != nil {
		one.pullBackoff, one.noPullUntil = 0, time.Time{}
	}
	return one != nil
}

// withObjects returns the peers that may be asked for objects, and when the first of
// the others may.
func (p *peers) withObjects() (list []string, soonest time.Time) {
	for _, id := range p.ids {
		until := p.known[id].noObjectsUntil
		if !until.After(p.turn.now) {
			list = append(list, id)
		} else if soonest.IsZero() || until.Before(soonest) {
			soonest = until
		}
	}
	return list, soonest
}

// lacks records that a peer did not give an object, and puts it into back-off, which
// grows each time.
func (p *peers) lacks(id string) {
	if one := p.known[id]; one != nil {
		one.objectBackoff = min(max(2*one.objectBackoff, pauseLeast), pauseMost)
		one.noObjectsUntil = p.turn.now.Add(p.turn.jitter(one.objectBackoff))
	}
}

func (p *peers) gave(id string) {
	if one := p.known[id]; one != nil {
		one.objectBackoff, one.noObjectsUntil = 0, time.Time{}
	}
}

func (p *peers) lied(id string) {
	if one := p.known[id]; one != nil {
		one.noObjectsUntil, one.liar = p.turn.now.Add(liarPause), true
	}
}

// wake ends the back-off of peers that lacked objects of an older release.
func (p *peers) wake() {
	for _, one := range p.known {
		one.objectBackoff = 0
		if !one.liar || !one.noObjectsUntil.After(p.turn.now) {
			one.noObjectsUntil, one.liar = time.Time{}, false
		}
	}
}

// moments returns pointers to the ends of the back-offs.
func (p *peers) moments() (list []*time.Time) {
	for _, one := range p.known {
		list = append(list, &one.noPullUntil, &one.noObjectsUntil)
	}
	return list
}
