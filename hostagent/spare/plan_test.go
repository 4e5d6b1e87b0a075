package spare

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

const gib = 1 << 30

func vm(id string, cores float64, memory int64) Guest {
	return Guest{ID: id, Need: Room{Cores: cores, MemoryBytes: memory * gib}, Kind: "vm"}
}

func host(id string, cores float64, memory int64, guests ...Guest) Host {
	return Host{ID: id, Free: Room{Cores: cores, MemoryBytes: memory * gib}, Kinds: []string{"vm"}, Guests: guests}
}

func with(g Guest, change func(*Guest)) Guest {
	change(&g)
	return g
}

func TestMake(t *testing.T) {
	web := func(id string) Guest {
		return with(vm(id, 1, 1), func(g *Guest) { g.Labels, g.Apart = []string{"app=web"}, []string{"app=web"} })
	}
	pair := func(id string) Guest {
		return with(vm(id, 1, 1), func(g *Guest) { g.Labels, g.AtMost = []string{"app=db"}, []Limit{{"app=db", 2}} })
	}
	closed, drained := host("h3", 8, 8), host("h3", 8, 8)
	closed.Closed, drained.Drained = true, true
	lan := host("h3", 8, 8)
	lan.Networks = []string{"lan"}
	gpu := host("h3", 8, 8)
	gpu.Labels, gpu.Offers = []string{"gpu=yes"}, []string{"criu=4.2"}
	for _, c := range []struct {
		name  string
		hosts []Host
		takes []Take
		why   map[Why]int // of the one guest that has no place
	}{
		{"the tightest host that is enough", []Host{host("h1", 0, 0, vm("a", 1, 2)), host("h2", 4, 8), host("h3", 4, 3)},
			[]Take{{"a", "h1", "h3"}}, nil},
		{"shared by all", []Host{host("h1", 0, 0, vm("a", 1, 4), vm("b", 1, 4)), host("h2", 4, 4), host("h3", 4, 4)},
			[]Take{{"a", "h1", "h2"}, {"b", "h1", "h3"}}, nil},
		{"cores count", []Host{host("h1", 0, 0, vm("a", 4, 1)), host("h2", 3, 64), host("h3", 4, 64)}, []Take{{"a", "h1", "h3"}}, nil},
		{"too large for each", []Host{host("h1", 0, 0, vm("a", 1, 6)), host("h2", 4, 5), host("h3", 4, 5)}, nil, map[Why]int{WhyRoom: 2}},
		{"closed", []Host{host("h1", 0, 0, vm("a", 1, 6)), host("h2", 4, 5), closed}, nil, map[Why]int{WhyRoom: 1, WhyClosed: 1}},
		{"drained", []Host{host("h1", 0, 0, vm("a", 1, 6)), host("h2", 4, 5), drained}, nil, map[Why]int{WhyRoom: 1, WhyDrained: 1}},
		{"disk counts for who takes some", []Host{
			host("h1", 0, 0, with(vm("a", 1, 1), func(g *Guest) { g.Need.DiskBytes = gib }), vm("b", 1, 1)), host("h2", 4, 5)},
			[]Take{{"b", "h1", "h2"}}, map[Why]int{WhyRoom: 1}},
		{"a network, where networks are known", []Host{
			host("h1", 0, 0, with(vm("a", 1, 1), func(g *Guest) { g.Networks = []string{"dmz"} })), host("h2", 4, 0), lan},
			nil, map[Why]int{WhyRoom: 1, WhyNetwork: 1}},
		{"apart from one that is there", []Host{host("h1", 0, 0, web("a")), host("h2", 4, 5, web("b")), host("h3", 4, 9)},
			[]Take{{"a", "h1", "h3"}}, nil},
		{"apart from one that comes", []Host{host("h1", 0, 0, web("a"), web("b")), host("h2", 4, 5)}, []Take{{"a", "h1", "h2"}},
			map[Why]int{WhyApart: 1}},
		{"a label of a host that is avoided", []Host{
			host("h1", 0, 0, with(vm("a", 1, 1), func(g *Guest) { g.Avoids = []string{"gpu=yes"} })), gpu, host("h4", 4, 5)},
			[]Take{{"a", "h1", "h4"}}, nil},
		{"all avoided", []Host{host("h1", 0, 0, with(vm("a", 1, 1), func(g *Guest) { g.Avoids = []string{"gpu=yes"} })), gpu},
			nil, map[Why]int{WhyAvoided: 1}},
		{"at most two of a group", []Host{host("h1", 0, 0, pair("a"), pair("b")), host("h2", 4, 5, pair("c")), host("h3", 4, 9)},
			[]Take{{"a", "h1", "h2"}, {"b", "h1", "h3"}}, nil},
		{"at most two of a group, and no other host", []Host{host("h1", 0, 0, pair("a"), pair("b")), host("h2", 4, 5, pair("c"))},
			[]Take{{"a", "h1", "h2"}}, map[Why]int{WhyCrowded: 1}},
		{"a label", []Host{host("h1", 0, 0, with(vm("a", 1, 1), func(g *Guest) { g.Requires = []string{"gpu=yes"} })), host("h2", 4, 5), gpu},
			[]Take{{"a", "h1", "h3"}}, nil},
		{"what it needs", []Host{host("h1", 0, 0, with(vm("a", 1, 1), func(g *Guest) { g.Needs = []string{"criu=4.1"} })), host("h2", 4, 5), gpu},
			nil, map[Why]int{WhyNeeds: 2}},
		{"a kind", []Host{host("h1", 0, 0, with(vm("a", 1, 1), func(g *Guest) { g.Kind = "process" })), host("h2", 4, 5)},
			nil, map[Why]int{WhyKind: 1}},
		{"the guest with one possible host first", []Host{
			host("h1", 0, 0, vm("a", 1, 4), with(vm("b", 1, 3), func(g *Guest) { g.Requires = []string{"gpu=yes"} })), host("h2", 4, 5),
			labelled(host("h3", 4, 4), "gpu=yes")}, []Take{{"a", "h1", "h2"}, {"b", "h1", "h3"}}, nil},
		{"the largest first into the tightest is not enough", []Host{
			host("h1", 0, 0, vm("a", 1, 5), vm("b", 1, 4), vm("c", 1, 4), vm("d", 1, 3), vm("e", 1, 2), vm("f", 1, 2)),
			host("h2", 9, 10), host("h3", 9, 10)}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Make(c.hosts, "h1")
			if err != nil {
				t.Fatal(err)
			}
			mustHold(t, c.hosts, p)
			if c.takes != nil && !reflect.DeepEqual(p.Takes, c.takes) {
				t.Errorf("got %v, want %v", p.Takes, c.takes)
			}
			if c.why == nil && !p.Fits() {
				t.Errorf("without a place: %v", p.Missing)
			}
			if c.why != nil && (len(p.Missing) != 1 || !reflect.DeepEqual(p.Missing[0].Why, c.why)) {
				t.Errorf("without a place: %v, want one, for %v", p.Missing, c.why)
			}
		})
	}
}

