package hostagent

// permits says whether this host begins deals at all, whatever the deal: by the journal,
// by the load, by what its operator has set, and by a suspension.
type permits struct {
	*turn
	load      *loads
	journal   *journal
	settings  Settings
	taking    taking // what models were told of the settings (taking.go)
	suspended string // why no deal of a model is begun, beside the settings; "": none is kept back
}

// suspend keeps models still for a while, as when a host goes from one policy to the
// next: what they have begun is finished, and nothing is added to it.
func (pm *permits) suspend(why string) {
	if why == pm.suspended {
		return
	}
	pm.suspended = why
	pm.emit(Changed{Names: loadNames()})
}

// whyNoDeal says why this host begins no deal now; "" when it may.
func (pm *permits) whyNoDeal() string {
	switch {
	case pm.journal.closed() != "":
		return pm.journal.closed()
	case !pm.load.known():
		return "the host's load is not known" + because(pm.load.lookErr)
	}
	return ""
}

// whyNoModel says why this host begins no deal of a model now; "" when it may.
func (pm *permits) whyNoModel() string {
	switch why := pm.whyNoDeal(); {
	case why != "":
		return why
	case pm.settings.Paused:
		return pausedText
	}
	return pm.suspended
}

// whyIdle says why models begin no deal.
func (pm *permits) whyIdle() string {
	switch why := pm.whyNoDeal(); {
	case why != "":
		return why
	case pm.settings.Drained:
		return drainedText
	}
	return pm.whyNoModel()
}
