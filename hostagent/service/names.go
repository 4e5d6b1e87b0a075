package service

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/internal/hostname"
	"parley/lcc"
)

// This file says which host a text means, and how a host is called. A name counts
// within one owner's roster only: a host of another owner is never found by its name
// alone, and never called so.

// foreign says whether a member is of another owner.
func (m *members) foreign(one member) bool { return one.publisher != "" && one.publisher != m.home }

// called is what people call a member: its name, that of another owner's host after
// its owner, or its id where its name could be taken for another host.
func (m *members) called(one member) string {
	switch {
	case hostname.Check(one.name) != nil:
		return string(one.id)
	case m.foreign(one):
		return one.publisher + "/" + one.name
	}
	return one.name
}

// byID returns the member with an id.
func (m *members) byID(id lcc.PeerID) (member, bool) {
	i := slices.IndexFunc(m.list, func(one member) bool { return one.id == id })
	if i < 0 {
		return member{}, false
	}
	return m.list[i], true
}

// unnamed are the members that only their ids can name, sorted by id.
func (m *members) unnamed() (list []member) {
	for _, one := range m.list {
		if one.name != "" && hostname.Check(one.name) != nil {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b member) int { return strings.Compare(string(a.id), string(b.id)) })
	return list
}

// resolve finds the one member that a text means: that with the id; that of the own
// owner with the name; or that of any owner where the text is owner/name. The error
// lists what may have been meant.
func (m *members) resolve(text string) (member, error) {
	if one, ok := m.byID(lcc.PeerID(text)); ok {
		return one, nil
	}
	owner, name, qualified := strings.Cut(text, "/")
	var found, elsewhere []member
	for _, one := range m.list {
		switch {
		case qualified && one.publisher == owner && one.name == name, !qualified && !m.foreign(one) && one.name == text:
			found = append(found, one)
		case !qualified && one.name == text:
			elsewhere = append(elsewhere, one)
		}
	}
	switch {
	case len(found) == 1 && hostname.Check(found[0].name) == nil:
		return found[0], nil
	case len(found) == 1:
		return member{}, fmt.Errorf("%w: the name %q could be taken for another host: give the peer id %s", api.ErrRefused, text, found[0].id)
	case len(found) > 1:
		return member{}, fmt.Errorf("%w: %d hosts are called %q: give the peer id of one: %s", api.ErrRefused, len(found), text, m.candidates(found))
	case len(elsewhere) > 0:
		return member{}, fmt.Errorf("%w: no host of this owner is called %q; of other owners: %s", api.ErrRefused, text, m.candidates(elsewhere))
	}
	var names []string
	for _, one := range m.list {
		names = append(names, m.called(one))
	}
	hint := nearest(text, names)
	sameName := func(called string) bool { return strings.HasSuffix(called, "/"+name) }
	if i := slices.IndexFunc(names, sameName); qualified && hint == "" && i >= 0 {
		hint = didYouMean(names[i])
	}
	return member{}, fmt.Errorf("%w: no host %q is among the peers%s", api.ErrRefused, text, hint)
}

// candidates lists members with their ids.
func (m *members) candidates(list []member) string {
	var texts []string
	for _, one := range list {
		text := string(one.id)
		if name := m.called(one); name != text {
			text = name + " (" + text + ")"
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// groupName is a name that the network takes: a long one is shortened to its beginning
// and its hash, so that all hosts with the same rosters find the same.
func groupName(name string) string {
	if len(name) <= config.GroupMost {
		return name
	}
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:32]
	return strings.ToValidUTF8(name[:config.GroupMost-len(sum)-1], "") + "#" + sum
}
