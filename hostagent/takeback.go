package hostagent

// This file withdraws an operator's order: nothing more begins for it. A migration that
// the platform has started is finished.

var undrained = Refusal{CodeTakenBack, "its operator has ended the drain (`parley undrain`)"}

// takeBack gives up what the previous settings wanted and the current ones do not.
func (op *operator) takeBack(was Settings) {
	if was.Drained && !op.permits.settings.Drained {
		op.withdrawDrain(undrained)
	}
	if why := op.permits.settings.whyPaused(); why.Is() && !was.whyPaused().Is() {
		op.giveUp(why, func(d *deal) bool { return !d.operator })
	}
}

// giveUp ends the matching deals whose migration has not begun. A migration has not
// begun until its record is durable. Only the source gives up a deal that it has
// committed to.
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
func (d *deal) ofDrain() bool { return d.side == SourceSide && d.operator && d.src.drain }

// ofAnyDrain says whether a deal was begun by the drain of its source. The target calls
// every operator's deal of a draining host so.
func (d *deal) ofAnyDrain() bool {
	return d.ofDrain() || d.side == TargetSide && d.operator && d.tgt.apart
}

// unmoved says whether the source's platform has not been asked to migrate yet. A deal
// of an earlier run does not count: it is given up anyway once its guest is seen to run
// here.
func (d *deal) unmoved() bool {
	return !d.src.orphan && (d.state == Asking || d.state == Intended || d.state == Moving && !d.durable)
}
