package hostagent

import (
	"errors"
	"math"
	"time"

	"parley/lcc"
)

// Outcome is what a move does to its hosts and to its guest: as both ends expect it when
// the deal is struck, or as they measure it a while after the move.
type Outcome struct {
	// After is how long after the move it was measured; 0: it is expected.
	After time.Duration `cbor:"1,keyasint,omitempty"`
	// CPU is how many cores the guest wants.
	CPU    float64    `cbor:"2,keyasint,omitempty"`
	Source OutcomeEnd `cbor:"3,keyasint,omitzero"`
	Target OutcomeEnd `cbor:"4,keyasint,omitzero"`
	// Total and Downtime are what the migration takes; Downtime is 0 where it is not known.
	Total    time.Duration `cbor:"5,keyasint,omitempty"`
	Downtime time.Duration `cbor:"6,keyasint,omitempty"`
	// Worth is what the move relieves both hosts by, in cores; 0 where a load is not known.
	Worth float64 `cbor:"7,keyasint,omitempty"`
}

// OutcomeEnd is an outcome for one end of a move.
type OutcomeEnd struct {
	Known bool `cbor:"1,keyasint,omitempty"`
	// Load is the CPU load, a share: what is expected to last of it before the move, or the
	// mean of what was measured since the move.
	Load float64 `cbor:"2,keyasint,omitempty"`
	// Relief is by how much the guest's leaving lowers the load of this end. It is negative at
	// the target.
	Relief float64 `cbor:"3,keyasint,omitempty"`
}

// measuredAfter is how long after a move its outcome is measured.
var measuredAfter = [...]time.Duration{5 * time.Minute, time.Hour}

// sequel is what a deal keeps of what its move is expected to do and of what it did.
type sequel struct {
	price    *Price      // the expected cost of the migration; nil: unknown
	expected *Outcome    // nil: the source is of an earlier version, or the deal is not committed to
	unrest   float64     // of the guest before the move (unrest.go)
	measured []Outcome   // at the times of measuredAfter, those that were missed left out
	ended    lcc.Instant // when the deal was done
	endedAt  time.Time   // the same by the wall clock, which outlives a run
}

// worthNow is what a move was worth whose guest is at its target already: what would be
// relieved by it if the guest were still at its source. The guest's use is a share of the
// capacity of a host.
func worthNow(source, target, guest float64) float64 {
	return guest*(source-target+guest) +
		crowdWeight*(crowd(source+guest)-crowd(source)-crowd(target)+crowd(max(0, target-guest)))
}

// expect is what this host expects as the source of a deal about a guest. What it says of the
// target is filled in by the target.
func (re *recommended) expect(d *deal, t *tracked) *Outcome {
	// The guest counts as leaving already.
	load := re.lasting().mean() + share(d.need.CPU, re.load.platform.Capacity.CPU)
	o := Outcome{CPU: round(t.course.mean), Total: re.load.moveTakes(t), Source: re.load.endOf(load, t.course.mean)}
	if p, known := re.load.price(t); known && p.Converges {
		o.Downtime = p.Downtime
	}
	return &o
}

// expectHere completes as the target of a move what its source expects.
func (re *recommended) expectHere(told *Outcome, guest GuestID) *Outcome {
	if told == nil {
		return nil
	}
	o := *told
	o.After = 0
	load := re.lasting().mean()
	if d := re.book.dealOf(guest); d != nil && !re.load.isHere(guest) {
		load -= share(d.need.CPU, re.load.platform.Capacity.CPU) // its reservation counts already
	}
	o.Target = re.load.endOf(max(0, load), -o.CPU)
	o.weigh(re.load.platform.Capacity.CPU)
	return &o
}

// endOf is this host as an end of a move that takes so many cores from it.
func (l *loads) endOf(load, cores float64) OutcomeEnd {
	if l.platform.Capacity.CPU <= 0 || !l.known() {
		return OutcomeEnd{}
	}
	return OutcomeEnd{Known: true, Load: round(load), Relief: round(cores / l.platform.Capacity.CPU)}
}

// weigh fills in what a move is worth, for a host of this capacity.
func (o *Outcome) weigh(capacity float64) {
	o.Worth = 0
	if !o.Source.Known || !o.Target.Known || capacity <= 0 {
		return
	}
	guest, source, target := o.CPU/capacity, o.Source.Load, o.Target.Load
	if o.After == 0 { // the loads are those before the move
		source, target = source-guest, target+guest
	}
	o.Worth = round(worthNow(source, target, guest) * capacity)
}

// possible returns an error for what no host measures.
func (o Outcome) possible() error {
	for _, v := range []float64{o.CPU, o.Source.Load, o.Source.Relief, o.Target.Load, o.Target.Relief, o.Worth} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return errors.New("an outcome that is no number")
		}
	}
	if o.CPU < 0 || o.Source.Load < 0 || o.Target.Load < 0 || o.After < 0 || o.Total < 0 || o.Downtime < 0 {
		return errors.New("an outcome with a negative amount")
	}
	return nil
}

// within returns an error for an outcome that exceeds this version's limits.
func (o Outcome) within() error {
	if o.CPU > coresMax || o.Source.Load > loadMax || o.Target.Load > loadMax || math.Abs(o.Source.Relief) > loadMax ||
		math.Abs(o.Target.Relief) > loadMax || o.Total > TimeMost || o.Downtime > TimeMost {
		return errors.New("an outcome with a number that is too great")
	}
	return nil
}
