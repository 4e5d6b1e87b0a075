package sim

import (
	"errors"
	"math"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
)

// Migration models libvirt's pre-copy migration. It sends all of a guest's memory, then
// what the guest has written meanwhile, and so on until the rest can be sent within the
// allowed downtime, during which the guest pauses. If the guest writes too fast, the
// migration does not converge and is aborted at the deadline of its deal. A guest's
// write rate grows with its CPU use; a round has at most its working set to send.
// (Clark and others, "Live Migration of Virtual Machines", NSDI 2005.)
type Migration struct {
	// Rate is the most that one migration sends, in bytes per second; default: the
	// capacity of the hosts' links. All migrations to and from a host share its link
	// evenly.
	Rate float64
	// Unshared gives each migration Rate, however many there are.
	Unshared bool
	// Downtime is the allowed downtime; default 300 ms (libvirt's), or the deal's.
	// Pause is the part of the downtime that is not for sending; default 50 ms.
	Downtime, Pause time.Duration
	// SourceCost is the share of its CPU that a guest loses during its migration,
	// TargetCost the share of its CPU that the target spends; both default to 0.1
	// (CloudSim).
	SourceCost, TargetCost float64
}

func (m Migration) withDefaults() (Migration, error) {
	if m.Rate < 0 || m.Downtime < 0 || m.Pause < 0 || m.SourceCost < 0 || m.SourceCost > 1 || m.TargetCost < 0 || m.TargetCost > 1 {
		return m, errors.New("sim: migration: rate and times are positive, the costs are shares from 0 to 1")
	}
	if m.Unshared && m.Rate == 0 {
		return m, errors.New("sim: migration: unshared migrations need a rate")
	}
	if m.Downtime == 0 {
		m.Downtime = 300 * time.Millisecond
	}
	if m.Pause == 0 {
		m.Pause = 50 * time.Millisecond
	}
	if m.SourceCost == 0 {
		m.SourceCost = 0.1
	}
	if m.TargetCost == 0 {
		m.TargetCost = 0.1
	}
	return m, nil
}

// migrations moves guests between hosts, in deals and by hand.
type migrations struct {
	*scene
	account   *account
	chronicle *chronicle
	checks    *checks
	agents    migrationAgents
	failures  failures
	followed  *followed
}

// migrationAgents is what migrations needs of the agents and of the schedule.
type migrationAgents interface {
	stepHost(h *siteHost, ev hostagent.Event) error
	laterHost(h *siteHost, after time.Duration, ev func() hostagent.Event)
	carryOut(h *siteHost, effects []node.Effect) error
	look(h *siteHost) error
	changed(h *siteHost)
	noticed(g *siteGuest, is string)
}

// move is a migration in flight.
type move struct {
	guest    *siteGuest
	from, to *siteHost
	deal     hostagent.DealID
	want     hostagent.Migration
	began    lcc.Instant

	round   lcc.Instant // begin of the present round
	size    float64     // bytes to send in this round
	left    float64     // bytes that remained to be sent at the instant at
	rate    float64     // bytes per second since at
	at      lcc.Instant // instant of the last change of rate
	plan    int         // number of the latest plan of the round's end; earlier plans are void
	sent    float64     // bytes in the rounds before
	settled bool        // this is the last round: the guest pauses

	hand       bool   // it has no deal
	stalls     bool   // it does not converge
	misreports string // error that the call returns although the guest moves; "": the true result
	reported   bool   // the call has returned
}

// startMove begins a deal's migration, if the target's agent admits it.
func (s *migrations) startMove(h *siteHost, e hostagent.StartMove) error {
	target := s.byName[lcc.PeerID(e.Move.Endpoint)]
	guest := s.named[e.Move.Guest]
	fail := func(why string) {
		s.agents.laterHost(h, s.o.Network.Latency, func() hostagent.Event { return hostagent.Moved{Deal: e.Deal, Err: why} })
	}
	switch {
	case guest == nil || guest.at != h || guest.move != nil || h.down:
		fail("the guest is not here, or is being moved")
		return nil
	case target == nil || target.node == nil || target.reach.island != h.reach.island:
		fail("the target cannot be reached")
		return nil
	}
	s.followed.watch.migrates(s.since(), guest.Name, h.Name, target.Name)
	failing := s.failures.of(guest.Name, h.Name, target.Name, s.since())
	if failing != nil && failing.How == "refuses" {
		s.chronicle.record(h, "kept", guest.Name, failing.text())
		fail(failing.text())
		return nil
	}
	why, err := s.admit(guest, target, e.Move)
	if err != nil {
		return err
	}
	if why.Is() {
		fail(why.Detail)
		return nil
	}
	if err := firstError(s.checks.checkAdmitted(target, guest), s.checks.checkTaken(target, guest)); err != nil {
		return err
	}
	if err := s.beginMove(guest, target, e); err != nil || failing == nil {
		return err
	}
	s.beginFailing(guest.move, failing)
	return nil
}