func labelled(h Host, labels ...string) Host {
	h.Labels = labels
	return h
}

// mustHold checks a plan without the code that made it.
func mustHold(t interface{ Fatalf(string, ...any) }, hosts []Host, p Plan) {
	at, left := map[string][]Guest{}, map[string]Room{}
	var open []string
	guests := map[string]Guest{}
	for _, h := range hosts {
		at[h.ID], left[h.ID] = slices.Clone(h.Guests), h.Free
		for _, g := range h.Guests {
			if slices.Contains(p.Failed, h.ID) {
				open = append(open, g.ID)
			}
			guests[g.ID] = g
		}
	}
	for _, take := range p.Takes {
		i := slices.IndexFunc(hosts, func(h Host) bool { return h.ID == take.To })
		to, g := hosts[i], guests[take.Guest]
		for _, other := range at[to.ID] {
			if slices.ContainsFunc(g.Apart, func(l string) bool { return slices.Contains(other.Labels, l) }) {
				t.Fatalf("%s and %s are on %s and must be apart", g.ID, other.ID, to.ID)
			}
		}
		for _, l := range g.Requires {
			if !slices.Contains(to.Labels, l) {
				t.Fatalf("%s is on %s, which lacks %s", g.ID, to.ID, l)
			}
		}
		left[to.ID] = left[to.ID].Minus(g.Need)
		at[to.ID] = append(at[to.ID], g)
		n := left[to.ID]
		if slices.Contains(p.Failed, to.ID) || to.Closed || to.Drained ||
			!slices.Contains(to.Kinds, g.Kind) || n.Cores < -0.01 || n.MemoryBytes < 0 {
			t.Fatalf("%s takes %s and cannot: %v are left", to.ID, g.ID, n)
		}
		open = slices.DeleteFunc(open, func(id string) bool { return id == g.ID })
	}
	var lacks Room
	for _, m := range p.Missing {
		lacks = lacks.Plus(guests[m.Guest].Need)
		open = slices.DeleteFunc(open, func(id string) bool { return id == m.Guest })
	}
	if len(open) > 0 || lacks != p.Lacks {
		t.Fatalf("the plan leaves out %v, and says that %v is missing: it is %v", open, p.Lacks, lacks)
	}
}

