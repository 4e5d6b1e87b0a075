package hostagent

import (
	"maps"
	"slices"
)

// This file is what taking an order back means: nothing that it wanted begins any
// more. A move that the platform is at is finished.

var undrained = Refusal{CodeTakenBack, "its operator has taken the drain back (`parley undrain`)"}

// takeBack gives up what the settings that were in force wanted and those that
// are in force now do not.
func (op *operator) takeBack(was Settings) {
	if was.Drained && !op.permits.settings.Drained {
		for _, guest := range slices.Sorted(maps.Keys(op.operatorMoves)) {
			if len(op.operatorMoves[guest].orders) == 0 {
				delete(op.operatorMoves, guest)
			}
		}
		op.giveUp(undrained, (*deal).ofDrain)
		// The host that policies moved guests away from was full of guests: it is none now.
		clear(op.past.movedAway)
		op.past.recollection.changes++
	}
	if !was.Paused && op.permits.settings.Paused {
		op.giveUp(paused, func(d *deal) bool { return !d.operator })
	}
}

// giveUp ends the deals of a kind by which no guest moves yet. Before its record
// is durable, a move is one that has not begun. What a source has committed to
// is its own to give up.
func (op *operator) giveUp(why Refusal, of func(*deal) bool) {
	for _, d := range op.book.sortedDeals() {
		switch {
		case op.book.deals[d.id] != d || !of(d):
		case d.side == SourceSide && d.unmoved():
			op.sources.abandon(d, why)
		case d.side == TargetSide && (d.state == Asking || d.state == Offered):
			op.targets.endAndRefuse(d, why)
		}
	}
}

// ofDrain says whether a deal was begun by the drain of this host.
func (d *deal) ofDrain() bool { return d.side == SourceSide && d.operator && len(d.src.orders) == 0 }

// unmoved says whether the platform of the source was not told of a deal yet. One
// of an earlier run is given up in any case, once its guest is seen to run here.
func (d *deal) unmoved() bool {
	return !d.src.orphan && (d.state == Asking || d.state == Intended || d.state == Moving && !d.durable)
}
