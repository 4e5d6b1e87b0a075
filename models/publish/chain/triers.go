package chain

import (
	"slices"

	"parley/models/publish/bundle"
)

// This file determines which hosts try a policy, by the labels of the roster: their
// halts count, and their number determines how many halts are needed when the policy
// does not say so. Labels from a host's configuration only prove nothing: any host may
// claim them.

// stageOf returns the first stage in which a host tries a policy, from 0; -1: none.
func stageOf(id string, labels []string, p bundle.Policy, digest bundle.Digest) int {
	place := bucket(id, digest)
	for i, stage := range p.Canary {
		if bundle.Matches(labels, stage.Labels) && place < stage.Share {
			return i
		}
	}
	return -1
}

// triers knows which hosts try each policy. It caches the counts, because a roster has
// up to bundle.HostsMax hosts.
type triers struct {
	roster bundle.Ref // the roster of the counts
	trials map[bundle.Digest]trial
}

// trial describes the stages of a policy by a roster.
type trial struct {
	policy bundle.Policy
	digest bundle.Digest
	// labels are the labels of targets and stage that some host of the roster has.
	labels [][]string
	// open marks the stages with additional labels. Only configurations say which hosts
	// have those: possibly every host that the rest of the stage admits.
	open []bool
	// hosts is the maximum number of hosts that try the policy up to each stage.
	hosts []int
}

// trialsMost bounds the cached policies: a release has fewer.
const trialsMost = 64

// of returns the trial of a policy by a roster.
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

// stage returns the first stage in which a host of the roster may try the policy, from
// 0; -1: none.
func (t trial) stage(h bundle.Host) int {
	place := bucket(h.ID, t.digest)
	for i, stage := range t.policy.Canary {
		if place < stage.Share && bundle.Matches(h.Labels, t.labels[i]) {
			return i
		}
	}
	return -1
}

// halted reports whether halts, counted by the stage of their hosts, are enough to stop
// the policy on all hosts. Enough halts in the first stages stay enough when more hosts
// try it.
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

// neededMost bounds the default number of halts: that many hosts are not all wrong.
const neededMost = 64

// needed is the default number of halts: one when at most two hosts try the policy;
// otherwise a tenth of them and at least two, so that no single host can stop the
// changes of a site. For open stages only the maximum number of hosts is known. Such a
// stage excludes at least one host, and two halts are always enough.
func needed(hosts int, open bool) int {
	if open {
		return min(needed(hosts-1, false), 2)
	}
	if hosts <= 2 {
		return 1
	}
	return min(max(2, (hosts+9)/10), neededMost)
}
