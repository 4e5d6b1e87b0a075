package repository

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/models/publish/bundle"
)

// Change is one difference between two consecutive releases.
type Change struct {
	Kind   string `json:"kind"` // host, grouping, key, threshold, heartbeat key, policy, file, stale_after
	Name   string `json:"name,omitempty"`
	How    string `json:"how"` // added, removed, changed
	Detail string `json:"detail,omitempty"`
}

var signs = map[string]string{"added": "+", "removed": "-", "changed": "~"}

func (c Change) String() string {
	text := signs[c.How] + " " + c.Kind
	if c.Name != "" {
		text += " " + c.Name
	}
	if c.Detail != "" {
		text += ": " + c.Detail
	}
	return text
}

// Changes returns the differences of a draft from the latest release; for the first
// release, everything in it.
func (r *Repository) Changes(d Draft) ([]Change, error) {
	var before state
	if latest, ok := r.Latest(); ok {
		roster, err := r.Roster(latest)
		if err != nil {
			return nil, err
		}
		before = state{latest, roster, r.anchor.Root}
	} else {
		before.root = r.anchor.Root
	}
	return compare(before, state{d.Release, d.roster(), r.rootOf(d)}), nil
}

// state is everything that a release has in force.
type state struct {
	release bundle.Release
	roster  bundle.Roster
	root    bundle.Root
}

// roster returns the draft's roster, whose bytes were made or checked here.
func (d Draft) roster() bundle.Roster {
	roster, err := bundle.DecodeRoster(d.objects[d.Release.Roster.Digest])
	if err != nil {
		return bundle.Roster{}
	}
	return roster
}

func (r *Repository) rootOf(d Draft) bundle.Root {
	if d.Release.Root != nil {
		return *d.Release.Root
	}
	return r.anchor.Root
}

func compare(a, b state) []Change {
	changes := keyChanges("key", a.root.Keys, b.root.Keys)
	changes = append(changes, keyChanges("heartbeat key", a.root.Beats, b.root.Beats)...)
	changes = append(changes, changedTo("threshold", a.root.Threshold, b.root.Threshold)...)
	changes = append(changes, hostChanges(a.roster, b.roster)...)
	if a.release.Version > 0 {
		changes = append(changes, changedTo("stale_after", seconds(a.release.StaleAfter), seconds(b.release.StaleAfter))...)
		changes = append(changes, changedTo("grouping", grouping(a.roster), grouping(b.roster))...)
	}
	return append(changes, policyChanges(a.release.Policies, b.release.Policies)...)
}

// changedTo returns the change of one value; none when it is the same.
func changedTo[T comparable](kind string, before, after T) []Change {
	if before == after {
		return nil
	}
	return []Change{{Kind: kind, How: "changed", Detail: fmt.Sprintf("%v, was %v", after, before)}}
}

func seconds(n int64) Span { return Span(time.Duration(n) * time.Second) }

func grouping(r bundle.Roster) string {
	if r.Group == "" {
		return fmt.Sprintf("by hashing, at most %d", r.GroupMost)
	}
	return fmt.Sprintf("by %s, at most %d", r.Group, r.GroupMost)
}

// pair holds the entries of two lists with the same name; nil when one has none.
type pair[T any] struct {
	name          string
	before, after *T
}

// pairs matches two lists by name.
func pairs[T any](before, after []T, name func(T) string) (list []pair[T]) {
	at := map[string]int{}
	for i := range before {
		at[name(before[i])] = len(list)
		list = append(list, pair[T]{name(before[i]), &before[i], nil})
	}
	for i := range after {
		n := name(after[i])
		if k, ok := at[n]; ok {
			list[k].after = &after[i]
		} else {
			list = append(list, pair[T]{n, nil, &after[i]})
		}
	}
	slices.SortFunc(list, func(a, b pair[T]) int { return strings.Compare(a.name, b.name) })
	return list
}

func (p pair[T]) how(same bool) string {
	switch {
	case p.before == nil:
		return "added"
	case p.after == nil:
		return "removed"
	case !same:
		return "changed"
	}
	return ""
}

