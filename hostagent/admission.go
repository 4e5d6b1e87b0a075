package hostagent

import (
	"errors"
	"fmt"
	"math"

	"parley/lcc"
)

// This file is the admission check: whether a migration may begin at this host. Leases
// and journals do not replace it: without it, a source whose reservation has expired,
// or whose commit came twice, over-commits the target (docs/model).

// arrivalSlack is how much more memory than reserved an arriving guest may have: sizes
// are rounded to MiB in transit.
const arrivalSlack = mebibyte

// Validate returns what is wrong with a hypervisor's request, which is untrusted input.
func (ev AdmissionAsked) Validate() error {
	if !isName(string(ev.Guest)) {
		return errors.New("the guest has no id, or one of more than 256 bytes")
	}
	if err := ev.Need.Validate(); err != nil {
		return fmt.Errorf("the guest's need: %w", err)
	}
	if err := ev.Rules.Validate(); err != nil {
		return fmt.Errorf("the guest's rules: %w", err)
	}
	return nil
}

// admissionAsked admits only guests that an armed reservation covers, one guest per
// reservation.
func (tg *targets) admissionAsked(ev AdmissionAsked) {
	tg.emit(Admit{ID: ev.ID, Why: tg.whyNotAdmitted(ev)})
}

func (tg *targets) whyNotAdmitted(ev AdmissionAsked) Refusal {
	d := tg.book.dealOf(ev.Guest)
	switch {
	case ev.Validate() != nil:
		return Refusal{CodeBadQuestion, "the request is malformed: " + ev.Validate().Error()}
	case d == nil:
		return tg.admitForeign(ev)
	case d.side != TargetSide:
		return Refusal{CodeLeaving, "this host is moving the guest away"}
	case d.state != Armed || !d.durable:
		return Refusal{CodeNotArmed, "the deal is " + string(d.state) + ", not armed"}
	case ev.Deal != d.id || ev.Token != d.token:
		return Refusal{CodeToken, "the migration names another deal or token"}
	case d.tgt.admitted || d.tgt.over.Is():
		return Refusal{CodeUsed, "the deal was used already"}
	}
	return tg.admit(d, ev)
}

// admit admits the guest of an armed deal if it is as declared and there is still room
// for it. Otherwise it ends the deal and tells the source why: the source's platform
// reports only that the guest was refused.
func (tg *targets) admit(d *deal, ev AdmissionAsked) Refusal {
	why := whyNotAsDeclared(d, ev.Kind, ev.Need)
	if why.Is() {
		tg.conduct.chargeUnused(d)
	} else {
		why = tg.whyNotNow(d, ev)
	}
	if why.Is() {
		tg.endAndRefuse(d, why)
		return why
	}
	d.tgt.admitted, d.tgt.unseen = true, tg.now
	return Refusal{}
}

// whyNotAsDeclared says how an arriving guest exceeds its reservation; the zero Refusal
// if it does not.
func whyNotAsDeclared(d *deal, kind Kind, need Resources) Refusal {
	processors := d.about.processors
	if processors == 0 {
		processors = max(1, math.Ceil(d.need.CPU)) // the source did not declare it
	}
	switch {
	case kind.Known() != d.kind():
		return refusal(CodeKind, "what arrives is a %s, and the deal is about a %s", kind.Words(), d.kind().Words())
	case need.DiskBytes > d.need.DiskBytes+arrivalSlack:
		return refusal(CodeLarger, "the guest that arrives has volumes of %d MiB, and %d are reserved for them",
			need.DiskBytes/mebibyte, d.need.DiskBytes/mebibyte)
	case need.MemoryBytes > d.need.MemoryBytes+arrivalSlack:
		return refusal(CodeLarger, "the guest that arrives may take %d MiB of memory, and %d are reserved for it",
			need.MemoryBytes/mebibyte, d.need.MemoryBytes/mebibyte)
	case need.CPU > processors:
		return refusal(CodeLarger, "the guest that arrives has %g processors, and its source has declared %g", need.CPU, processors)
	}
	return Refusal{}
}

// whyNotNow checks what may have changed between offer and arrival: other guests may
// have started here, and rules may have changed.
func (tg *targets) whyNotNow(d *deal, ev AdmissionAsked) Refusal {
	switch {
	case tg.load.blind("").Is():
		return tg.load.blind("")
	case !tg.room.fits(Resources{}): // its reservation is counted already
		return Refusal{CodeNoRoom, "there is no longer room for it beside what runs here and what is reserved"}
	case d.need.DiskBytes > 0 && tg.room.taken(false).DiskBytes > tg.load.platform.Capacity.DiskBytes:
		return Refusal{CodeNoDisk, "there is no longer disk room for its volumes beside what is here and what is reserved"}
	}
	return tg.room.forbids(d, payload{Rules: d.rules.with(ev.Rules), Draining: d.tgt.apart, Nature: d.about.nature})
}

// undealt is a guest admitted without a deal. Its room is taken from admission on,
// before the platform shows the guest.
type undealt struct {
	need  Resources
	until lcc.Instant
}

// admitForeign decides about a migration that no deal of this host covers, such as a
// manual one; the zero Refusal admits it.
func (tg *targets) admitForeign(ev AdmissionAsked) Refusal {
	switch {
	case !tg.config.Moves.Foreign:
		return Refusal{CodeNoDeal, "no deal covers this migration"}
	case tg.permits.settings.Drained:
		return drained
	case tg.load.blind("").Is():
		return tg.load.blind("")
	case tg.load.guests[ev.Guest] != nil || tg.room.undealt[ev.Guest].until > tg.now:
		return Refusal{CodePresent, "the guest is on this host, or on its way here, already"}
	case tg.room.loadedWith(ev.Need).MemoryBytes > tg.load.platform.Capacity.MemoryBytes:
		return Refusal{CodeNoRoom, "there is no memory for it beside what runs here and what is reserved"}
	case ev.Need.CPU > tg.load.platform.Capacity.CPU:
		return refusal(CodeNoRoom, "it has %g processors, more than this host's %g", ev.Need.CPU, tg.load.platform.Capacity.CPU)
	case !tg.room.fits(Resources{}):
		// The guest's CPU use is unknown, and processors can be shared; but this host's
		// processors are taken.
		return Refusal{CodeNoRoom, "the processors are taken by what runs here and what is held"}
	}
	if why := tg.room.diskFits(ev.Need.DiskBytes); why.Is() {
		return why
	}
	about := nature{Kind: ev.Kind, Disk: ev.Need.DiskBytes}
	if why := tg.room.forbids(&deal{guest: ev.Guest}, payload{Rules: ev.Rules, Draining: true, Nature: about}); why.Is() {
		return why
	}
	tg.room.undealt[ev.Guest] = undealt{ev.Need, tg.after(tg.config.ArmedTTL)}
	tg.emit(Changed{Names: loadNames()})
	return Refusal{}
}

// expireUndealt drops the entries of guests that arrived or whose time is over.
func (rm *room) expireUndealt() {
	for guest, l := range rm.undealt {
		if rm.load.guests[guest] != nil || l.until <= rm.now {
			delete(rm.undealt, guest)
		}
	}
}
