package hostagent

import (
	"parley/lcc"
)

// This file is the target's end of a deal.

// targets is the target's end of the deals by which guests come here.
type targets struct {
	*turn
	load     *loads
	book     *book
	room     *room
	permits  *permits
	past     *past
	conduct  *conduct
	wire     *wire
	ledger   *ledger
	eligible *eligible
	home     *homecoming

	recommended *recommended
	spared      *spared
}

// reserve reserves room for a guest of another host: reserve(Guest, Need, Source,
// Deal). It is answered once the source has described the guest and the offer is
// journalled.
func (tg *targets) reserve(ev Act, args []lcc.Term) {
	guest, source := GuestID(text(args[0])), HostID(text(args[2]))
	need, ok := resources(args[1], "need")
	if why := tg.whyNoOffer(guest, source, need, ok, false); why.Is() {
		tg.ledger.refuse(ev.ID, why)
		tg.emit(DealChanged{
			Guest: guest, Name: string(guest), Source: source, Target: tg.self,
			Side: TargetSide, State: Refused, Reason: why.Detail, Code: why.Code,
		})
		return
	}
	d := &deal{
		id: DealID(tg.random()), token: tg.random(), side: TargetSide, state: Asking,
		guest: guest, name: string(guest), source: source, target: tg.self, need: need,
		began: tg.now, act: ev.ID, tgt: targetEnd{args: args}, expires: tg.after(tg.config.CommitWait),
	}
	tg.book.deals[d.id] = d
	tg.sayAsk(d)
	tg.emit(Changed{Names: loadNames()})
}

// whyNoOffer says why no room is reserved; the zero Refusal if it may be. Damping and a
// pause apply to models, and to an operator only if its source is doubted
// (operatorDoubted).
func (tg *targets) whyNoOffer(guest GuestID, source HostID, need Resources, read, operator bool) Refusal {
	if operator && tg.conduct.operatorDoubted(source) {
		if tg.config.Recommend {
			return Refusal{CodeUnused, "this host only recommends, and the operator of that one left a reservation unused"}
		}
		if why := tg.conduct.whyNoQuota(source, false); why.Is() {
			return why
		}
		operator = false
	}
	why := tg.permits.whyNoModel()
	if operator {
		why = tg.permits.whyNoDeal()
	}
	if why.Is() {
		return why
	}
	switch {
	case tg.permits.settings.Drained:
		return drained
	case tg.load.blind("").Is():
		return tg.load.blind("")
	case !read || !isName(string(guest)) || !isName(string(source)):
		return Refusal{CodeBadQuestion, "reserve(Guest, Need, Source, Deal) needs a guest's id, need(Cores, MiB) and a peer's id"}
	case source == tg.self:
		return Refusal{CodeSameHost, "a guest does not move to the host that it is on"}
	case tg.conduct.outsiders[source] != "":
		return tg.conduct.whyOutside(source)
	case tg.ledger.needsPerson.wait(guest):
		return personNeeded
	case tg.book.coming(operator) >= tg.config.MovesIn:
		return refusal(CodeMovesIn, "the limit of guests on their way here is reached: %d", tg.book.coming(operator))
	case tg.book.dealOf(guest) != nil && !(operator && tg.book.dealOf(guest).givesWay()):
		return Refusal{CodeInDeal, "the guest is in a deal of this host"}
	case tg.load.guests[guest] != nil:
		return tg.whyHere(guest)
	case !operator && tg.past.foreignMoves.why(guest, tg.now, tg.config).Is():
		return tg.past.foreignMoves.why(guest, tg.now, tg.config)
	case !tg.room.fitsFor(operator, need):
		return noRoom
	case !operator && !tg.recommended.fits(need):
		return Refusal{CodeNoRoom, "there is no room for it beside the guests whose moves here are recommended"}
	case !operator && tg.permits.settings.Home && !tg.room.fits(plus(need, tg.past.drains.need(guest))):
		return Refusal{CodeNoRoom, "the room is kept for the guests that come home after a drain"}
	case tg.room.diskFits(need.DiskBytes).Is():
		return tg.room.diskFits(need.DiskBytes)
	}
	return tg.conduct.whyNoQuota(source, operator)
}

var noRoom = Refusal{CodeNoRoom, "there is no room for it"}