// beginMove begins a migration that the target has admitted.
func (s *migrations) beginMove(guest *siteGuest, target *siteHost, e hostagent.StartMove) error {
	h := guest.at
	s.account.count(h)
	s.account.count(target)
	wait := target.wake(s.now, s.o.Power) + guest.prepares() // before the guest counts as arriving
	m := &move{guest: guest, from: h, to: target, deal: e.Deal, want: e.Move, began: s.now}
	guest.move = m
	target.coming = insert(target.coming, guest)
	s.account.recount(h)
	s.account.recount(target)
	s.chronicle.record(h, "migrate", guest.Name, "to "+target.Name+" begins")
	s.agents.noticed(guest, "migrating")
	incarnation := h.agent.incarnation
	s.plan(e.Deadline, func() error {
		if guest.move == m && h.agent.incarnation == incarnation {
			s.cancel(m, "the migration passed its deadline")
		}
		return nil
	})
	if wait > 0 {
		s.plan(wait, func() error {
			if guest.move == m {
				s.beginRounds(m)
			}
			return nil
		})
	} else {
		s.beginRounds(m)
	}
	return s.checks.checkRoom(target)
}

// admit asks the target's agent whether it admits the guest.
func (s *migrations) admit(guest *siteGuest, target *siteHost, m hostagent.Migration) (why hostagent.Refusal, err error) {
	asked := hostagent.AdmissionAsked{
		ID: 1, Guest: m.Guest, Deal: m.Deal, Kind: guest.Kind, Token: m.Token, Need: guest.Declared, Rules: guest.Rules,
	}
	effects, err := target.node.StepHost(s.clockNow(target), asked)
	if err != nil {
		return why, err
	}
	defer s.followed.watch.over(s.followed.watch.met(s.scene, target, asked, effects))
	var rest []node.Effect
	for _, effect := range effects {
		if admit, is := effect.Host.(hostagent.Admit); is {
			why = admit.Why
			continue
		}
		rest = append(rest, effect)
	}
	return why, s.agents.carryOut(target, rest)
}

func (s *migrations) beginRounds(m *move) {
	m.size = m.guest.first()
	m.round, m.at, m.left = s.now, s.now, m.size
	m.from.flows, m.to.flows = append(m.from.flows, m), append(m.to.flows, m)
	s.share(m.from, m.to)
}

// share divides the links of hosts again, after migrations began or ended.
func (s *migrations) share(hosts ...*siteHost) {
	for _, h := range hosts {
		for _, m := range h.flows {
			s.pace(m)
		}
	}
}

// pace updates what a migration has sent and, at its present rate, plans the end of its
// round.
func (s *migrations) pace(m *move) {
	rate := s.o.Migration.Rate
	if !s.o.Migration.Unshared {
		fair := min(m.from.Link/float64(len(m.from.flows)), m.to.Link/float64(len(m.to.flows)))
		if rate == 0 || fair < rate {
			rate = fair
		}
		if limit := float64(m.want.BandwidthMax); limit > 0 && limit < rate {
			rate = limit
		}
	}
	if rate == m.rate && m.plan > 0 {
		return
	}
	if m.plan > 0 {
		m.left = max(0, m.left-m.rate*time.Duration(s.now-m.at).Seconds())
	}
	m.rate, m.at = rate, s.now
	s.planRound(m)
}

