package repository

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"parley/internal/label"
	"parley/internal/yamlfile"
	"parley/models/publish/bundle"
)

// faultList collects the faults of a file that people write, by key.
type faultList struct{ yamlfile.Faults }

func (l *faultList) add(key string, err error) {
	var refused *bundle.Refusal // its code is for programs
	switch {
	case errors.As(err, &refused):
		l.Faults = append(l.Faults, &yamlfile.Fault{Key: key, Text: refused.Detail})
	case err != nil:
		l.Faults = append(l.Faults, &yamlfile.Fault{Key: key, Text: err.Error()})
	}
}

// faults returns what is wrong with cluster.yaml: with each key and each host, and, where
// those are right, with all of them together.
func (c Cluster) faults() yamlfile.Faults {
	var found faultList
	if time.Duration(c.Expires) < expiresLeast {
		found.add("expires", fmt.Errorf("is %v: give a time that a release is in force, at least %v", c.Expires, expiresLeast))
	}
	root := c.keyFaults(&found)
	err, rootErr := (bundle.Anchor{Publisher: c.Publisher, Root: root}).Validate(), root.Validate()
	if err != nil && (rootErr == nil || err.Error() != rootErr.Error()) {
		found.add("publisher", err)
	}
	hosts, roster := len(found.Faults), c.Roster()
	for i := range c.Hosts {
		found.add(fmt.Sprintf("hosts[%d]", i), Cluster{Hosts: c.Hosts[i : i+1]}.Roster().Validate())
	}
	if hosts == len(found.Faults) {
		key := "hosts"
		if err := (bundle.Roster{Group: roster.Group, GroupMost: roster.GroupMost}).Validate(); err != nil {
			key = "grouping"
		}
		found.add(key, roster.Validate())
	}
	return found.Faults
}

// keyFaults finds what is wrong with the keys, and returns the root of those that are
// right.
func (c Cluster) keyFaults(found *faultList) bundle.Root {
	wrong := false
	for _, list := range []struct {
		key  string
		keys []Key
	}{{"keys", c.Keys}, {"beats", c.Beats}} {
		for i, k := range list.keys {
			if _, err := bundle.ParsePublic(k.Public); err != nil {
				found.add(fmt.Sprintf("%s[%d].public", list.key, i), err)
				wrong = true
			}
		}
	}
	root, err := c.Root(1)
	if wrong || err != nil {
		return root
	}
	key := "keys"
	if c.Threshold < 1 || c.Threshold > len(root.Keys) && len(root.Keys) > 0 {
		key = "threshold"
	}
	found.add(key, root.Validate())
	return root
}

// faults returns what is wrong with policy.yaml in a directory, the files that it names
// aside.
func (s settings) faults(dir string) yamlfile.Faults {
	var found faultList
	found.add("targets", label.CheckAll(s.Targets))
	for i, stage := range s.Canary {
		stage.faults(fmt.Sprintf("canary[%d]", i), &found)
	}
	s.Guard.faults(&found)
	for i, name := range s.Models {
		key := fmt.Sprintf("models[%d]", i)
		if filepath.Base(name) != name {
			found.add(key, fmt.Errorf("%q: the models of a policy lie beside it: give their names", name))
			continue
		}
		path := filepath.Join(dir, name)
		if there, err := isThere(path); err != nil || !there {
			found.add(key, fmt.Errorf("there is no %s", path))
		}
	}
	return found.Faults
}

// faults adds what is wrong with a stage that stands at a key. The bounds are those of
// bundle.Policy.Validate, which has the last word.
func (s stage) faults(key string, found *faultList) {
	found.add(key+".labels", label.CheckAll(s.Labels))
	if s.Share != nil && !(*s.Share > 0 && *s.Share <= 1) {
		found.add(key+".share", fmt.Errorf("is %g: give a share above 0 and up to 1", *s.Share))
	}
	const most = 365 * 24 * time.Hour
	if tried := time.Duration(s.For); tried < time.Second || tried > most {
		found.add(key+".for", fmt.Errorf("is %v: give how long these hosts try the policy, such as 1h, at most %v", s.For, Span(most)))
	}
}

// faults adds what is wrong with the guard.
func (g guard) faults(found *faultList) {
	if !(g.Migrations >= 0) {
		found.add("guard.migrations_per_guest_hour", fmt.Errorf("is %g: give 0 or more", g.Migrations))
	}
	for _, share := range []struct {
		key   string
		value float64
	}{{"failed_share", g.Failed}, {"overload_more", g.Overload}} {
		if !(share.value >= 0 && share.value <= 1) {
			found.add("guard."+share.key, fmt.Errorf("is %g: give a share from 0 to 1", share.value))
		}
	}
	if g.Hosts < 0 || g.Hosts > 1000 {
		found.add("guard.hosts", fmt.Errorf("is %d: give 0 to 1000", g.Hosts))
	}
}