func TestWorst(t *testing.T) {
	hosts := []Host{host("h1", 9, 4, vm("a", 1, 4)), host("h2", 9, 4, vm("b", 1, 6), vm("c", 1, 3)), host("h3", 9, 4, vm("d", 1, 2))}
	for _, c := range []struct {
		m     int
		want  string
		lacks int64
	}{{0, "", 0}, {1, "h2", 6}, {2, "h1 h2", 9}, {3, "h1 h2 h3", 15}, {9, "h1 h2 h3", 15}} {
		p, err := Worst(hosts, c.m)
		if err != nil || strings.Join(p.Failed, " ") != c.want || p.Lacks.MemoryBytes != c.lacks*gib {
			t.Errorf("%d fail: got %v without %d GiB (%v), want %s without %d", c.m, p.Failed, p.Lacks.MemoryBytes/gib, err, c.want, c.lacks)
		}
	}
	hosts[0].Drained = true
	for _, c := range []struct {
		m    int
		want string
	}{{0, ""}, {1, "h1"}, {2, "h1 h2"}} {
		if p, err := Worst(hosts, c.m); err != nil || strings.Join(p.Failed, " ") != c.want {
			t.Errorf("h1 is drained and %d fail: got %v (%v), want %s", c.m, p.Failed, err, c.want)
		}
	}
	many := make([]Host, 60) // more pairs than are tried
	for i := range many {
		many[i] = host("h"+string(rune('0'+i/10))+string(rune('0'+i%10)), 1, 1, vm("g", 1, int64(i)))
	}
	if p, err := Worst(many, 2); err != nil || !slices.Equal(p.Failed, []string{"h58", "h59"}) {
		t.Errorf("of many, got %v (%v), want those with the largest guests", p.Failed, err)
	}
}

func TestWith(t *testing.T) {
	hosts := []Host{host("h1", 9, 4, vm("a", 1, 4)), host("h2", 9, 4, vm("b", 1, 6)), host("h3", 9, 1, vm("c", 1, 1))}
	for _, c := range []struct {
		m       int
		drained bool // h3
		id      string
		want    string
		lacks   int64
	}{{1, false, "h1", "h1", 0}, {1, false, "h2", "h2", 6}, {2, false, "h1", "h1 h2", 10}, {1, true, "h1", "", 0}, {1, true, "h3", "h3", 0},
		{2, true, "h1", "h1 h3", 1}, {9, false, "h1", "h1 h2 h3", 11}} {
		hosts[2].Drained = c.drained
		p, err := With(hosts, c.m, c.id)
		if err != nil || strings.Join(p.Failed, " ") != c.want || p.Lacks.MemoryBytes != c.lacks*gib {
			t.Errorf("%s and others of %d fail, h3 drained %v: got %v without %d GiB (%v), want %s without %d", c.id, c.m, c.drained, p.Failed,
				p.Lacks.MemoryBytes/gib, err, c.want, c.lacks)
		}
	}
	if _, err := With(hosts, 1, "h9"); err == nil {
		t.Error("a host that is not known has no error")
	}
}

