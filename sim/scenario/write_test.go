package scenario

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/hostagent"
	"parley/sim"
)

// Written hosts and guests are read back unchanged, from one document or from several.
func TestWriteAndRead(t *testing.T) {
	hosts := []sim.SiteHost{
		{Name: "a", Capacity: hostagent.Resources{CPU: 7.5, MemoryBytes: 64<<30 + 1}, Labels: []string{"disk=ssd", "rack=1"}, Group: "x", Curve: []float64{90, 200.5}, Link: 125e6},
		{Name: "b", Capacity: hostagent.Resources{CPU: 16, MemoryBytes: 32 << 30, DiskBytes: 1 << 34}, Link: 1.25e9,
			Takes: sim.Takes{Kinds: hostagent.Kinds(), Offers: []string{"criu=4.2"}}},
	}
	guests := []sim.SiteGuest{
		{
			Name: "yes", Host: "b", Kind: hostagent.Container, Needs: []string{"criu=4.2"},
			Declared: hostagent.Resources{CPU: 2, MemoryBytes: 4 << 30, DiskBytes: 1 << 30}, Load: sim.Constant(0.5),
			Priority: -7, DirtyRate: 62.5e6, WorkingSet: 1 << 20, MIPS: 812.5,
			Rules: hostagent.Rules{Labels: []string{"app=db"}, Requires: []string{"disk=ssd"}, Near: []string{"app=web"},
				Apart: []string{"app=db", "app=x"}, Pinned: true, Ignored: true},
		},
		{Name: "123", Host: "a", Declared: hostagent.Resources{CPU: 1, MemoryBytes: 613e6}, CPU: 1.25},
	}
	var whole, parts bytes.Buffer
	if err := Write(&whole, "agility", hosts, guests); err != nil {
		t.Fatal(err)
	}
	for i, h := range hosts {
		parts.WriteString("---\n# a comment\n")
		if err := Write(&parts, "agility", hosts[i:i+1], []sim.SiteGuest{guests[1-i]}); err != nil {
			t.Fatal(h.Name, err)
		}
	}
	guests[1].Load, guests[1].CPU = sim.Constant(1.25), 0
	for _, text := range []string{whole.String(), parts.String()} {
		s, err := Read(strings.NewReader(text), "x.yaml", Options{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if !reflect.DeepEqual(s.Policies, []string{"agility"}) {
			t.Errorf("policies: got %v, want agility, once", s.Policies)
		}
		site, err := s.Site(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(site.Hosts, hosts) {
			t.Errorf("hosts: got %+v, want %+v", site.Hosts, hosts)
		}
		got := map[string]sim.SiteGuest{}
		for _, g := range site.Guests {
			got[g.Name] = g
		}
		for _, want := range guests {
			if !reflect.DeepEqual(got[want.Name], want) {
				t.Errorf("guests: got %+v, want %+v", got[want.Name], want)
			}
		}
	}
}

// Numbers of bytes are read back unchanged.
func TestBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int64Range(0, 1<<50).Draw(t, "bytes")
		if rapid.Bool().Draw(t, "round") {
			want = want >> 20 << 20
		}
		text, err := Bytes(want).MarshalYAML()
		if err != nil {
			t.Fatal(err)
		}
		s, err := Read(strings.NewReader("hosts: [{name: h, cores: 1, memory: "+text.(string)+", link: 1 B}]\n"), "x.yaml", Options{})
		if want == 0 {
			if err == nil {
				t.Fatal("got a host without memory, want an error")
			}
			return
		}
		if err != nil || int64(s.Hosts[0].Memory) != want {
			t.Fatalf("%d is written as %s: got %v, %v", want, text, s, err)
		}
	})
	for text, want := range map[string]float64{"64 GiB": 64 << 30, "62.5 MB/s": 62.5e6, "1.5TiB": 1.5 * (1 << 40), "7 B": 7, "7 kB": 7000,
		"2 KiB/s": 2048, "870 MB": 870e6, "9 B": 9} {
		s, err := Read(strings.NewReader("hosts: [{name: h, cores: 1, memory: "+text+"}]\n"), "x.yaml", Options{})
		if err != nil || float64(s.Hosts[0].Memory) != want {
			t.Errorf("%s: got %v, want %v (%v)", text, s, want, err)
		}
	}
}
