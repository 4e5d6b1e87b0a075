package peer

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/lcc"
)

func drawMembers(t *rapid.T) []Member {
	ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9]{1,6}`), 1, 200, rapid.ID).Draw(t, "ids")
	var members []Member
	for _, id := range ids {
		m := Member{Peer: lcc.PeerID(id)}
		for range rapid.IntRange(0, 2).Draw(t, "labels") {
			m.Labels = append(m.Labels, rapid.SampledFrom([]string{"rack=1", "rack=2", "rack=2:0", "site=x", "rackety=1"}).Draw(t, "label"))
		}
		members = append(members, m)
	}
	return members
}

func drawGrouping(t *rapid.T) Grouping {
	return Grouping{
		Label: rapid.SampledFrom([]string{"", "rack", "site", "none"}).Draw(t, "label"),
		Most:  rapid.IntRange(2, 40).Draw(t, "most"),
	}
}

func groupsOf(t interface{ Fatal(...any) }, members []Member, by Grouping) []Group {
	groups, err := Groups(members, by)
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

// TestGroupsArePartition: each host is in one group, no group is too large, names are
// unique, and the order of the input does not matter.
func TestGroupsArePartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members, by := drawMembers(t), drawGrouping(t)
		groups := groupsOf(t, members, by)
		in := map[lcc.PeerID]string{}
		for i, g := range groups {
			if len(g.Peers) == 0 || len(g.Peers) > by.Most || !slices.IsSorted(g.Peers) || i > 0 && groups[i-1].Name >= g.Name {
				t.Fatalf("group %d of at most %d: got %v", i, by.Most, groups)
			}
			for _, id := range g.Peers {
				if in[id] != "" {
					t.Fatalf("%s is in %s and %s", id, in[id], g.Name)
				}
				in[id] = g.Name
			}
		}
		for _, m := range members {
			name := in[m.Peer]
			_, set, cut := strings.Cut(name, "/")
			if !cut {
				set = name
			}
			want := by.set(m.Labels)
			if len(members) <= by.Most {
				want = "all"
			}
			if set != want {
				t.Fatalf("%v is in the group %q, want one of %q", m, name, want)
			}
		}
		shuffled := rapid.Permutation(members).Draw(t, "order")
		if got := groupsOf(t, shuffled, by); !reflect.DeepEqual(got, groups) {
			t.Fatalf("in another order: got %v, want %v", got, groups)
		}
	})
}

// TestGroupsChangeLittle: a new host joins one group; if that becomes too large it is
// split, and no other group changes. The same holds when the host leaves.
func TestGroupsChangeLittle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members, by := drawMembers(t), drawGrouping(t)
		if by.Label != "" && len(members) == by.Most+1 {
			return // the first host too many: labels begin to count
		}
		with, without := map[string][]lcc.PeerID{}, map[string][]lcc.PeerID{}
		for _, g := range groupsOf(t, members, by) {
			with[g.Name] = g.Peers
		}
		for _, g := range groupsOf(t, members[1:], by) {
			without[g.Name] = g.Peers
		}
		var before, after []string
		for name, peers := range without {
			if !slices.Equal(peers, with[name]) {
				before = append(before, name)
			}
		}
		union := []lcc.PeerID{}
		for name, peers := range with {
			if !slices.Equal(peers, without[name]) {
				after = append(after, name)
				union = append(union, peers...)
			}
		}
		if len(before) > 1 || len(after) == 0 {
			t.Fatalf("the groups %v became %v, want one that is changed or split", before, after)
		}
		want := []lcc.PeerID{members[0].Peer}
		if len(before) == 1 {
			want = append(want, without[before[0]]...)
		}
		slices.Sort(want)
		slices.Sort(union)
		if !slices.Equal(union, want) {
			t.Fatalf("the groups %v became %v with the hosts %v, want %v", before, after, union, want)
		}
		if len(before) == 1 && len(after) > 1 && len(without[before[0]]) < by.Most {
			t.Fatalf("the group %v of %d was split", before, len(without[before[0]]))
		}
	})
}

func TestGroups(t *testing.T) {
	var many []Member
	for i := range 1000 {
		many = append(many, Member{Peer: lcc.PeerID(fmt.Sprint("host", i))})
	}
	groups := groupsOf(t, many, Grouping{})
	sizes := map[int]int{}
	for _, g := range groups {
		sizes[len(g.Peers)]++
		if len(g.Peers) > 128 || len(g.Peers) < 32 {
			t.Errorf("group %s: got %d hosts, want 32 to 128", g.Name, len(g.Peers))
		}
	}
	if len(groups) < 8 || len(groups) > 20 || groups[0].Name[0] != '0' || !strings.HasSuffix(groups[0].Name, "/all") {
		t.Errorf("got %d groups of %v hosts, the first %q", len(groups), sizes, groups[0].Name)
	}
	racks := []Member{{"a", []string{"rack=r1"}}, {"b", []string{"site=x", "rack=r2"}}, {"c", nil}, {"d", []string{"rack=r2", "rack=r1"}}}
	want := []Group{{"rack=", []lcc.PeerID{"c"}}, {"rack=r1", []lcc.PeerID{"a", "d"}}, {"rack=r2", []lcc.PeerID{"b"}}}
	if got := groupsOf(t, racks, Grouping{Label: "rack", Most: 3}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	want = []Group{{"all", []lcc.PeerID{"a", "b", "c", "d"}}}
	if got := groupsOf(t, racks, Grouping{Label: "rack", Most: 4}); !reflect.DeepEqual(got, want) {
		t.Errorf("where all fit into one group: got %v, want %v", got, want)
	}
	if got := groupsOf(t, nil, Grouping{}); len(got) != 0 {
		t.Errorf("of nobody: got %v, want no group", got)
	}
	for _, bad := range []struct {
		members []Member
		by      Grouping
	}{
		{nil, Grouping{Most: 1}}, {nil, Grouping{Most: -3}}, {nil, Grouping{Most: 501}}, {nil, Grouping{Label: "rack=r1"}},
		{[]Member{{Peer: "a"}, {Peer: "a"}}, Grouping{}}, {[]Member{{}}, Grouping{}},
	} {
		if _, err := Groups(bad.members, bad.by); err == nil {
			t.Errorf("%+v: got no error, want one", bad)
		}
	}
}
