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
func (pm *permits) whyNoDeal() Refusal {
	switch {
	case pm.journal.closed().Is():
		return pm.journal.closed()
	case !pm.load.known():
		return Refusal{CodeLoad, "the host's load is not known" + because(pm.load.lookErr)}
	}
	return Refusal{}
}

// whyNoModel says why this host begins no deal of a model now; "" when it may.
func (pm *permits) whyNoModel() Refusal {
	switch why := pm.whyNoDeal(); {
	case why.Is():
		return why
	case pm.settings.Paused:
		return paused
	}
	if pm.suspended == "" {
		return Refusal{}
	}
	return Refusal{CodeSuspended, pm.suspended}
}

// whyIdle says why models begin no deal.
func (pm *permits) whyIdle() Refusal {
	switch why := pm.whyNoDeal(); {
	case why.Is():
		return why
	case pm.settings.Drained:
		return drained
	}
	return pm.whyNoModel()
}
