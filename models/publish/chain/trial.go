package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// bucket puts a host at a place from 0 up to 1 that is its own for each policy, so
// that not always the same hosts are the first to try.
func bucket(host string, policy bundle.Digest) float64 {
	sum := sha256.Sum256(append([]byte("parley stage 1\n"+host+"\n"), policy[:]...))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

// trialTime is how long the stages of a policy take.
func trialTime(p bundle.Policy) (total time.Duration) {
	for _, stage := range p.Canary {
		total += seconds(stage.Seconds)
	}
	return total
}

// turn is when this host begins with a policy: with the first stage that it is in, or
// after all of them.
func (s *state) turn(w wanted, self string, now time.Time) time.Time {
	at := s.seenAt(w, now)
	own := stageOf(self, s.Labels, w.policy, w.digest)
	for i, stage := range w.policy.Canary {
		if i == own {
			break
		}
		at = at.Add(seconds(stage.Seconds))
	}
	return at
}

// stage is the number of the stage that is under way here, from 1; 0: none is.
func (s *state) stage(w wanted, now time.Time) int {
	at := s.seenAt(w, now)
	for i, stage := range w.policy.Canary {
		if at = at.Add(seconds(stage.Seconds)); at.After(now) {
			return i + 1
		}
	}
	return 0
}

func (s *state) trialEnd(w wanted, now time.Time) time.Time {
	return s.seenAt(w, now).Add(trialTime(w.policy))
}

func (s *state) seenAt(w wanted, now time.Time) time.Time {
	for _, known := range s.Seen {
		if known.Policy == w.digest {
			return time.UnixMilli(known.At).UTC()
		}
	}
	return now // its release is being taken
}

// firstSeen notes when each policy of the head was first seen, and in which release; 0:
// the ones before are not known.
func (s *state) firstSeen(policies []wanted, release uint64, now time.Time) {
	var list []seen
	for _, w := range policies {
		since := release
		if s.isSeen(w) {
			since = s.since(w)
		}
		list = append(list, seen{w.digest, s.seenAt(w, now).UnixMilli(), since})
	}
	s.Seen = list
}

func (s *state) isSeen(w wanted) bool {
	return slices.ContainsFunc(s.Seen, func(s seen) bool { return s.Policy == w.digest })
}

// since is the release since which the publisher has a policy without a break; 0: that
// is not known.
func (s *state) since(w wanted) uint64 {
	for _, known := range s.Seen {
		if known.Policy == w.digest {
			return known.Since
		}
	}
	return 0
}

// watch ends the trial of a policy that is active here: for good when its time is
// over, or because it was halted.
func (f *Follower) watch(a active, w wanted) {
	if !a.Trial {
		return
	}
	if why := f.roster.haltedBy(w, &f.state, f.o.Self); why != "" {
		f.keep.note(NotePolicy, "policy %s %s is halted: %s", w.policy.Name, w.digest.Short(), why)
		f.state.goBack(a)
		f.keep.change()
		return
	}
	if f.turn.wait(f.state.trialEnd(w, f.turn.now)) {
		return
	}
	a.Trial, a.Before, a.Measured = false, nil, false
	f.state.put(a)
	f.keep.change()
	f.keep.note(NotePolicy, "policy %s %s has passed its trial", w.policy.Name, w.digest.Short())
}

// clampSeen begins a trial anew that began in the future: the clock was wrong then, and
// the host would wait until it is as late again.
func (s *state) clampSeen(now time.Time) (changed bool) {
	for i := range s.Seen {
		if known := &s.Seen[i]; known.At > now.UnixMilli() {
			known.At, changed = now.UnixMilli(), true
		}
	}
	return changed
}
