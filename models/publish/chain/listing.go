package chain

import (
	"fmt"
	"slices"

	"parley/models/publish/bundle"
)

// listing is the roster in force; it also decides whose halts of a policy count.
type listing struct {
	bundle.Roster
	ref     bundle.Ref
	bad     bundle.Digest // of a roster that was refused
	triers  triers
	quietly bool // it was in force before this process
}

// nameOf returns the name of a host for people.
func (l *listing) nameOf(id string) string {
	if h, ok := l.Find(id); ok {
		return h.Name
	}
	return plain(id)
}

// lost reports whether the roster was lost on disk.
func (l *listing) lost() bool { return l.ref == bundle.Ref{} }

// stageOf returns the stage in which a host may try a policy, from 0; -1: its halts do
// not count.
func (l *listing) stageOf(w wanted, id string) int {
	switch {
	case len(w.policy.Canary) == 0:
		return -1 // no host tries it
	case l.lost():
		return 0 // halts of hosts that were listed once count
	}
	if h, listed := l.Find(id); listed {
		return l.triers.of(l.Roster, l.ref, w).stage(h)
	}
	return -1
}

// standing is a halt that counts, with the stage of its host.
type standing struct {
	bundle.Halt
	stage int
}

// haltsOf returns the halts of a policy that count, one per host. Halts from an earlier
// period of the same policy, which the publisher has ended since, do not count, because
// anybody can replay them.
func (l *listing) haltsOf(w wanted, s *state) (list []standing) {
	for _, h := range s.Halts {
		same := func(o standing) bool { return o.Host == h.Host }
		if h.Digest == w.digest && h.Version >= s.since(w) && !slices.ContainsFunc(list, same) {
			if stage := l.stageOf(w, h.Host); stage >= 0 {
				list = append(list, standing{h, stage})
			}
		}
	}
	return list
}

// haltedEnough reports whether enough hosts have halted a policy for all hosts to stop
// it.
func (l *listing) haltedEnough(w wanted, list []standing) bool {
	switch {
	case len(list) == 0:
		return false
	case l.lost():
		return len(list) >= min(max(1, w.policy.Guard.Hosts), haltsMost)
	}
	halts := make([]int, len(w.policy.Canary))
	for _, h := range list {
		halts[h.stage]++
	}
	return l.triers.of(l.Roster, l.ref, w).halted(halts)
}

// haltedBy says why a policy must not begin, or continue on trial; "": it may.
func (l *listing) haltedBy(w wanted, s *state, self string) string {
	for _, h := range s.Halts {
		if h.Digest == w.digest && h.Host == self {
			return plain(h.Reason)
		}
	}
	list := l.haltsOf(w, s)
	if !l.haltedEnough(w, list) {
		return ""
	}
	var hosts []string
	why := ""
	for _, h := range list {
		hosts, why = append(hosts, l.nameOf(h.Host)), plain(h.Reason)
	}
	return fmt.Sprintf("%s: %s", some(hosts), why)
}

// takesHalt reports whether a halt would change anything and can be kept: a halt of a
// policy that enough hosts have halted changes nothing, and for a release that is not
// here yet only one halt per host is kept.
func (l *listing) takesHalt(h bundle.Halt, i int, of *head, s *state) bool {
	if i >= 0 {
		w := of.wanted[i]
		return h.Version >= s.since(w) && !l.haltedEnough(w, l.haltsOf(w, s)) && len(s.Halts) < haltsMost
	}
	early := 0
	for _, o := range s.Halts {
		if of.wants(o) < 0 {
			if early++; o.Host == h.Host {
				return false
			}
		}
	}
	return early < earlyMost && len(s.Halts) < haltsMost
}

// take puts a roster in force, and notifies the driver.
func (l *listing) take(ref bundle.Ref, data []byte, t *turn, self string) {
	next, err := bundle.DecodeRoster(data)
	if err != nil {
		return // it was decoded before it was kept
	}
	last := l.Roster
	l.Roster, l.ref = next, ref
	t.emit(Roster{next})
	if l.quietly {
		l.quietly = false
		return
	}
	t.emit(Note{NoteRoster, rosterText(last, next, self)})
}

// rosterText describes the added and removed hosts.
func rosterText(last, next bundle.Roster, self string) string {
	came, went := newcomers(last, next), newcomers(next, last)
	text := fmt.Sprintf("the roster has %d hosts", len(next.Hosts))
	if len(came) > 0 {
		text += "; new: " + some(came)
	}
	if len(went) > 0 {
		text += "; gone: " + some(went)
	}
	if _, ok := next.Find(self); !ok {
		text += "; this host is not in the roster"
	}
	return text
}

// newcomers returns the names of hosts that an earlier roster does not have.
func newcomers(last, next bundle.Roster) (names []string) {
	for _, h := range next.Hosts {
		if _, ok := last.Find(h.ID); !ok {
			names = append(names, h.Name)
		}
	}
	slices.Sort(names)
	return names
}
