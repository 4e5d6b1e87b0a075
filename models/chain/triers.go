package chain

import "parley/models/bundle"

// This file says which hosts try a policy, by the labels of the roster: of these the
// halts count, and their number says how many halts it takes where the policy does not
// say it. Labels that only a host's configuration has say nothing here: anybody could
// claim them.

// stageOf is the first stage in which a host tries a policy, from 0; -1: it is in none.
func stageOf(id string, labels []string, p bundle.Policy, digest bundle.Digest) int {
	place := bucket(id, digest)
	for i, stage := range p.Canary {
		if bundle.Matches(labels, stage.Labels) && place < stage.Share {
			return i
		}
	}
	return -1
}

// triers counts the hosts that try each policy. It remembers what it counted, since a
// roster has up to bundle.HostsMax hosts.
type triers struct {
	roster bundle.Ref // of which it was counted
	counts map[bundle.Digest][]int
}

// triersMost bounds the policies that are remembered: a release has fewer.
const triersMost = 64

// count returns how many hosts of a roster try a policy in its stages up to each one.
func (t *triers) count(roster bundle.Roster, ref bundle.Ref, w wanted) []int {
	if t.roster != ref || t.counts == nil || len(t.counts) >= triersMost {
		t.roster, t.counts = ref, map[bundle.Digest][]int{}
	}
	if known, ok := t.counts[w.digest]; ok {
		return known
	}
	counts := make([]int, len(w.policy.Canary))
	for _, h := range roster.Hosts {
		if i := triedIn(h, w); i >= 0 {
			counts[i]++
		}
	}
	for i := 1; i < len(counts); i++ {
		counts[i] += counts[i-1]
	}
	t.counts[w.digest] = counts
	return counts
}

// triedIn is the stage in which a host of the roster tries a policy, from 0; -1: in none.
func triedIn(h bundle.Host, w wanted) int {
	if !bundle.Matches(h.Labels, w.policy.Targets) {
		return -1
	}
	return stageOf(h.ID, h.Labels, w.policy, w.digest)
}

// fewTriers is up to how many hosts a single one may halt a policy: more of them
// together would often be all there are.
const fewTriers = 4

// haltsNeeded is how many of some hosts must halt a policy that does not say it: a
// tenth, and two at least, so that one bad host cannot stop every change of a site.
func haltsNeeded(hosts int) int {
	if hosts <= fewTriers {
		return 1
	}
	return min(max(2, (hosts+9)/10), haltsMost)
}
