package hostagent

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"time"
)

// This file lets the cool-down of a guest grow with its unrest: how often policies have
// moved it lately, a move that did not pay counted twice. A guest whose load no move
// settles is so moved less and less often, and one that rests is as free as any other
// after some hours. The unrest goes with the guest from host to host, in the commit of
// its deal. A full host gives a restless guest away as soon as the plain cool-down is
// over.

// unrest is that of one guest.
type unrest struct {
	score float64   // moves, at that time
	at    time.Time // of the last change; wall-clock time, because it outlives a run
}

const (
	// unrestHalves is after how many cool-downs the unrest is half of what it was: an
	// hour for five minutes.
	unrestHalves = 12
	// unrestDoublings bounds the doubling of a cool-down: from five minutes to 80.
	unrestDoublings = 4
	// unrestMost is the greatest unrest that is believed, of a partner or of a journal.
	unrestMost = 16
	// unrestLeast is forgotten.
	unrestLeast = 0.05
	// paysFrom is what share of the expected worth a move must bring to pay: what both ends
	// measure is noisy, and little of it is there by chance.
	paysFrom = 0.1
)

// restless are the guests here that policies moved lately.
type restless map[GuestID]unrest

// now is the unrest of a guest at a time, 0 if it rests.
func (r restless) now(guest GuestID, wall time.Time, cooldown time.Duration) float64 {
	u, known := r[guest]
	half := unrestHalves * cooldown
	if !known || half <= 0 {
		return 0
	}
	return u.score * math.Exp2(-float64(max(0, wall.Sub(u.at)))/float64(half))
}

// cooldown is how long a guest stays after its last change of unrest.
func (r restless) cooldown(guest GuestID, plain time.Duration) time.Duration {
	moves := int(math.Round(r[guest].score))
	return plain << min(max(moves-1, 0), unrestDoublings)
}

// pass forgets the guests that are gone or rest, and says how many.
func (r restless) pass(wall time.Time, cooldown time.Duration, here func(GuestID) bool) int {
	before := len(r)
	maps.DeleteFunc(r, func(guest GuestID, _ unrest) bool {
		return !here(guest) || r.now(guest, wall, cooldown) < unrestLeast
	})
	return before - len(r)
}

// forgetUnrest forgets what no longer matters.
func (p *past) forgetUnrest() {
	if p.restless.pass(p.wall, p.config.Cooldown, p.load.isHere) > 0 {
		p.recollection.changes++
	}
}

// came records the unrest that a guest brings with a deal that is done. A move by an
// operator adds none.
func (p *past) came(d *deal, at time.Time) {
	score := min(d.sequel.unrest, unrestMost)
	if !d.operator {
		score++
	}
	p.upset(d.guest, score, at)
}

// upset records the unrest of a guest. Without a cool-down there is nothing that it could
// make longer.
func (p *past) upset(guest GuestID, score float64, at time.Time) {
	if score < unrestLeast || p.config.Cooldown <= 0 {
		return
	}
	p.restless[guest] = unrest{min(score, unrestMost), at}
	p.recollection.changes++
}

// unrestOf is the unrest of a guest now.
func (p *past) unrestOf(guest GuestID) float64 {
	return round(p.restless.now(guest, p.wall, p.config.Cooldown))
}

// judge adds to the unrest of a guest here whose move was to relieve its hosts, and did
// not. What a policy moves to save power relieves nobody, and is not judged.
func (p *past) judge(d *deal, measured Outcome) {
	expected := d.sequel.expected
	if d.side != TargetSide || d.operator || expected == nil || expected.Worth <= 0 || !measured.Source.Known ||
		measured.Worth > paysFrom*expected.Worth {
		return
	}
	p.upset(d.guest, p.unrestOf(d.guest)+1, p.wall)
}

// whyRestless says why a guest that was moved often stays longer than others; the zero
// Refusal if it need not.
func (p *past) whyRestless(guest GuestID) Refusal {
	u := p.restless[guest]
	pause := p.restless.cooldown(guest, p.config.Cooldown)
	if pause <= p.config.Cooldown || !p.within(u.at, pause) {
		return Refusal{}
	}
	return refusal(CodeCooling,
		"it was moved again and again, or its move relieved nobody: it stays for %v, unless this host becomes full", pause)
}

// unrestThen is an unrest in the journal.
type unrestThen struct {
	Score float64 `cbor:"1,keyasint"`
	At    int64   `cbor:"2,keyasint"` // Unix seconds
}

func (r restless) then() map[GuestID]unrestThen {
	list := map[GuestID]unrestThen{}
	for _, guest := range lastOf(r, func(a, b unrest) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.score, b.score)) }) {
		list[guest] = unrestThen{r[guest].score, r[guest].at.Unix()}
	}
	return list
}

func (r restless) recall(list map[GuestID]unrestThen) {
	for guest, u := range list {
		if possibleUnrest(u.Score) == nil {
			r[guest] = unrest{min(u.Score, unrestMost), time.Unix(u.At, 0)}
		}
	}
}

// possibleUnrest returns an error for what no host says.
func possibleUnrest(score float64) error {
	if math.IsNaN(score) || score < 0 || math.IsInf(score, 0) {
		return errors.New("an unrest that is no number of moves")
	}
	return nil
}
