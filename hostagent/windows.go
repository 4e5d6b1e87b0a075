package hostagent

import "parley/hostagent/hours"

// This file keeps the windows in which the policies of this host may move guests. They
// are checked at each look, whose wall-clock time they depend on.

// keepHours follows the windows. Where they close, what models have begun is given up,
// unless its migration has begun; a drain that waits for the end of the window keeps its
// guests in the same way.
func (pm *permits) keepHours(op *operator) {
	was, is := pm.closed, pm.config.Moves.Windows.At(pm.wall)
	if was == is {
		return
	}
	pm.closed = is
	if is.Is && !was.Is {
		op.giveUp(whyClosed(is), func(d *deal) bool { return !d.operator })
	}
	if is.Drains && !was.Drains {
		op.withdrawDrain(whyClosed(is))
	}
	if is.Is != was.Is {
		pm.emit(Changed{Names: loadNames()})
	}
}

// windowTime is how a window's end is written: with its zone, as other hosts read it too.
const windowTime = "2006-01-02 15:04 MST"

// whyClosed says why policies move no guest now; the zero Refusal if they may.
func whyClosed(c hours.Closed) Refusal {
	switch {
	case !c.Is:
		return Refusal{}
	case c.Denied && c.Why != "":
		return refusal(CodeWindow, "the windows of this host deny moves until %s: %s", c.Until.Format(windowTime), c.Why)
	case c.Denied:
		return refusal(CodeWindow, "the windows of this host deny moves until %s", c.Until.Format(windowTime))
	case c.Until.IsZero():
		return Refusal{CodeWindow, "no window of this host allows moves"}
	}
	return refusal(CodeWindow, "the windows of this host allow moves again from %s on", c.Until.Format(windowTime))
}

// whyDrainWaits says why the drain of this host moves nothing now; the zero Refusal if it
// does, or if there is none.
func (pm *permits) whyDrainWaits() Refusal {
	if !pm.settings.Drained || pm.settings.Ended != "" || !pm.closed.Drains {
		return Refusal{}
	}
	return whyClosed(pm.closed)
}

// begins says whether nothing that an operator has set keeps this host from deals of models.
func (pm *permits) begins() bool { return pm.settings == (Settings{}) && !pm.closed.Is }