func (s *migrations) planRound(m *move) {
	m.plan++
	plan := m.plan
	s.plan(seconds(m.left/m.rate), func() error {
		if m.guest.move != m || m.plan != plan {
			return nil
		}
		return s.endRound(m)
	})
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// endRound ends a round: another one follows, or the last one with the guest paused, or
// the guest has moved.
func (s *migrations) endRound(m *move) error {
	if m.settled {
		return s.arrive(m)
	}
	if m.guest.Kind.Known() != hostagent.VM {
		s.endFirst(m)
		return nil
	}
	g := m.guest
	took := time.Duration(s.now - m.round).Seconds()
	m.sent += m.size
	wants, _ := g.wants(s.since())
	use := wants / g.Declared.CPU
	written := min(g.WorkingSet, g.DirtyRate*min(1, use)*took)
	if m.stalls {
		written = max(written, 2*m.rate) // two seconds' worth exceeds any allowed downtime
	}
	allowed := s.o.Migration.Downtime
	if m.want.DowntimeMax > 0 {
		allowed = m.want.DowntimeMax
	}
	m.round, m.at, m.size, m.left = s.now, s.now, written, written
	if written/m.rate <= allowed.Seconds() {
		m.settled = true
		m.sent += written
		m.left = written + s.o.Migration.Pause.Seconds()*m.rate
	}
	s.planRound(m)
	return nil
}

// arrive switches a guest to its target.
func (s *migrations) arrive(m *move) error {
	g, from, to := m.guest, m.from, m.to
	s.account.count(from)
	s.account.count(to)
	s.unlink(m)
	took := time.Duration(s.now - m.began)
	done := Move{
		At: s.since(), Guest: g.Name, Kind: g.Kind, From: from.Name, To: to.Name, Took: took,
		Downtime: time.Duration(s.now - m.round), Bytes: int64(math.Round(m.sent)),
	}
	if s.account.moved(g, done) {
		s.chronicle.countEntry(Entry{At: done.At, Host: to.Name, Kind: "ping-pong", Guest: g.Name, Text: "back on " + to.Name})
	}
	from.here, to.coming = remove(from.here, g), remove(to.coming, g)
	to.here, from.behind = insert(to.here, g), insert(from.behind, g)
	g.at, g.move, g.deal = to, nil, ""
	g.trail.movedAt, g.cpu.time, g.cpu.waited, g.strange = m.want.MovedAt, 0, 0, strange{}
	s.account.recount(from)
	s.account.recount(to)
	s.last = s.now
	s.chronicle.record(from, "moved", g.Name, "to "+to.Name)
	s.plan(overlap, func() error {
		from.behind = remove(from.behind, g)
		return nil
	})
	s.agents.noticed(g, "moved")
	s.sendBack(g)
	if m.hand {
		s.arrivedByHand(m)
		return s.checks.checkRoom(to)
	}
	incarnation := from.agent.incarnation
	s.plan(overlap+time.Millisecond, func() error {
		if from.agent.incarnation != incarnation || m.reported {
			return nil
		}
		return s.agents.stepHost(from, s.report(m, hostagent.Migrated{Total: took, Downtime: done.Downtime, Bytes: done.Bytes}))
	})
	return s.checks.checkRoom(to)
}

// abort stops a migration from a host, if the guest has not switched.
func (s *migrations) abort(h *siteHost, guest hostagent.GuestID) {
	if g := s.named[guest]; g != nil && g.at == h && g.move != nil {
		s.cancel(g.move, "the migration was aborted")
	}
}

// cancel ends a migration; its guest stays where it is.
func (s *migrations) cancel(m *move, why string) {
	s.account.count(m.from)
	s.account.count(m.to)
	s.unlink(m)
	m.guest.move = nil
	m.to.coming = remove(m.to.coming, m.guest)
	s.account.recount(m.from)
	s.account.recount(m.to)
	s.last = s.now
	s.chronicle.record(m.from, "kept", m.guest.Name, why)
	s.agents.noticed(m.guest, "kept")
	switch {
	case m.hand:
		s.agents.changed(m.from)
		s.agents.changed(m.to)
	case !m.reported:
		m.reported = true
		s.agents.laterHost(m.from, time.Millisecond, func() hostagent.Event { return hostagent.Moved{Deal: m.deal, Err: why} })
	}
}

// moving lists the migrations to and from a host, including those that wait for it to
// boot.
func (h *siteHost) moving() (list []*move) {
	for _, g := range h.here {
		if g.move != nil {
			list = append(list, g.move)
		}
	}
	for _, g := range h.coming {
		list = append(list, g.move)
	}
	return list
}

// unlink releases the links that a migration used.
func (s *migrations) unlink(m *move) {
	isIt := func(other *move) bool { return other == m }
	m.from.flows = slices.DeleteFunc(m.from.flows, isIt)
	m.to.flows = slices.DeleteFunc(m.to.flows, isIt)
	s.share(m.from, m.to)
}
