package hostagent

import "parley/hostagent/hours"

// permits decides whether this host begins deals at all: by the journal, the load, the
// operator's settings, the windows, and a suspension.
type permits struct {
	*turn
	load      *loads
	journal   *journal
	settings  Settings
	taking    taking       // what models last learnt of the settings (taking.go)
	closed    hours.Closed // by the windows, at the last look
	suspended string       // why no deal of a model begins, besides the settings; "": not suspended
}

// suspend makes models begin no deals for a while, as when a host switches policies:
// deals in flight are finished, and none is added.
func (pm *permits) suspend(why string) {
	if why == pm.suspended {
		return
	}
	pm.suspended = why
	pm.emit(Changed{Names: loadNames()})
}

// whyNoDeal says why this host begins no deal now; the zero Refusal if it may.
func (pm *permits) whyNoDeal() Refusal {
	switch {
	case pm.journal.closed().Is():
		return pm.journal.closed()
	case !pm.load.known():
		return Refusal{CodeLoad, "the host's load is not known" + because(pm.load.lookErr)}
	}
	return Refusal{}
}

// whyNoModel says why this host begins no deal of a model now; the zero Refusal if it
// may.
func (pm *permits) whyNoModel() Refusal {
	switch why := pm.whyNoDeal(); {
	case why.Is():
		return why
	case pm.settings.whyPaused().Is():
		return pm.settings.whyPaused()
	case pm.closed.Is:
		return whyClosed(pm.closed)
	}
	if pm.suspended == "" {
		return Refusal{}
	}
	return Refusal{CodeSuspended, pm.suspended}
}

// whyIdle says why models begin no deal, for status reports.
func (pm *permits) whyIdle() Refusal {
	switch why := pm.whyNoDeal(); {
	case why.Is():
		return why
	case pm.settings.Drained:
		return drained
	}
	return pm.whyNoModel()
}
