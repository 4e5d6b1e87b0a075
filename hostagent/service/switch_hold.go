package service

import (
	"time"

	"parley/hostagent"
	"parley/peer"
)

// holds begins or ends the suspension of a publisher's policies. Another owner's models
// are left; the home publisher's stay, but begin no deal.
func (w *switcher) holds(ev holding) error {
	if ev.why == "" {
		delete(w.publishers.held, ev.publisher)
	} else {
		w.publishers.held[ev.publisher] = ev.why
	}
	if ev.publisher != w.publishers.acceptance().names[0] {
		return w.beginSwitch(w.union(), func(error) {})
	}
	return w.hold()
}

// hold tells the host whether a deal may be begun.
func (w *switcher) hold() error {
	why := ""
	switch {
	case w.publishers.heldHome() != "":
		why = w.publishers.heldHome()
	case w.switching != nil:
		why = "another policy is being put in force"
	}
	return w.host.step(hostagent.Suspended{Why: why})
}

// setOutsiders limits the hosts of other owners to the models that this host accepts
// from them.
func (w *switcher) setOutsiders() error {
	return w.host.step(peer.Outsiders{List: w.publishers.outsiders(w.names.members(), w.policy.enacted)})
}

// diedOf records the error of a Step, with what publishers have in force.
func (w *switcher) diedOf(err error) {
	policies := w.policy.enacted
	if w.switching != nil {
		policies = w.switching.target
	}
	if !w.publishers.following() {
		policies = nil // they are the operator's own: see quarantine
	}
	w.safe.died(err, labelsDigest(w.names.members()), policiesDigest(policies), time.Now())
}