// whyHere says that a guest is on this host and, if it may be the remainder of a
// migration, what to do about it.
func (tg *targets) whyHere(guest GuestID) Refusal {
	t := tg.load.guests[guest]
	if t.guest.State == Running {
		return Refusal{CodePresent, "the guest is on this host"}
	}
	if t.guest.Kind != VM {
		return refusal(CodePresent, "it is %s on this host: a move of it is in flight, or waits for its source to answer", t.guest.State)
	}
	return refusal(CodePresent, "it is %s on this host: a move of it is in flight, or half of one was left; if it runs at its source and "+
		"nothing moves (`virsh domjobinfo %s` there), end the half here with `virsh destroy %[2]s`", t.guest.State, t.guest.Name)
}

// release gives up a reservation that was not committed to.
func (tg *targets) release(ev Act, args []lcc.Term) {
	id, token, ok := dealTerm(args[0])
	d := tg.book.deals[id]
	switch {
	case !ok:
		tg.ledger.refuse(ev.ID, Refusal{CodeBadQuestion, "release(Deal) needs the deal that reserve gave"})
		return
	case d != nil && (d.side != TargetSide || d.token != token):
		tg.ledger.refuse(ev.ID, Refusal{CodeNoDeal, "the deal is not one that this host offered"})
		return
	case d != nil && d.state != Offered && d.state != Asking:
		tg.ledger.refuse(ev.ID, Refusal{CodeCommitted, "the source has committed to the deal: the guest may be on its way"})
		return
	case d != nil:
		tg.ledger.end(d, Refused, Refusal{CodeTakenBack, "the offer was taken back"})
	}
	tg.emit(Answered{ID: ev.ID, Answer: lcc.Answer{Truth: lcc.True}})
}

// committed handles the source's commit: the reservation is armed once that is
// journalled. A duplicate is answered again.
func (tg *targets) committed(from HostID, p payload) {
	d := tg.book.deals[p.Deal]
	if d == nil || d.side != TargetSide || d.source != from || d.token != p.Token || d.guest != p.Guest {
		reason := Refusal{CodeNoDeal, "no reservation covers the deal"}
		if old := tg.book.endedDeal(p.Deal); old != nil && old.source == from {
			reason = refusal(CodeUsed, "the deal has ended here: %s%s", old.state, because(old.reason.Detail))
		}
		tg.wire.send(from, refuseOf(p.Deal, reason))
		return
	}
	if d.state != Offered {
		if d.state == Armed && d.durable && tg.load.platform.Endpoints[d.kind()] != "" {
			tg.sayArmed(d)
		}
		return // its record is not durable yet, no look has succeeded yet, or the guest is here
	}
	if tg.config.Recommend && !d.operator {
		tg.ledger.end(d, Withdrawn, Refusal{CodeRecommend, "this host only recommends: `parley migrate` at the source moves the guest"})
		tg.recommended.comes(d)
		tg.wire.send(d.source, payload{Kind: kindRefuse, Deal: d.id, Reason: "the target only recommends", Code: CodeRecommend, Shown: true})
		return
	}
	if why := tg.whyNotArmed(d, p); why.Is() {
		tg.endAndRefuse(d, why)
		return
	}
	d.name, d.about.processors = p.Name, max(d.about.processors, p.Processors)
	d.need = most(d.need, p.need())
	d.sequel.expected, d.sequel.unrest = tg.recommended.expectHere(p.Sequel.expectation(), d.guest), p.Sequel.before()
	d.expires, d.tgt.unseen = tg.after(tg.config.ArmedTTL), tg.now
	d.next = d.expires
	tg.ledger.advance(d, Armed, func() { tg.sayArmed(d) }, func(why Refusal) { tg.endAndRefuse(d, why) })
}

// whyNotArmed says why a commit is refused. The need in the commit is measured by the
// guest's host; the reservation may be smaller.
func (tg *targets) whyNotArmed(d *deal, p payload) Refusal {
	switch {
	case tg.now >= d.expires:
		return Refusal{CodeExpired, "the reservation has expired"}
	case tg.load.blind("").Is():
		return tg.load.blind("")
	case d.kind() != p.Nature.Kind.Known():
		return refusal(CodeKind, "the guest is a %s, and was described as a %s", p.Nature.Kind.Words(), d.kind().Words())
	case tg.load.platform.Endpoints[d.kind()] == "":
		return Refusal{CodePlatform, "the platform does not say where it is reached"}
	}
	return tg.whyNoMore(p, minus(p.need(), d.need))
}

func (tg *targets) endAndRefuse(d *deal, why Refusal) {
	tg.ledger.end(d, Refused, why)
	tg.wire.send(d.source, refuseOf(d.id, why))
}

func (tg *targets) sayArmed(d *deal) {
	tg.wire.send(d.source, payload{Kind: kindArmed, Deal: d.id, Endpoint: tg.load.platform.Endpoints[d.kind()], Sequel: d.sequel.word()})
}
