package hostagent

import (
	"slices"
	"time"

	"parley/lcc"
)

// outcomes follows the moves of this host's deals, at either end, until their outcomes are
// measured. Each end measures its own load, and the target what the guest wants; each
// tells the other, signed, so that both know the same. A look is what makes it measure.
type outcomes struct {
	*turn
	load      *loads
	book      *book
	wire      *wire
	ledger    *ledger
	past      *past
	following []*followed // in the order in which the deals ended
}

// followed is a deal whose outcome is not measured yet.
type followed struct {
	deal      *deal
	load, cpu step        // of this host, a share; of the guest, at the target, in cores
	looked    lcc.Instant // until when load has taken in looks
	sampled   lcc.Instant // until when cpu has taken in samples
	next      int         // of measuredAfter
	own       *Outcome    // what this end has measured, until the other end has told the same
	heard     *Outcome    // what the other end has told of the next
	said      lcc.Instant // when it was last told
}

// followedMax bounds the deals that are followed at one time.
const followedMax = endedMax

// outcomeWait is how long an end waits for what the other one has measured, at least.
const outcomeWait = 30 * time.Second

// DealMeasured says what became of the move of a deal that is done, a while after it.
// Measured has the latest outcome last.
type DealMeasured struct{ DealChanged }

// sequelWord is what a payload says of the outcome of a move.
type sequelWord struct {
	Expected *Outcome `cbor:"1,keyasint,omitempty"`
	Measured *Outcome `cbor:"2,keyasint,omitempty"`
	Unrest   float64  `cbor:"3,keyasint,omitempty"` // of the guest before the move (unrest.go)
}

// outcomeRecord is what the journal keeps of it.
type outcomeRecord struct {
	Expected *Outcome  `cbor:"1,keyasint,omitempty"`
	Measured []Outcome `cbor:"2,keyasint,omitempty"`
	Ended    int64     `cbor:"3,keyasint,omitempty"` // Unix seconds
	Unrest   float64   `cbor:"4,keyasint,omitempty"`
}

// possible returns an error for what is invalid in any version.
func (w *sequelWord) possible() error {
	if w != nil && possibleUnrest(w.Unrest) != nil {
		return possibleUnrest(w.Unrest)
	}
	return w.each(Outcome.possible)
}

// within returns an error for what exceeds this version's limits.
func (w *sequelWord) within() error { return w.each(Outcome.within) }

func (w *sequelWord) each(check func(Outcome) error) error {
	if w == nil {
		return nil
	}
	for _, o := range []*Outcome{w.Expected, w.Measured} {
		if o == nil {
			continue
		}
		if err := check(*o); err != nil {
			return err
		}
	}
	return nil
}

// expectation is what the other end expects; nil: it has not said.
func (w *sequelWord) expectation() *Outcome {
	if w == nil {
		return nil
	}
	return w.Expected
}

// looked takes in a look, and measures what it is time for.
func (oc *outcomes) looked() {
	oc.follow()
	oc.following = slices.DeleteFunc(oc.following, func(f *followed) bool {
		oc.take(f)
		return oc.tend(f)
	})
}

// follow begins with the deals that are done since the last look.
func (oc *outcomes) follow() {
	for _, d := range oc.book.done {
		if d.sequel.expected != nil && len(oc.following) < followedMax {
			oc.following = append(oc.following, &followed{deal: d, looked: oc.now, sampled: oc.now})
		}
	}
	oc.book.done = nil
}

// resume follows the deals of an earlier run, at the first look: what was measured before
// the restart is lost, and what is not yet due is measured from here on.
func (oc *outcomes) resume() {
	if oc.wall.IsZero() {
		return
	}
	for _, d := range oc.book.unmeasured {
		ago := max(0, oc.wall.Sub(d.sequel.endedAt))
		d.sequel.ended = oc.now - lcc.Instant(min(ago, 2*measuredAfter[len(measuredAfter)-1]))
		f := &followed{deal: d, looked: oc.now, sampled: oc.now}
		for f.next < len(measuredAfter) && (ago > measuredAfter[f.next]+oc.patience() || f.measured()) {
			f.next++
		}
		if f.next < len(measuredAfter) && len(oc.following) < followedMax {
			oc.following = append(oc.following, f)
		}
	}
	oc.book.unmeasured = nil
}

// measured says whether the next outcome is known already.
func (f *followed) measured() bool {
	return slices.ContainsFunc(f.deal.sequel.measured, func(o Outcome) bool { return o.After == measuredAfter[f.next] })
}

// patience is how long an end waits for the other one.
func (oc *outcomes) patience() time.Duration { return max(outcomeWait, 2*oc.config.SampleEvery) }

// take takes in what the look shows of a deal.
func (oc *outcomes) take(f *followed) {
	since := f.looked
	f.looked = oc.now
	if !oc.load.known() || oc.now == since {
		return
	}
	f.load.add(oc.load.meanUse().CPU/max(oc.load.platform.Capacity.CPU, minCapacity), time.Duration(oc.now-since))
	t := oc.load.guests[f.deal.guest]
	if f.deal.side == TargetSide && t != nil && t.at > f.sampled {
		f.cpu.add(t.sample, time.Duration(t.at-f.sampled))
		f.sampled = t.at
	}
}

// minCapacity keeps a share finite where a platform declares nothing.
const minCapacity = 0.001

