package hostagent

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// configWith returns the default configuration with changes.
func configWith(change func(*Config)) Config {
	c := DefaultConfig()
	change(&c)
	return c
}

// A value out of its range is refused by the name of its field, and the refusal says
// what to give.
func TestConfigFaults(t *testing.T) {
	for _, c := range []struct {
		change func(*Config)
		want   string // "": accepted
	}{
		{func(*Config) {}, ""},
		{func(c *Config) { *c = Config{} }, "SampleEvery is 0s: give 100ms to 10000h0m0s"},
		{func(c *Config) { c.SampleEvery = 0 }, "SampleEvery is 0s: give 100ms to 10000h0m0s"},
		{func(c *Config) { c.SampleEvery = TimeMost + 1 }, "SampleEvery is 10000h0m0.000000001s: give"},
		{func(c *Config) { c.HoldSamples = 0 }, "HoldSamples is 0: give 1 to 1000"},
		{func(c *Config) { c.HoldSamples = -1 }, "HoldSamples is -1"},
		{func(c *Config) { c.Hysteresis = 2 }, "Hysteresis is 2: give a share of capacity, from 0 up to below 1"},
		{func(c *Config) { c.Hysteresis = math.NaN() }, "Hysteresis is NaN"},
		{func(c *Config) { c.Coverage = 0 }, "Coverage is 0: give a share above 0 and below 1"},
		{func(c *Config) { c.High, c.Low = 0, 0 }, "High is 0: give a share of capacity, above 0 and at most 1"},
		{func(c *Config) { c.Low = 0.9 }, "Low is 0.9: give a level below that of overload, which is 0.8"},
		{func(c *Config) { c.MovesIn = 0 }, "MovesIn is 0: give 1 to 100"},
		{func(c *Config) { c.MovesOut = 101 }, "MovesOut is 101"},
		{func(c *Config) { c.Deadline.Base = 0 }, "Deadline.Base is 0s: give 1s to 10000h0m0s"},
		{func(c *Config) { c.Deadline.PerGiB = -1 }, "Deadline.PerGiB is -1ns"},
		{func(c *Config) { c.RetryEvery = 0 }, "RetryEvery is 0s"},
		{func(c *Config) { c.CommitWait = 0 }, "CommitWait is 0s"},
		{func(c *Config) { c.ArmedTTL = 0 }, "ArmedTTL is 0s"},
		{func(c *Config) { c.SettleMax = 0 }, "SettleMax is 0s"},
		{func(c *Config) { c.OfferTTL = 0 }, "OfferTTL is 0s: give 1s to 10000h0m0s"},
		{func(c *Config) { c.OfferTTL = 100000 * time.Hour }, "OfferTTL is 100000h0m0s"},
		{func(c *Config) { c.Platform.BandwidthMax = -1 }, "Platform.BandwidthMax is -1: give bytes per second, or 0 for no limit"},
		{func(c *Config) { c.Platform.DowntimeMax = -1 }, "Platform.DowntimeMax is -1ns"},
		{func(c *Config) { c.Rules = []RulesFor{{Guests: "a"}, {}} }, "Rules[1].Guests is \"\""},
	} {
		config := configWith(c.change)
		_, err := New(Options{Self: "me", Config: config})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("New(%+v): got error %v, want one with %q", config, err, c.want)
		}
	}
	if _, err := New(Options{Config: DefaultConfig()}); err == nil {
		t.Error("New without Self: got no error, want one")
	}
}

// Where 0 has a meaning it is taken, and stays 0.
func TestConfigZeros(t *testing.T) {
	config := configWith(func(c *Config) {
		c.Smoothing, c.Hysteresis, c.Cooldown, c.ReturnAfter, c.Deviations, c.Low, c.GainMin, c.Deadline.PerGiB = 0, 0, 0, 0, 0, 0, 0, 0
	})
	c := newCore(t, config)
	if got := c.Config(); !reflect.DeepEqual(got, config) {
		t.Errorf("got %+v\nwant %+v", got, config)
	}
	if c.cooling(time.Unix(1_700_000_000, 0)) {
		t.Error("a guest is cooling with a cool-down of 0")
	}
	b := backoff{failed: map[attempt]*failure{}}
	b.note(failedMove{guest: "web", host: "b", began: 1, begun: true}, 10, time.Time{})
	if got, want := b.modelUntil(attempt{guest: "web"}, 0, time.Second), lcc.Instant(10+time.Second); got != want {
		t.Errorf("with a cool-down of 0 a failed guest rests until %d, want %d", got, want)
	}
}

// A guest whose move was only recommended rests for a while. Once the host is to carry out
// moves it rests no longer.
func TestAutoCarriesOutWhatWasRecommended(t *testing.T) {
	h := newEnd(t, "h", Guest{ID: "web", Name: "web", State: Running})
	h.core.recommended.away["web"] = recommendation{at: h.core.now}
	unmoved := func() Code { return h.core.Status().Guests[0].Unmoved.Code }
	config := h.core.config
	for _, recommend := range []bool{true, false} {
		if got := unmoved(); got != CodeCooling {
			t.Errorf("before it recommends: %v: got %q, want %q", recommend, got, CodeCooling)
		}
		config.Recommend = recommend
		h.step(Configured{Config: config})
	}
	if h.core.Status().Guests[0].Recommended {
		t.Error("with moves that are carried out: the recommendation still holds")
	}
	if got := unmoved(); got != "" {
		t.Errorf("with moves that are carried out: got %q, want that the guest may be moved", got)
	}
}
