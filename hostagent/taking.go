package hostagent

// This file reports when this host takes no guest of a model at all, so that no host
// asks it for nothing: the least loaded of all hosts may be a drained one, and would be
// asked first, each time. A request that comes anyway is refused by reserve, which
// checks everything else as well.

// taking is what was last reported.
type taking struct{ why string }

// changed returns what to report if it differs from the last report.
func (t *taking) changed(why string) (Unable, bool) {
	if t.why == why {
		return Unable{}, false
	}
	t.why = why
	return Unable{Action: "reserve", Why: why}, true
}

// whyTakesNobody says why the operator's settings or the windows keep out all guests of
// models; the zero Refusal if they do not.
func (pm *permits) whyTakesNobody() Refusal {
	switch {
	case pm.settings.Drained:
		return drained
	case pm.settings.whyPaused().Is():
		return pm.settings.whyPaused()
	}
	return whyClosed(pm.closed)
}
