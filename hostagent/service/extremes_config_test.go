package service

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/internal/race"
	"parley/models"
)

// bound is a value at the edge of a configuration key's range.
type bound struct {
	key    string // named by the refusal; "": the value is accepted
	change func(*config.Config)
}

// ofTime are the edges of a time: least and most are accepted, one less and one more
// are refused.
func ofTime(key string, field func(*config.Config) *time.Duration, least time.Duration) []bound {
	to := func(d time.Duration) func(*config.Config) { return func(c *config.Config) { *field(c) = d } }
	return []bound{
		{"", to(least)}, {"", to(hostagent.TimeMost)},
		{key, to(least - 1)}, {key, to(hostagent.TimeMost + 1)}, {key, to(math.MaxInt64)}, {key, to(math.MinInt64)},
	}
}

// numbered returns n labels of size bytes each.
func numbered(n, size int) (labels []string) {
	for i := range n {
		label := fmt.Sprintf("k%03d=", i)
		labels = append(labels, label+strings.Repeat("v", size-len(label)))
	}
	return labels
}

func fullRules(n int) (list []hostagent.RulesFor) {
	most := numbered(16, 64)
	for i := range n {
		pattern := fmt.Sprintf("%s%d", strings.Repeat("*", 200), i)
		list = append(list, hostagent.RulesFor{
			Guests: pattern,
			Rules:  hostagent.Rules{Priority: 100, Labels: most, Requires: most, Near: most, Apart: most},
		})
	}
	return list
}

// runningBounds are those of the keys that a running agent accepts.
func runningBounds() (list []bound) {
	for _, times := range [][]bound{
		ofTime("smoothing", func(c *config.Config) *time.Duration { return &c.Smoothing }, 0),
		ofTime("cooldown", func(c *config.Config) *time.Duration { return &c.Cooldown }, 0),
		ofTime("return_after", func(c *config.Config) *time.Duration { return &c.ReturnAfter }, 0),
		ofTime("offer_ttl", func(c *config.Config) *time.Duration { return &c.OfferTTL }, time.Second),
		ofTime("deadline.base", func(c *config.Config) *time.Duration { return &c.Deadline.Base }, time.Second),
		ofTime("deadline.per_gib", func(c *config.Config) *time.Duration { return &c.Deadline.PerGiB }, 0),
	} {
		list = append(list, times...)
	}
	below, tiny := math.Nextafter(1, 0), math.SmallestNonzeroFloat64
	for key, shares := range map[string]struct {
		field           func(*config.Config) *float64
		taken, notTaken []float64
	}{
		"hysteresis": {func(c *config.Config) *float64 { return &c.Hysteresis }, []float64{0, tiny, below},
			[]float64{-tiny, 1, math.NaN(), math.Inf(1)}},
		"coverage": {func(c *config.Config) *float64 { return &c.Coverage }, []float64{tiny, below}, []float64{0, 1, math.NaN(), -1}},
		"gain_min": {func(c *config.Config) *float64 { return &c.GainMin }, []float64{0, tiny, 1}, []float64{-tiny, math.Nextafter(1, 2), math.NaN()}},
		"low":      {func(c *config.Config) *float64 { return &c.Low }, []float64{0, tiny, math.Nextafter(0.8, 0)}, []float64{-tiny, 0.8, math.NaN()}},
	} {
		for _, value := range shares.taken {
			list = append(list, bound{"", func(c *config.Config) { *shares.field(c) = value }})
		}
		for _, value := range shares.notTaken {
			list = append(list, bound{key, func(c *config.Config) { *shares.field(c) = value }})
		}
	}
	flat := make([]float64, 1001)
	return append(list,
		bound{"", func(c *config.Config) { c.Low, c.High = below, 1 }},
		bound{"high", func(c *config.Config) { c.High = math.Nextafter(1, 2) }},
		bound{"", func(c *config.Config) { c.HoldSamples = 1 }}, bound{"", func(c *config.Config) { c.HoldSamples = 1000 }},
		bound{"hold_samples", func(c *config.Config) { c.HoldSamples = 0 }},
		bound{"hold_samples", func(c *config.Config) { c.HoldSamples = 1001 }},
		bound{"", func(c *config.Config) { c.MovesIn, c.MovesOut = 100, 100 }},
		bound{"moves_in", func(c *config.Config) { c.MovesIn = 0 }}, bound{"moves_in", func(c *config.Config) { c.MovesIn = 101 }},
		bound{"moves_out", func(c *config.Config) { c.MovesOut = 0 }}, bound{"moves_out", func(c *config.Config) { c.MovesOut = math.MaxInt }},
		bound{"", func(c *config.Config) { c.Power = []float64{0, 0} }}, bound{"", func(c *config.Config) { c.Power = flat[:1000] }},
		bound{"", func(c *config.Config) { c.Power = []float64{1e6, 1e6} }},
		bound{"power", func(c *config.Config) { c.Power = []float64{1} }}, bound{"power", func(c *config.Config) { c.Power = flat }},
		bound{"power", func(c *config.Config) { c.Power = []float64{0, 1e6 + 1} }},
		bound{"power", func(c *config.Config) { c.Power = []float64{-1, 1} }},
		bound{"", func(c *config.Config) { c.Labels = numbered(16, 64) }},
		bound{"labels", func(c *config.Config) { c.Labels = numbered(17, 64) }},
		bound{"labels", func(c *config.Config) { c.Labels = numbered(1, 65) }},
		bound{"", func(c *config.Config) { c.Rules = fullRules(1000) }}, bound{"rules", func(c *config.Config) { c.Rules = fullRules(1001) }},
		bound{"rules", func(c *config.Config) { c.Rules = []hostagent.RulesFor{{Guests: strings.Repeat("*", 257)}} }},
		bound{"rules", func(c *config.Config) {
			c.Rules = []hostagent.RulesFor{{Guests: "*", Rules: hostagent.Rules{Priority: -101}}}
		}},
		bound{"rules", func(c *config.Config) {
			c.Rules = []hostagent.RulesFor{{Guests: "*", Rules: hostagent.Rules{Near: numbered(17, 64)}}}
		}},
	)
}

