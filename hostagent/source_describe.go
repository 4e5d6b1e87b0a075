package hostagent

// This file handles the exchange before an offer. The target does not rely on what a
// model says about a guest: it asks the source, whose platform shows the guest, what
// the guest needs and where it may go.

// describe answers a target with the guest's description, or with why the guest may not
// go there. The source keeps no state: it is checked again when it commits.
func (s *sources) describe(from HostID, p payload) {
	t := s.load.guests[p.Guest]
	why := s.permits.whyNoModel()
	switch {
	case why.Is():
	case t == nil:
		why = Refusal{CodeAbsent, "the guest is not on this host"}
	case s.book.count(SourceSide) >= s.config.MovesOut:
		why = refusal(CodeMovesOut, "the limit of guests on their way out is reached: %d", s.book.count(SourceSide))
	case s.past.whyNotThere(p.Guest, from, false).Is():
		why = s.past.whyNotThere(p.Guest, from, false).in("this host avoids the host that asks: ")
	default:
		if why = natureOf(t.guest).lacksKind(p.Kinds); !why.Is() {
			why = s.eligible.whyNotMove(t)
		}
	}
	if !why.Is() {
		why = fitsLabels(s.load.rules(t), p.Labels)
	}
	if !why.Is() {
		why = s.eligible.forbiddenAt(p.Guest, from)
	}
	if !why.Is() {
		why = s.whyNotBack(p.Guest, p.Seconds)
	}
	if why.Is() {
		s.wire.send(from, refuseOf(p.Deal, why))
		return
	}
	s.wire.send(from, s.description(kindDescribe, p.Deal, t))
}

// description returns what a target needs to know about a guest of this host.
func (s *sources) description(kind string, deal DealID, t *tracked) payload {
	need, about := s.load.need(t), natureOf(t.guest)
	return payload{
		Kind: kind, Deal: deal, Guest: t.guest.ID, Name: t.guest.Name,
		CPU: need.CPU, Memory: need.MemoryBytes, Processors: t.guest.Declared.CPU, Rules: about.requiring(s.load.rules(t)),
		Load:     s.load.shareOf(s.recommended.used()),
		Draining: s.permits.settings.Drained, Price: s.load.told(t), Networks: t.guest.Networks,
		Files: filesToAsk(t.guest.Files), Nature: about,
	}
}
