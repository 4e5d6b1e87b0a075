package hostagent

import (
	"errors"
	"fmt"
	"math"

	"parley/lcc"
)

// This file is the arrival check: whether a migration may begin at this host.
// Nothing replaces it: without it a source whose hold has expired, or whose
// commitment came twice, over-commits the target in spite of leases and
// journals (docs/model).

// arrivalSlack is how much more memory than is held a guest may arrive with:
// sizes are rounded to MiB on their way.
const arrivalSlack = mebibyte

// Validate says what is wrong with a question of a hypervisor, which comes from
// outside.
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

// admissionAsked lets in only what an armed hold covers, and each hold covers one.
func (tg *targets) admissionAsked(ev AdmissionAsked) {
	why := tg.whyNotAdmitted(ev)
	tg.emit(Admit{ID: ev.ID, OK: !why.Is(), Reason: why.Detail, Code: why.Code})
}

func (tg *targets) whyNotAdmitted(ev AdmissionAsked) Refusal {
	d := tg.book.dealOf(ev.Guest)
	switch {
	case ev.Validate() != nil:
		return Refusal{CodeBadQuestion, "the question makes no sense: " + ev.Validate().Error()}
	case d == nil:
		return tg.admitForeign(ev)
	case d.side != TargetSide:
		return Refusal{CodeLeaving, "this host is moving the guest away: it is refused"}
	case d.state != Armed || !d.durable:
		return Refusal{CodeNotArmed, "the deal is " + string(d.state) + ", not armed: it is refused"}
	case ev.Deal != d.id || ev.Token != d.token:
		return Refusal{CodeToken, "the migration names another deal or token: it is refused"}
	case d.tgt.admitted || d.tgt.over.Is():
		return Refusal{CodeUsed, "the deal was used already: it is refused"}
	}
	return tg.admit(d, ev)
}

// admit lets in the guest of an armed deal, if it is the one that was declared
// and if there is still room for it. Otherwise the deal is over, and the source
// is told why: its platform says only that the guest was refused.
func (tg *targets) admit(d *deal, ev AdmissionAsked) Refusal {
	why := whyNotAsDeclared(d, ev.Need)
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

// whyNotAsDeclared says in what a guest that arrives is larger than the one that
// room is held for; "" when it is not.
func whyNotAsDeclared(d *deal, need Resources) Refusal {
	processors := d.processors
	if processors == 0 {
		processors = max(1, math.Ceil(d.need.CPU)) // the source has not said
	}
	switch {
	case need.MemoryBytes > d.need.MemoryBytes+arrivalSlack:
		return refusal(CodeLarger, "the guest that arrives may take %d MiB of memory, and %d are held for it: it is refused",
			need.MemoryBytes/mebibyte, d.need.MemoryBytes/mebibyte)
	case need.CPU > processors:
		return refusal(CodeLarger, "the guest that arrives has %g processors, and its source has declared %g: it is refused", need.CPU, processors)
	}
	return Refusal{}
}

// whyNotNow says what has come between an offer and the arrival: other guests
// may have been started here, and rules may have changed.
func (tg *targets) whyNotNow(d *deal, ev AdmissionAsked) Refusal {
	switch {
	case !tg.load.seen:
		return Refusal{CodePlatform, "the platform cannot be seen" + because(tg.load.lookErr)}
	case !tg.room.fits(Resources{}): // what is held for it counts already
		return Refusal{CodeNoRoom, "there is no room for it any more beside what runs here and what is held"}
	}
	return tg.room.forbids(d, payload{Rules: joined(d.rules, ev.Rules), Draining: d.tgt.apart})
}

// joined are rules that keep both of two.
func joined(a, b Rules) Rules {
	return Rules{
		Labels: union(a.Labels, b.Labels), Requires: union(a.Requires, b.Requires),
		Near: union(a.Near, b.Near), Apart: union(a.Apart, b.Apart),
	}
}

// undealt is a guest that comes without a deal: its room is taken from the moment
// that it is let in, though the platform does not show it yet.
type undealt struct {
	need  Resources
	until lcc.Instant
}

// admitForeign decides about a migration that no deal of this host is about, such as
// one by hand; "" lets it in.
func (tg *targets) admitForeign(ev AdmissionAsked) Refusal {
	switch {
	case !tg.config.AdmitForeign:
		return Refusal{CodeNoDeal, "no deal covers this migration: it is refused (move the guest with `parley migrate` at its host, " +
			"or set arrival.foreign to allow at this one)"}
	case tg.permits.settings.Drained:
		return drained
	case !tg.load.seen:
		return Refusal{CodePlatform, "the platform cannot be seen" + because(tg.load.lookErr)}
	case tg.load.guests[ev.Guest] != nil || tg.room.undealt[ev.Guest].until > tg.now:
		return Refusal{CodePresent, "the guest is on this host, or on its way here, already"}
	case tg.room.loadedWith(ev.Need).MemoryBytes > tg.load.platform.Capacity.MemoryBytes:
		return Refusal{CodeNoRoom, "there is no memory for it beside what runs here and what is held"}
	case ev.Need.CPU > tg.load.platform.Capacity.CPU:
		return refusal(CodeNoRoom, "it has %g processors, more than this host's %g", ev.Need.CPU, tg.load.platform.Capacity.CPU)
	case !tg.room.fits(Resources{}):
		// What it will use of its processors is not known, and a processor can
		// be shared; but those of this host are taken.
		return Refusal{CodeNoRoom, "the processors are taken by what runs here and what is held"}
	}
	if why := tg.room.forbids(&deal{guest: ev.Guest}, payload{Rules: ev.Rules, Draining: true}); why.Is() {
		return why
	}
	tg.room.undealt[ev.Guest] = undealt{ev.Need, tg.after(tg.config.ArmedTTL)}
	tg.emit(Changed{Names: loadNames()})
	return Refusal{}
}

// expireUndealt drops what has come, or did not.
func (rm *room) expireUndealt() {
	for guest, l := range rm.undealt {
		if rm.load.guests[guest] != nil || l.until <= rm.now {
			delete(rm.undealt, guest)
		}
	}
}
