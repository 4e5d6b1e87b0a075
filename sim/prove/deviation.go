package prove

import (
	"fmt"
	"time"

	"parley/sim"
)

// Deviation is a moment at which a run is not the usual one.
type Deviation struct {
	turn sim.Turn
	how  how
}

// how is what happens at a deviation.
type how struct {
	late  time.Duration // the frame arrives so much later; 0: it is no frame
	fails string        // the migration fails in this way
	full  bool          // the receiver of the message takes no guest for a while
}

// The delays of frames. A short one lets other frames and a look at the platform overtake
// it, a middle one the end of a migration, a long one the timeouts of policies and of deals.
var delays = []time.Duration{150 * time.Millisecond, 3 * time.Second, 12 * time.Second}

// closed is how long a host takes no guest.
const closed = 20 * time.Second

// breaksAfter is when a migration breaks.
const breaksAfter = 500 * time.Millisecond

// hows lists the deviations at a turn other than a late frame.
func hows(t sim.Turn, deep bool) (list []how) {
	switch t.Kind {
	case sim.TurnMigration:
		list = append(list, how{fails: "breaks"}, how{fails: "refuses"})
		if deep {
			list = append(list, how{fails: "misreports"})
		}
	case sim.TurnMessage:
		list = append(list, how{full: true})
	}
	return list
}

// apply adds the deviation to a site.
func (d Deviation) apply(s *sim.Site) {
	t := d.turn
	switch {
	case d.how.late > 0:
		s.Faults.Late = append(s.Faults.Late, sim.Late{From: t.From, To: t.To, Nth: t.Nth, By: d.how.late, Advert: t.Kind == sim.TurnAdvert})
	case d.how.full:
		s.Schedule = append(s.Schedule, sim.Happening{At: t.At, Do: "pause", Hosts: []string{t.To}},
			sim.Happening{At: t.At + closed, Do: "resume", Hosts: []string{t.To}})
	default:
		f := sim.Failing{Guests: []string{t.Guest}, From: []string{t.From}, To: []string{t.To}, How: d.how.fails, Nth: t.Nth}
		if f.How == "breaks" {
			f.After = breaksAfter
		}
		s.Failing = append(s.Failing, f)
	}
}

// String describes the deviation for people.
func (d Deviation) String() string {
	t := d.turn
	at := t.At.Round(time.Millisecond)
	switch {
	case d.how.full:
		return fmt.Sprintf("at %v %s takes no guest for %v", at, t.To, closed)
	case d.how.fails != "":
		return fmt.Sprintf("at %v the migration of %s from %s to %s %s", at, t.Guest, t.From, t.To, d.how.fails)
	}
	return fmt.Sprintf("at %v %s sends %s %s, which arrives %v late", at, t.From, t.To, what(t), d.how.late)
}

func what(t sim.Turn) string {
	switch t.Kind {
	case sim.TurnMessage:
		return fmt.Sprintf("the message %s", t.Message.Body)
	case sim.TurnReceipt:
		return "a receipt"
	case sim.TurnAdvert:
		return "an advert"
	}
	return "a message of the ledger"
}
