package chain

import (
	"fmt"
	"slices"
	"time"

	"parley/models/bundle"
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
		f.refuse(from, h.Version, bundle.Refuse(bundle.OtherPublisher, "a halt of a policy of %s", plain(h.Publisher)))
		return
	}
	i := f.wants(h)
	known := slices.ContainsFunc(f.state.Halts, func(o bundle.Halt) bool { return o.Host == h.Host && o.Digest == h.Digest })
	if known || i < 0 && h.Version <= f.state.Anchor.Version || !f.takesHalt(i, h) {
		return
	}
	if err := h.Check(f.o.Verify); err != nil {
		f.refuse(from, h.Version, err)
		f.blame(from, bundle.CodeOf(err))
		return
	}
	if _, listed := f.roster.Find(h.Host); !listed {
		f.refuse(from, h.Version, bundle.Refuse(bundle.NotListed, "a halt of policy %s by %s, which is not in the roster", h.Policy, plain(h.Host)))
		return
	}
	f.state.Halts = append(slices.Clone(f.state.Halts), h)
	f.change()
}

// wants returns which policy of the head a halt is about; -1: none.
func (f *Follower) wants(h bundle.Halt) int {
	return slices.IndexFunc(f.wanted, func(w wanted) bool { return w.digest == h.Digest && w.policy.Name == h.Policy })
}

// takesHalt says whether a halt would change anything, and can be kept: for a policy
// that enough hosts have halted it cannot, and of a release that is not here yet each
// host may say one thing.
func (f *Follower) takesHalt(i int, h bundle.Halt) bool {
	if i >= 0 {
		n, most := f.haltsOf(f.wanted[i])
		return n < most && len(f.state.Halts) < haltsMost
	}
	early := 0
	for _, o := range f.state.Halts {
		if f.wants(o) < 0 {
			if early++; o.Host == h.Host {
				return false
			}
		}
	}
	return early < earlyMost && len(f.state.Halts) < haltsMost
}

// haltsOf returns how many hosts of the roster have halted a policy, and how many
// it takes.
func (f *Follower) haltsOf(w wanted) (n, most int) {
	for _, h := range f.state.Halts {
		_, listed := f.roster.Find(h.Host)
		// Without a roster, which was lost on disk, those count that were listed once.
		if h.Digest == w.digest && (listed || f.rosterRef == bundle.Ref{}) {
			n++
		}
	}
	return n, min(w.policy.Guard.WithDefaults().Hosts, haltsMost)
}

// haltedBy says why a policy is not begun, or not gone on with on trial; "": it is.
func (f *Follower) haltedBy(w wanted) string {
	var hosts []string
	why := ""
	for _, h := range f.state.Halts {
		if h.Digest != w.digest {
			continue
		}
		if h.Host == f.o.Self {
			return plain(h.Reason)
		}
		hosts, why = append(hosts, f.nameOf(h.Host)), plain(h.Reason)
	}
	if n, most := f.haltsOf(w); n < most {
		return ""
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
		return f.wants(h) < 0 && h.Version <= f.head.Version
	})
}

// spreadHalts tells the others what this host found bad.
func (f *Follower) spreadHalts() {
	var own []bundle.Halt
	for _, h := range f.state.Halts {
		if i := f.wants(h); h.Host == f.o.Self && i >= 0 && f.trialEnd(f.wanted[i]).After(f.now) {
			own = append(own, h)
		}
	}
	if len(own) == 0 || f.wait(f.haltsAt) {
		return
	}
	f.haltsAt = f.now.Add(f.jitter(haltsEvery))
	f.wait(f.haltsAt)
	for i := range own {
		f.emit(Spread{bundle.Notice{Halt: &own[i]}})
	}
}
