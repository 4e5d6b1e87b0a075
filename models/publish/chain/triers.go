package chain

import (
	"slices"

	"parley/models/publish/bundle"
)

// This file says which hosts try a policy, by the labels of the roster: their halts
// count, and their number says how many halts it takes where the policy does not. Labels
// that only a host's configuration has prove nothing: each host may claim them.

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

// triers knows who tries each policy. It remembers what it counted, since a roster has
// up to bundle.HostsMax hosts.
type triers struct {
	roster bundle.Ref // of which it was counted
	trials map[bundle.Digest]trial
}

// trial is what a roster says of the stages of a policy.
type trial struct {
	policy bundle.Policy
	digest bundle.Digest
	// labels are those of targets and stage that some host of the roster has.
	labels [][]string
	// open are the stages with other labels beside. Only configurations say who has
	// them: it can be each host that the rest of the stage lets in.
	open []bool
	// hosts is how many hosts try the policy in the stages up to each, at most.
	hosts []int
}

// trialsMost bounds the policies that are remembered: a release has fewer.
const trialsMost = 64

// of returns what a roster says of the stages of a policy.
func (t *triers) of(roster bundle.Roster, ref bundle.Ref, w wanted) trial {
	if t.roster != ref || t.trials == nil || len(t.trials) >= trialsMost {
		t.roster, t.trials = ref, map[bundle.Digest]trial{}
	}
	known, ok := t.trials[w.digest]
	if !ok {
		known = newTrial(roster, w)
		t.trials[w.digest] = known
	}
	return known
}

func newTrial(roster bundle.Roster, w wanted) trial {
	n := len(w.policy.Canary)
	t := trial{policy: w.policy, digest: w.digest, labels: make([][]string, n), open: make([]bool, n), hosts: make([]int, n)}
	listed := map[string]bool{}
	for _, h := range roster.Hosts {
		for _, label := range h.Labels {
			listed[label] = true
		}
	}
	for i, stage := range w.policy.Canary {
		for _, label := range slices.Concat(w.policy.Targets, stage.Labels) {
			if listed[label] {
				t.labels[i] = append(t.labels[i], label)
			} else {
				t.open[i] = true
			}
		}
	}
	for _, h := range roster.Hosts {
		if i := t.stage(h); i >= 0 {
			t.hosts[i]++
		}
	}
	for i := 1; i < n; i++ {
		t.hosts[i] += t.hosts[i-1]
	}
	return t
}

// stage is the first stage in which a host of the roster may try the policy, from 0; -1:
// it is in none.
func (t trial) stage(h bundle.Host) int {
	place := bucket(h.ID, t.digest)
	for i, stage := range t.policy.Canary {
		if place < stage.Share && bundle.Matches(h.Labels, t.labels[i]) {
			return i
		}
	}
	return -1
}

// halted says whether halts, counted by the stage of their hosts, are enough for all to
// take heed. What the hosts of the first stages found stays enough when more hosts try it.
func (t trial) halted(halts []int) bool {
	total, open := 0, false
	for i, n := range halts {
		total, open = total+n, open || t.open[i]
		if total > 0 && t.policy.Guard.Hosts == 0 && total >= needed(t.hosts[i], open) {
			return true
		}
	}
	return t.policy.Guard.Hosts > 0 && total >= min(t.policy.Guard.Hosts, haltsMost)
}

// neededMost bounds how many halts the default asks for: as many hosts do not err alike.
const neededMost = 64

// needed is how many hosts must halt a policy that does not say it: where one or two try
// it, one of them; of more, a tenth, and two at least, so that no single host can stop
// the changes of a site. Of open stages only the most hosts that can be in them are
// known. Such a stage leaves one host out at least, and two halts are always enough.
func needed(hosts int, open bool) int {
	if open {
		return min(needed(hosts-1, false), 2)
	}
	if hosts <= 2 {
		return 1
	}
	return min(max(2, (hosts+9)/10), neededMost)
}