func TestForbids(t *testing.T) {
	a, b, c := vm("a", 1, 3), vm("b", 1, 3), vm("c", 1, 3)
	// Each host has 6 GiB.
	whole := []Host{host("h1", 9, 3, a), host("h2", 9, 3, b), host("h3", 9, 3, c)}
	full := []Host{host("h1", 9, 3, a, vm("e", 1, 2)), host("h2", 9, 3, b), host("h3", 9, 2, c)}
	// 3 GiB are missing if h1 or h2 fails.
	d := vm("d", 1, 1)
	broken := []Host{host("h1", 9, 0, a, b), host("h2", 9, 3, c), host("h3", 9, 2, d)}
	reserved := []Host{host("h1", 9, 3, a), host("h2", 8, 0, b), host("h3", 9, 3, c)}
	reserved[1].Coming = []Guest{a}
	// Each host has 6 GiB. If h2 fails, 2 GiB are missing once both guests have come.
	crowded := []Host{host("h1", 9, 1, a, vm("e", 1, 2)), host("h2", 9, 0, b), host("h3", 9, 4, vm("f", 1, 2))}
	crowded[1].Coming = []Guest{vm("e", 1, 2)}
	for _, x := range []struct {
		name     string
		hosts    []Host
		guest    Guest
		from, to string
		want     bool
	}{
		{"two hosts take two guests", whole, a, "h1", "h2", false},
		{"a new one without which the host has room still", full, vm("n", 1, 2), "", "h1", true},
		{"a new one that the others can take", whole, vm("n", 1, 3), "", "h1", false},
		{"what is reserved for it is not taken twice", reserved, a, "h1", "h2", false},
		{"what comes beside it counts where it is and where it comes", crowded, vm("n", 1, 1), "", "h3", true},
		{"one less", full, a, "h1", "", false},
		{"broken, and made worse", broken, vm("n", 1, 2), "", "h2", true},
		{"broken, and no worse", broken, d, "h3", "h2", false},
	} {
		before := slices.Clone(x.hosts)
		p, forbidden, err := Forbids(x.hosts, 1, x.guest, x.from, x.to)
		if err != nil || forbidden != x.want {
			t.Errorf("%s: forbidden %v (%v), want %v: %+v", x.name, forbidden, err, x.want, p)
		}
		if !reflect.DeepEqual(before, x.hosts) {
			t.Errorf("%s: the hosts were changed", x.name)
		}
	}
}

func TestErrors(t *testing.T) {
	nan := host("h1", 0, 0)
	nan.Free.Cores = 0 / (nan.Free.Cores)
	for _, c := range []struct {
		hosts []Host
		want  string
	}{
		{[]Host{{}}, "a host has no id"},
		{[]Host{host("h1", 1, 1), host("h1", 1, 1)}, "the host h1 is there twice"},
		{[]Host{nan}, "NaN cores left"},
		{[]Host{host("h1", 1, 1, vm("a", -1, 1))}, "the guest a on the host h1 needs -1 cores"},
		{[]Host{host("h1", 1, 1)}, "the host h9 is not among the 1 hosts"},
	} {
		if _, err := Make(c.hosts, "h9"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	hosts := []Host{host("h1", 1, 1), host("h2", 1, 1)}
	for _, to := range []string{"h1", "h2", "h9"} {
		if _, _, err := Forbids(hosts, 1, vm("a", 1, 1), "h1", to); err == nil {
			t.Errorf("a move of a guest that is not there, to %s, has no error", to)
		}
	}
	if _, err := Worst(hosts, -1); err == nil {
		t.Error("-1 hosts that fail have no error")
	}
}
