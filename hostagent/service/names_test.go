package service

import (
	"errors"
	"strings"
	"testing"

	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/lcc"
	"parley/models/publish/bundle"
)

// TestHostsByName: which host a text means, with two owners of which one chooses
// hostile names.
func TestHostsByName(t *testing.T) {
	const ours, theirs = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN", "12D3KooWAfPDpPRRRBrmqy9is2zjU5srQ4hKuZitiGmh4NTTpS2d"
	m := rosterMembers(newAcceptance([]string{"north", "south"}, make([]config.Publisher, 2)), "self", map[string]bundle.Roster{
		"north": {Hosts: []bundle.Host{{ID: "self", Name: "h1"}, {ID: ours, Name: "h2"}, {ID: "n3", Name: "h3"}}},
		// Their ids sort before ours.
		"south": {Hosts: []bundle.Host{{ID: "0", Name: "h2"}, {ID: "1", Name: ours}, {ID: theirs, Name: "s1"}, {ID: "2", Name: "--force"}}},
	})
	for text, want := range map[string]string{
		ours: ours, theirs: theirs, "h2": ours, "h3": "n3", "north/h2": ours, "south/h2": "0", "south/s1": theirs,
	} {
		if got, err := m.resolve(text); err != nil || string(got.id) != want {
			t.Errorf("%q: got %s, %v, want %s", text, got.id, err, want)
		}
	}
	for text, want := range map[string]string{
		"s1":            "of other owners: south/s1 (" + theirs + ")",
		"south/" + ours: "give the peer id 1",
		"south/--force": "give the peer id 2",
		"--force":       "of other owners: 2",
		"west/h2":       `no host "west/h2" is among the peers: ` + "`parley status` lists them",
		"south/":        "no host",
		"":              "no host",
		"h4":            "no host",
	} {
		if got, err := m.resolve(text); !errors.Is(err, api.ErrRefused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %s, %v, want an error with %q", text, got.id, err, want)
		}
	}
	for id, want := range map[lcc.PeerID]string{ours: "h2", "0": "south/h2", "1": "1", "2": "2", theirs: "south/s1"} {
		if one, ok := m.byID(id); !ok || m.called(one) != want {
			t.Errorf("%s is called %q, want %q", id, m.called(one), want)
		}
	}
	if list := m.unnamed(); len(list) != 2 || list[0].id != "1" || list[1].id != "2" {
		t.Errorf("got %v as hosts that only ids name", list)
	}
}

// TestTwoOfOneName: hosts of a configuration need not have unique names.
func TestTwoOfOneName(t *testing.T) {
	m := listedMembers(config.Config{Peers: []config.Peer{{ID: "b", Name: "h2"}, {ID: "a", Name: "h2"}, {ID: "c"}}}, "self")
	const want = "2 hosts are called \"h2\": give the peer id of one: h2 (a), h2 (b)"
	if _, err := m.resolve("h2"); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want both hosts with their ids", err)
	}
	if one, err := m.resolve("a"); err != nil || one.id != "a" {
		t.Errorf("got %v, %v", one, err)
	}
}

// TestGroupOfLongNames: the group of many owners, or of a long label, has a name that
// the network accepts, and each host derives the same.
func TestGroupOfLongNames(t *testing.T) {
	names, rosters := []string{}, map[string]bundle.Roster{}
	for _, first := range "abcdefgh" {
		name := string(first) + strings.Repeat("x", 63)
		names = append(names, name)
		rosters[name] = bundle.Roster{Hosts: []bundle.Host{{ID: "id" + string(first), Name: "h"}}}
	}
	group := func(self lcc.PeerID) string {
		return rosterMembers(newAcceptance(names, make([]config.Publisher, len(names))), self, rosters).group
	}
	if a, b := group("ida"), group("idb"); a != b || len(a) > config.GroupMost {
		t.Errorf("got the groups %q and %q, want one of at most %d bytes", a, b, config.GroupMost)
	}
	if other := groupName(strings.Repeat("x", config.GroupMost) + "y"); other == groupName(strings.Repeat("x", config.GroupMost)+"z") {
		t.Errorf("two long names make one group %q", other)
	}
	if short := groupName("north+south"); short != "north+south" {
		t.Errorf("got %q for a name that fits", short)
	}
}
