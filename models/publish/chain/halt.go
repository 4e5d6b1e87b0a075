package chain

import (
	"fmt"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

const (
	haltsMost = 256
	earlyMost = 64 // of releases that this host does not have yet
	// haltsEvery is how often a host says again that it found a policy bad, as long as
	// the trial goes on: gossip reaches only those who are there.
	haltsEvery = 10 * time.Minute
)

// halted takes in what another host says of a policy on trial.
func (f *Follower) halted(from string, h bundle.Halt) {
	if h.Publisher != f.state.Anchor.Publisher {
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.OtherPublisher, "a halt of a policy of %s", plain(h.Publisher)))
		return
	}
	i := f.head.wants(h)
	known := slices.ContainsFunc(f.state.Halts, func(o bundle.Halt) bool { return o.Host == h.Host && o.Digest == h.Digest })
	if known || i < 0 && h.Version <= f.state.Anchor.Version || !f.takesHalt(i, h) {
		return
	}
	if err := h.Check(f.o.Verify); err != nil {
		f.refusals.add(from, h.Version, err)
		f.turn.blame(from, bundle.CodeOf(err))
		return
	}
	if _, listed := f.roster.Find(h.Host); !listed {
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.NotListed, "a halt of policy %s by %s, which is not in the roster", h.Policy, plain(h.Host)))
		return
	}
	if i >= 0 && f.mayHalt(f.head.wanted[i], h.Host) < 0 {
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.NotTrying, "a halt of policy %s by %s, which is in no stage of it by the labels of the roster", h.Policy, f.nameOf(h.Host)))
		return
	}
	f.state.Halts = append(slices.Clone(f.state.Halts), h)
	f.keep.change()
}

// takesHalt says whether a halt would change anything, and can be kept: for a policy
// that enough hosts have halted it cannot, and of a release that is not here yet each
// host may say one thing.
func (f *Follower) takesHalt(i int, h bundle.Halt) bool {
	if i >= 0 {
		w := f.head.wanted[i]
		return h.Version >= f.state.since(w) && !f.haltedEnough(w) && len(f.state.Halts) < haltsMost
	}
	early := 0
	for _, o := range f.state.Halts {
		if f.head.wants(o) < 0 {
			if early++; o.Host == h.Host {
				return false
			}
		}
	}
	return early < earlyMost && len(f.state.Halts) < haltsMost
}

// haltsOf returns the halts of a policy that count, one of each host. Those of an earlier
// time in which the publisher had the same policy, and ended it, do not: anybody can send
// them again.
func (f *Follower) haltsOf(w wanted) (list []bundle.Halt) {
	for _, h := range f.state.Halts {
		same := func(o bundle.Halt) bool { return o.Host == h.Host }
		if h.Digest == w.digest && h.Version >= f.state.since(w) && !slices.ContainsFunc(list, same) && f.mayHalt(w, h.Host) >= 0 {
			list = append(list, h)
		}
	}
	return list
}

// mayHalt is the stage in which a host may try a policy, from 0; -1: its halts of it do
// not count.
func (f *Follower) mayHalt(w wanted, id string) int {
	switch {
	case len(w.policy.Canary) == 0:
		return -1 // nobody tries it
	case f.rosterLost():
		return 0 // those count that were listed once
	}
	if h, listed := f.roster.Find(id); listed {
		return f.triers.of(f.roster, f.rosterRef, w).stage(h)
	}
	return -1
}

// rosterLost says that the roster was lost on disk.
func (f *Follower) rosterLost() bool { return f.rosterRef == bundle.Ref{} }

// haltedEnough says whether so many hosts have halted a policy that the others take heed.
func (f *Follower) haltedEnough(w wanted) bool {
	list := f.haltsOf(w)
	switch {
	case len(list) == 0:
		return false
	case f.rosterLost():
		return len(list) >= min(max(1, w.policy.Guard.Hosts), haltsMost)
	}
	halts := make([]int, len(w.policy.Canary))
	for _, h := range list {
		halts[f.mayHalt(w, h.Host)]++
	}
	return f.triers.of(f.roster, f.rosterRef, w).halted(halts)
}

// haltedBy says why a policy is not begun, or not gone on with on trial; "": it is.
func (f *Follower) haltedBy(w wanted) string {
	for _, h := range f.state.Halts {
		if h.Digest == w.digest && h.Host == f.o.Self {
			return plain(h.Reason)
		}
	}
	if !f.haltedEnough(w) {
		return ""
	}
	var hosts []string
	why := ""
	for _, h := range f.haltsOf(w) {
		hosts, why = append(hosts, f.nameOf(h.Host)), plain(h.Reason)
	}
	return fmt.Sprintf("%s: %s", some(hosts), why)
}

// nameOf returns what people call a host.
func (f *Follower) nameOf(id string) string {
	if h, ok := f.roster.Find(id); ok {
		return h.Name
	}
	return plain(id)
}

// dropHalts forgets those of policies that the head no longer has.
func (f *Follower) dropHalts() {
	f.state.Halts = slices.DeleteFunc(slices.Clone(f.state.Halts), func(h bundle.Halt) bool {
		return f.head.wants(h) < 0 && h.Version <= f.head.Version
	})
}

// spreadHalts tells the others what this host found bad.
func (f *Follower) spreadHalts() {
	var own []bundle.Halt
	for _, h := range f.state.Halts {
		if i := f.head.wants(h); h.Host == f.o.Self && i >= 0 && f.state.trialEnd(f.head.wanted[i], f.turn.now).After(f.turn.now) {
			own = append(own, h)
		}
	}
	if len(own) == 0 || f.turn.wait(f.haltsAt) {
		return
	}
	f.haltsAt = f.turn.now.Add(f.turn.jitter(haltsEvery))
	f.turn.wait(f.haltsAt)
	for i := range own {
		f.turn.emit(Spread{bundle.Notice{Halt: &own[i]}})
	}
}
