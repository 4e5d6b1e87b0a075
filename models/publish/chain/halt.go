package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

const (
	haltsMost = 256
	earlyMost = 64 // of releases that this host does not have yet
	// haltsEvery is the interval at which a host repeats its halt during the trial,
	// because gossip reaches only connected hosts.
	haltsEvery = 10 * time.Minute
)

// halted handles another host's halt of a policy on trial.
func (f *Follower) halted(from string, h bundle.Halt) {
	if h.Publisher != f.state.Anchor.Publisher {
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.OtherPublisher, "a halt of a policy of %s", plain(h.Publisher)))
		return
	}
	i := f.head.wants(h)
	known := slices.ContainsFunc(f.state.Halts, func(o bundle.Halt) bool { return o.Host == h.Host && o.Digest == h.Digest })
	if known || i < 0 && h.Version <= f.state.Anchor.Version || !f.roster.takesHalt(h, i, &f.head, &f.state) {
		return
	}
	if err := h.Check(f.o.Verify); err != nil {
		f.refusals.add(from, h.Version, err)
		f.turn.blame(from, bundle.CodeOf(err))
		return
	}
	if _, listed := f.roster.Find(h.Host); !listed {
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.NotListed, "a halt of policy %s by %s, which is not in the roster", h.Policy,
			plain(h.Host)))
		return
	}
	if i >= 0 && f.roster.stageOf(f.head.wanted[i], h.Host) < 0 {
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.NotTrying,
			"a halt of policy %s by %s, which is in no stage of it by the labels of the roster", h.Policy, f.roster.nameOf(h.Host)))
		return
	}
	f.state.Halts = append(slices.Clone(f.state.Halts), h)
	f.keep.change()
}

// spreadHalts publishes this host's own halts.
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

// dropHalts drops the halts of policies that the head no longer has.
func (s *state) dropHalts(of *head) {
	s.Halts = slices.DeleteFunc(slices.Clone(s.Halts), func(h bundle.Halt) bool {
		return of.wants(h) < 0 && h.Version <= of.Version
	})
}
