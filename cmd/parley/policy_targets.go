package main

import (
	"fmt"
	"slices"
	"strings"

	"parley/internal/spell"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

// unmatched says which policies and stages no host of the roster has the labels for. That
// is no fault: a host may have labels of its own configuration, and hosts may come.
func unmatched(hosts []repository.Host, policies []bundle.Policy) (lines []string) {
	for _, p := range policies {
		if why := missingLabels(hosts, p.Targets); why != "" {
			lines = append(lines, fmt.Sprintf("policy %s: targets: %s: only a host that has %s in its own configuration enacts the policy",
				p.Name, why, strings.Join(p.Targets, " and ")))
			continue
		}
		for i, stage := range p.Canary {
			both := append(slices.Clone(p.Targets), stage.Labels...)
			if why := missingLabels(hosts, both); why != "" {
				lines = append(lines, fmt.Sprintf("policy %s: canary[%d].labels: %s: only a host that has %s in its own configuration tries it in "+
					"this stage", p.Name, i, why, strings.Join(both, " and ")))
			}
		}
	}
	return lines
}

// missingLabels says that no host has all labels; "" if one has, or there are no hosts.
func missingLabels(hosts []repository.Host, labels []string) string {
	if len(hosts) == 0 || slices.ContainsFunc(hosts, func(h repository.Host) bool { return bundle.Matches(h.Labels, labels) }) {
		return ""
	}
	var there []string
	for _, h := range hosts {
		there = append(there, h.Labels...)
	}
	slices.Sort(there)
	there = slices.Compact(there)
	for _, label := range labels {
		if slices.Contains(there, label) {
			continue
		}
		near := spell.Nearest(label, there)
		switch {
		case near != "":
			return fmt.Sprintf("no host of the roster has %s (did you mean %s?)", label, near)
		case len(there) == 0:
			return fmt.Sprintf("no host of the roster has %s, nor any label", label)
		}
		if len(there) > namesShown {
			there = append(there[:namesShown], "...")
		}
		return fmt.Sprintf("no host of the roster has %s (they have %s)", label, strings.Join(there, ", "))
	}
	return "no host of the roster has all of " + strings.Join(labels, ", ")
}
