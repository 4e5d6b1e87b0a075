package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// bucket maps a host to a number in [0, 1) that differs for each policy, so that not
// always the same hosts try first.
func bucket(host string, policy bundle.Digest) float64 {
	sum := sha256.Sum256(append([]byte("parley stage 1\n"+host+"\n"), policy[:]...))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

// trialTime returns the total length of a policy's stages.
func trialTime(p bundle.Policy) (total time.Duration) {
	for _, stage := range p.Canary {
		total += seconds(stage.Seconds)
	}
	return total
}

// turn returns when this host begins with a policy: with its first stage, or after all
// stages.
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

// stage returns the number of the running stage, from 1; 0: none.
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
	return now // its release is being accepted
}

// firstSeen records when each policy of the head was first seen, and in which release;
// 0: earlier releases are unknown.
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

// since returns the release since which the publisher has a policy without a gap; 0:
// unknown.
func (s *state) since(w wanted) uint64 {
	for _, known := range s.Seen {
		if known.Policy == w.digest {
			return known.Since
		}
	}
	return 0
}

// watch ends the trial of a policy that is active here, when its time is over or it was
// halted.
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

// clampSeen restarts a trial that began in the future: the clock was wrong then, and
// the host would wait until that time.
func (s *state) clampSeen(now time.Time) (changed bool) {
	for i := range s.Seen {
		if known := &s.Seen[i]; known.At > now.UnixMilli() {
			known.At, changed = now.UnixMilli(), true
		}
	}
	return changed
}