// TestExtremeConfigurations: an agent survives the smallest and the largest value of
// each key, refuses the next one by the key's name, and accepts a usual configuration
// afterwards.
func TestExtremeConfigurations(t *testing.T) {
	cfg := testConfig(t.TempDir(), "h1", "")
	text, _ := models.Text("agility")
	policyFile(t, &cfg, string(text))
	platform := testHost(t, memory.NewSite(memory.Options{}), "h1")
	for i := range 4 {
		testGuest(t, platform, fmt.Sprintf("g%d", i), 0.9)
	}
	d := begin(t, cfg, platform)
	d.until(t, "the load is known", func(s api.Status) bool { return s.Load.Known })
	for i, b := range runningBounds() {
		if race.Detector && i%5 != 0 {
			continue // the same goroutines for each bound
		}
		changed := cfg
		b.change(&changed)
		err := d.Reconfigure(t.Context(), changed)
		var fault *config.Fault
		switch {
		case b.key == "" && err != nil:
			t.Fatalf("bound %d: got %v, want it taken", i, err)
		case b.key != "" && (!errors.As(err, &fault) || !strings.HasPrefix(fault.Key, b.key)):
			t.Errorf("bound %d: got %v, want it refused for %s", i, err, b.key)
		}
		seen, err := platform.Observe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		d.sees(t, seen)
		if _, err := d.Explain(t.Context(), "g0"); err != nil {
			t.Fatalf("bound %d: the agent does not explain any more: %v\n%s", i, err, d.log)
		}
	}
	if err := d.Reconfigure(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	d.until(t, "all is as before", func(s api.Status) bool { return s.Load.Known && s.Rejected.Why == "" && len(s.Policy.Models) == 1 })
}

// TestExtremeStarts: an agent starts with the smallest and with the largest values of
// all keys that need a restart.
func TestExtremeStarts(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"smallest": func(c *config.Config) {
			c.Host, c.Links, c.SampleEvery, c.LoadSource = "h", 8, 100*time.Millisecond, "machine"
			c.Capacity = config.Capacity{CPU: math.SmallestNonzeroFloat64, Memory: "0.000001MiB", OverheadMemory: "0MiB"}
			c.Platform.CallTimeout, c.Platform.DirtyEvery, c.Platform.DowntimeMax, c.Platform.BandwidthMax = time.Second, 1, 1, 1
			c.Audit = config.Audit{Most: 1, KeepFor: 1, LoadsFor: 1, LoadsEvery: time.Second, LoadsMost: "64KiB"}
			c.Group = ""
		},
		"largest": func(c *config.Config) {
			c.Host, c.Links, c.SampleEvery = strings.Repeat("h", 64), 500, hostagent.TimeMost
			c.Capacity = config.Capacity{CPU: config.CoresMost, ReserveMemory: "1000TiB", OverheadMemory: "1000TiB"}
			c.Platform.CallTimeout, c.Platform.DirtyEvery = 10*hostagent.TimeMost, 10*hostagent.TimeMost
			c.Platform.DowntimeMax, c.Platform.BandwidthMax = hostagent.TimeMost, math.MaxInt64
			c.Audit = config.Audit{
				Most: config.AuditMost, KeepFor: 10 * hostagent.TimeMost,
				LoadsFor: 10 * hostagent.TimeMost, LoadsEvery: time.Hour, LoadsMost: "1024TiB",
			}
			c.Group = strings.Repeat("g", config.GroupMost)
			for i := range 16 {
				c.Listen = append(c.Listen, fmt.Sprintf("/ip4/127.0.0.%d/tcp/0", i+1))
			}
		},
	} {
		cfg := testConfig(t.TempDir(), "h1", "")
		change(&cfg)
		platform := testHost(t, memory.NewSite(memory.Options{}), "h1")
		testGuest(t, platform, "g1", 0.9)
		d := begin(t, cfg, platform)
		seen, err := platform.Observe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		d.until(t, name+": it answers", func(s api.Status) bool { return s.Host == cfg.Host })
		d.sees(t, seen)
		d.until(t, name+": it sees its guest", func(s api.Status) bool { return len(s.Guests) == 1 })
		d.stop()
	}
}