func keyChanges(kind string, before, after []bundle.Key) (changes []Change) {
	for _, p := range pairs(before, after, func(k bundle.Key) string { return k.Name }) {
		how := p.how(p.before != nil && p.after != nil && p.before.Public.ID() == p.after.Public.ID())
		if how == "" {
			continue
		}
		c := Change{Kind: kind, Name: p.name, How: how}
		if p.after != nil {
			c.Detail = p.after.Public.String()
		}
		changes = append(changes, c)
	}
	return changes
}

func hostChanges(before, after bundle.Roster) (changes []Change) {
	for _, p := range pairs(before.Hosts, after.Hosts, func(h bundle.Host) string { return h.Name }) {
		how := p.how(p.before != nil && p.after != nil && hostText(*p.before) == hostText(*p.after))
		if how == "" {
			continue
		}
		c := Change{Kind: "host", Name: p.name, How: how}
		if p.after != nil {
			c.Detail = hostText(*p.after)
		}
		changes = append(changes, c)
	}
	return changes
}

func hostText(h bundle.Host) string {
	return strings.Join(slices.Concat([]string{h.ID}, h.Addresses, h.Labels), " ")
}

func policyChanges(before, after []bundle.Policy) (changes []Change) {
	for _, p := range pairs(before, after, func(p bundle.Policy) string { return p.Name }) {
		how := p.how(p.before != nil && p.after != nil && p.before.Digest() == p.after.Digest())
		if how == "" {
			continue
		}
		var a, b bundle.Policy
		if p.before != nil {
			a = *p.before
		}
		if p.after != nil {
			b = *p.after
		}
		changes = append(changes, Change{Kind: "policy", Name: p.name, How: how, Detail: policyDetail(a, b)})
		if how != "removed" {
			changes = append(changes, fileChanges(a, b)...)
		}
	}
	return changes
}

// policyDetail describes the changes other than file contents.
func policyDetail(a, b bundle.Policy) string {
	if b.Name == "" {
		return ""
	}
	var parts []string
	for _, part := range []struct{ name, before, after string }{
		{"targets", orAll(a.Targets), orAll(b.Targets)},
		{"canary", canaryText(a.Canary), canaryText(b.Canary)},
		{"guard", fmt.Sprint(a.Guard), fmt.Sprint(b.Guard)},
		{"commit", sourceText(a.Source), sourceText(b.Source)},
	} {
		if (a.Name == "" || part.before != part.after) && part.after != "" && part.name != "guard" {
			parts = append(parts, part.name+" "+part.after)
		} else if a.Name != "" && part.before != part.after {
			parts = append(parts, part.name+" changed")
		}
	}
	return strings.Join(parts, "; ")
}

func orAll(targets []string) string {
	if len(targets) == 0 {
		return "all hosts"
	}
	return strings.Join(targets, ",")
}

func canaryText(stages []bundle.Stage) string {
	if len(stages) == 0 {
		return "none"
	}
	var parts []string
	for _, s := range stages {
		part := fmt.Sprintf("%g %% for %v", 100*s.Share, seconds(s.Seconds))
		if len(s.Labels) > 0 {
			part = fmt.Sprintf("%g %% of %s for %v", 100*s.Share, strings.Join(s.Labels, ","), seconds(s.Seconds))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", then ")
}

func sourceText(s bundle.Source) string {
	text := s.Commit
	if len(text) > 12 {
		text = text[:12]
	}
	if s.Dirty {
		text += " and what is in no commit"
	}
	return text
}

func fileChanges(a, b bundle.Policy) (changes []Change) {
	for _, p := range pairs(a.Files, b.Files, func(e bundle.Entry) string { return e.Path }) {
		how := p.how(p.before != nil && p.after != nil && p.before.Digest == p.after.Digest)
		if how == "" {
			continue
		}
		c := Change{Kind: "file", Name: b.Name + "/" + p.name, How: how}
		if p.after != nil {
			c.Detail = fmt.Sprintf("%d bytes, %s", p.after.Size, p.after.Digest.Short())
		}
		changes = append(changes, c)
	}
	return changes
}
