package prove

import (
	"slices"
	"time"

	"parley/sim"
)

// isFrame says whether a turn is a frame that may be late. Receipts count only in a deep search.
func isFrame(t sim.Turn, deep bool) bool {
	return t.Kind != sim.TurnMigration && (t.Kind != sim.TurnReceipt || deep)
}

// lates returns the delays with which the frame of a turn may change an order, the shortest
// first, and how many change none.
func lates(watch *sim.Watch, turn int, deep bool) (list []time.Duration, same int) {
	if !isFrame(watch.Turns[turn], deep) {
		return nil, 0
	}
	for _, d := range delays {
		if watch.Repeats(turn) || watch.Commutes(turn, d) {
			same++
			continue
		}
		list = append(list, d)
	}
	return list, same
}

// longer are the runs with a longer delay of the last deviation.
type longer struct {
	next []branch // at most one: the others follow from it
	same int      // delays that change no order
}

// delayed finds the shortest of the longer delays with which the frame of the last deviation
// would change the order of the branch's run.
func (b branch) delayed(watch *sim.Watch) (l longer) {
	if len(b.longer) == 0 {
		return l
	}
	last := len(b.deviations) - 1
	late := b.deviations[last]
	for i, d := range b.longer {
		if watch.Commutes(b.from-1, d-late.how.late) {
			l.same++
			continue
		}
		more := b
		more.deviations = append(slices.Clip(b.deviations[:last]), Deviation{late.turn, how{late: d}})
		more.longer = b.longer[i+1:]
		l.next = []branch{more}
		return l
	}
	return l
}