// tend measures an outcome that is due, and says whether the deal is over for good.
func (oc *outcomes) tend(f *followed) bool {
	d := f.deal
	if d.side == TargetSide && f.own == nil && !oc.load.isHere(d.guest) && oc.load.sees(d.kind()) {
		return true // it has moved on, or has ended
	}
	due := d.sequel.ended + lcc.Instant(measuredAfter[f.next])
	switch {
	case oc.now < due:
		return false
	case f.own == nil && (f.load.took == 0 || d.side == TargetSide && f.cpu.took == 0):
		// Nothing was measured since the move.
	case f.own == nil:
		f.own = oc.measure(f)
		oc.say(d, *f.own)
		f.said = oc.now
	case f.heard == nil && oc.now-f.said >= lcc.Instant(oc.config.RetryEvery):
		oc.say(d, *f.own)
		f.said = oc.now
	}
	if f.own != nil && f.heard != nil {
		return oc.conclude(f)
	}
	if oc.now < due+lcc.Instant(oc.patience()) {
		return false
	}
	if d.side == TargetSide && f.own != nil {
		return oc.conclude(f) // the source is silent: the guest is measured all the same
	}
	return f.goOn()
}

// goOn turns to the next time at which to measure, and says whether there is none.
func (f *followed) goOn() bool {
	f.own, f.heard = nil, nil
	f.next++
	return f.next == len(measuredAfter)
}

// measure returns what this end knows itself.
func (oc *outcomes) measure(f *followed) *Outcome {
	o := Outcome{After: measuredAfter[f.next]}
	load := f.load.mean()
	if f.deal.side == TargetSide {
		o.CPU = round(f.cpu.mean())
		o.Target = oc.load.endOf(load, -o.CPU)
		return &o
	}
	o.Source = oc.load.endOf(load, 0)
	o.Total, o.Downtime = f.deal.src.migrated.Total, f.deal.src.migrated.Downtime
	return &o
}

// say tells the other end what was measured here.
func (oc *outcomes) say(d *deal, o Outcome) {
	oc.wire.send(d.partner(), payload{
		Kind: kindOutcome, Deal: d.id, Guest: d.guest, Sequel: &sequelWord{Expected: d.sequel.expected, Measured: &o},
	})
}

// told takes in what the other end has measured. Who tells again what is known here has
// not heard what this end has told.
func (oc *outcomes) told(from HostID, p payload) {
	if p.Sequel == nil || p.Sequel.Measured == nil {
		return
	}
	o := p.Sequel.Measured
	for _, f := range oc.following {
		if f.deal.id == p.Deal && f.deal.partner() == from && o.After == measuredAfter[f.next] {
			if f.heard == nil {
				f.heard = o
			}
			if f.own != nil && oc.conclude(f) {
				oc.following = slices.DeleteFunc(oc.following, func(other *followed) bool { return other == f })
			}
			return
		}
	}
	d := oc.book.endedDeal(p.Deal)
	if d == nil || d.partner() != from {
		return
	}
	for _, known := range d.sequel.measured {
		if known.After == o.After {
			oc.say(d, known)
		}
	}
}

// conclude puts together what both ends have measured, and says whether that was the last.
func (oc *outcomes) conclude(f *followed) bool {
	d, o := f.deal, *f.own
	expected := *d.sequel.expected
	if heard := f.heard; heard != nil && d.side == SourceSide {
		o.CPU, o.Target = heard.CPU, heard.Target
		o.Source = oc.load.endOf(o.Source.Load, o.CPU)
	} else if heard != nil {
		o.Source, o.Total, o.Downtime = heard.Source, heard.Total, heard.Downtime
		if o.Source.Known && expected.CPU > 0 {
			o.Source.Relief = round(expected.Source.Relief * o.CPU / expected.CPU)
		}
	}
	o.weigh(oc.load.platform.Capacity.CPU)
	d.sequel.measured = append(d.sequel.measured, o)
	oc.past.judge(d, o)
	oc.ledger.keep(d)
	oc.emit(DealMeasured{oc.ledger.changed(d, oc.load.loadNow())})
	return f.goOn()
}

// word is what an end tells the other one of what it expects.
func (s sequel) word() *sequelWord {
	if s.expected == nil {
		return nil
	}
	return &sequelWord{Expected: s.expected, Unrest: s.unrest}
}

// before is the unrest of the guest before the move, as its source says.
func (w *sequelWord) before() float64 {
	if w == nil {
		return 0
	}
	return min(w.Unrest, unrestMost)
}

// agree takes in what the target expects of its own end.
func (s *sequel) agree(told *sequelWord, capacity float64) {
	if s.expected == nil || told == nil || told.Expected == nil {
		return
	}
	both := *s.expected
	both.Target = told.Expected.Target
	both.weigh(capacity)
	s.expected = &both
}

// record is what the journal keeps of a deal's outcome; nil: nothing is expected.
func (s sequel) record() *outcomeRecord {
	if s.expected == nil {
		return nil
	}
	r := outcomeRecord{Expected: s.expected, Measured: s.measured, Unrest: s.unrest}
	if !s.endedAt.IsZero() {
		r.Ended = s.endedAt.Unix()
	}
	return &r
}

// sequelOf is what the journal has kept.
func sequelOf(r *outcomeRecord) sequel {
	if r == nil {
		return sequel{}
	}
	s := sequel{expected: r.Expected, measured: r.Measured, unrest: r.Unrest}
	if r.Ended != 0 {
		s.endedAt = time.Unix(r.Ended, 0)
	}
	return s
}

// open says whether a deal that is done is to be measured still.
func (s sequel) open() bool {
	return s.expected != nil && !s.endedAt.IsZero() && len(s.measured) < len(measuredAfter)
}
