package service

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/internal/hostname"
	"parley/internal/spell"
	"parley/lcc"
)

// This file resolves texts to hosts and gives hosts their displayed names. A name is
// valid within one owner's roster only: a host of another owner is never found or shown
// by its bare name.

// foreign says whether a member belongs to another owner.
func (m *members) foreign(one member) bool { return one.publisher != "" && one.publisher != m.home }

// called returns the displayed name of a member: its name; owner/name for a host of
// another owner; or its id if its name could be mistaken for another host.
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
	if m.at != nil {
		i, is := m.at[id]
		if !is {
			return member{}, false
		}
		return m.list[i], true
	}
	i := slices.IndexFunc(m.list, func(one member) bool { return one.id == id })
	if i < 0 {
		return member{}, false
	}
	return m.list[i], true
}

// unnamed returns the members that only their ids can name, sorted by id.
func (m *members) unnamed() (list []member) {
	for _, one := range m.list {
		if one.name != "" && hostname.Check(one.name) != nil {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b member) int { return strings.Compare(string(a.id), string(b.id)) })
	return list
}

// resolve finds the one member that a text means: the member with that id; this owner's
// member with that name; or the member of the owner in owner/name. The error lists the
// candidates.
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
		return member{}, api.Refuse(hostagent.CodeBadQuestion, "the name %q could be taken for another host: give the peer id %s", text,
			found[0].id)
	case len(found) > 1:
		return member{}, api.Refuse(hostagent.CodeBadQuestion, "%d hosts are called %q: give the peer id of one: %s", len(found), text,
			m.candidates(found))
	case len(elsewhere) > 0:
		return member{}, api.Refuse(hostagent.CodeNoOrder, "no host of this owner is called %q; of other owners: %s", text,
			m.candidates(elsewhere))
	}
	return member{}, api.Refuse(hostagent.CodeNoOrder, "no host %q is among the peers: `parley status` lists them", text)
}

// similar returns the name of a member that is like a text, or of another owner; "" for
// none. It is for questions only: an order must never reach a host that was not meant.
func (m *members) similar(text string) string {
	var names []string
	for _, one := range m.list {
		names = append(names, m.called(one))
	}
	if meant := spell.Nearest(text, names); meant != "" {
		return meant
	}
	_, name, qualified := strings.Cut(text, "/")
	sameName := func(called string) bool { return strings.HasSuffix(called, "/"+name) }
	if i := slices.IndexFunc(names, sameName); qualified && i >= 0 {
		return names[i]
	}
	return ""
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

// groupName returns a name that the network accepts: a long one becomes a prefix and a
// hash, so that all hosts with the same rosters derive the same name.
func groupName(name string) string {
	if len(name) <= config.GroupMost {
		return name
	}
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:32]
	return strings.ToValidUTF8(name[:config.GroupMost-len(sum)-1], "") + "#" + sum
}
