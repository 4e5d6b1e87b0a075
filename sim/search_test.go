package sim

import (
	"fmt"
	"math"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/models"
	"parley/peer"
)

// rackSize is the number of hosts in a rack of the sites below.
const rackSize = 20

// racks is a site of hosts in racks, each with its own group, for an hour. The demand
// of a rack's guests rises and falls together, so that at any time some racks are
// overloaded as a whole and must look for room outside.
func racks(t testing.TB, hosts int, seed uint64) Site {
	t.Helper()
	text, _ := models.Text("search")
	search, found := lcc.Compile("search", text, hostagent.Vocabulary())
	if search == nil {
		t.Fatal(found)
	}
	o := Site{
		Policies: []*lcc.Model{search}, Seed: seed, Groups: Groups{By: "hash", Label: "rack", Size: rackSize},
		Config: configWith(func(c *hostagent.Config) { c.SampleEvery = 15 * time.Second }), Peer: peer.Options{AdvertEvery: time.Minute,
			AdvertGap: 5 * time.Second},
		Limit: time.Hour, Quiet: -1,
	}
	for i := range hosts {
		rack := i / rackSize
		h := SiteHost{
			Name: fmt.Sprintf("host%05d", i), Capacity: hostagent.Resources{CPU: 16, MemoryBytes: 128 * gib},
			Labels: []string{fmt.Sprint("rack=r", rack)},
		}
		o.Hosts = append(o.Hosts, h)
		for k := range 8 {
			o.Guests = append(o.Guests, SiteGuest{
				Name: fmt.Sprintf("guest%05d-%d", i, k), Host: h.Name, Load: tide(rack, 4*(1+k%2)),
				Declared: hostagent.Resources{CPU: float64(4 * (1 + k%2)), MemoryBytes: 4 * gib}, DirtyRate: 20e6,
			})
		}
	}
	return o
}

// tide is the load of the guests of a rack: a wave with a period of an hour, with a
// phase for each rack.
func tide(rack, cores int) *Samples {
	load := &Samples{Step: 5 * time.Minute, Cores: float64(cores)}
	for k := range 13 {
		load.Values = append(load.Values, float32(0.2+0.11*math.Sin(2*math.Pi*(float64(k)/12+float64(rack%5)/5))))
	}
	return load
}

// The messages of a host do not grow with the number of hosts.
func TestMessagesPerHost(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and an hour of 1,000 hosts: nothing for the race detector; go test without -short runs it")
	}
	measured := map[int]Figures{}
	for _, hosts := range []int{100, 1000} {
		r, err := racks(t, hosts, 1).Run()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d hosts: %.2f messages and %.0f adverts heard per host and hour, %d migrations, %.3f %% unserved",
			hosts, r.Figures.PerHostHour, advertsHeard(r, hosts), r.Figures.Migrations, 100*r.Figures.Unserved)
		measured[hosts] = r.Figures
		if r.Figures.Migrations < hosts/20 {
			t.Errorf("%d hosts: got %d migrations, want the test to have some", hosts, r.Figures.Migrations)
		}
	}
	few, many := measured[100], measured[1000]
	if ratio := many.PerHostHour / few.PerHostHour; ratio > 1.5 || ratio < 1/1.5 {
		t.Errorf("messages per host and hour: got %.2f at 100 hosts and %.2f at 1,000, want a ratio of at most 1.5", few.PerHostHour,
			many.PerHostHour)
	}
	if ratio := float64(many.Adverts) / 10 / float64(few.Adverts); ratio > 1.5 {
		t.Errorf("adverts heard: got %d at 100 hosts and %d at 1,000, want a ratio of at most 1.5 per host", few.Adverts, many.Adverts)
	}
}

func advertsHeard(r SiteResult, hosts int) float64 {
	return float64(r.Figures.Adverts) / float64(hosts) / r.Ran.Hours()
}

// BenchmarkMessagesPerHost measures the messages of a host that looks for room in its
// rack first and outside it if there is none.
func BenchmarkMessagesPerHost(b *testing.B) {
	for _, hosts := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(hosts), func(b *testing.B) {
			var messages, adverts float64
			for b.Loop() {
				r, err := racks(b, hosts, 1).Run()
				if err != nil {
					b.Fatal(err)
				}
				messages, adverts = r.Figures.PerHostHour, advertsHeard(r, hosts)
			}
			b.ReportMetric(messages, "messages/host/hour")
			b.ReportMetric(adverts, "adverts/host/hour")
		})
	}
}
