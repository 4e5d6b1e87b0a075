package sim

import (
	"errors"
	"math"
	"testing"
	"time"

	"parley/hostagent"
)

// powered is a pair of hosts that take from 100 W to 200 W.
func powered(guests ...SiteGuest) Site {
	o := pair(guests...)
	for i := range o.Hosts {
		o.Hosts[i].Curve = []float64{100, 140, 200}
	}
	return o
}

func TestEnergy(t *testing.T) {
	five := guest("g", 5, 0)
	for _, c := range []struct {
		name  string
		power Power
		load  Load
		want  float64 // kWh in an hour
	}{
		{name: "half load and no load", want: 0.140 + 0.100},
		{name: "overload takes no more than full load", load: Constant(25), want: 0.200 + 0.100},
		{name: "between points of the curve", load: Constant(2.5), want: 0.120 + 0.100},
		{name: "a load that grows", load: &Samples{Step: time.Hour, Values: []float32{0, 1}, Cores: 5}, want: 0.120 + 0.100},
		{name: "idle hosts are off", power: Power{Off: "idle"}, want: 0.140},
		{name: "empty hosts sleep", power: Power{Off: "empty", After: 14 * time.Minute, Shutdown: time.Minute, Sleep: 8}, want: 0.140 + 0.025 + 0.006},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := powered(five)
			o.Power, o.Guests[0].Load = c.power, c.load
			near(t, "kWh", bare(t, o).until(t, time.Hour).Figures.EnergyKWh, c.want)
		})
	}
}

// A booting host takes the power of an idle one: 15 min awake, 15 min asleep, 6 min of
// boot, and 24 min with the guest, including the short move.
func TestEnergyOfBoot(t *testing.T) {
	o := powered(guest("g", 0, 0))
	o.Power = Power{Off: "empty", After: 15 * time.Minute, Boot: 6 * time.Minute}
	s := bare(t, o)
	s.send(30*time.Minute, "g", "b", time.Hour, noWish)
	f := s.until(t, time.Hour).Figures
	// a: 36 min and 8.05 s with the guest, and 15 min until it sleeps.
	awayAt := 36.0*60 + 8.05
	near(t, "kWh", f.EnergyKWh, 0.1*(15+30)/60+0.1*(awayAt+15*60)/3600)
	near(t, "empty hosts", f.HostsEmpty, (30.0*60+3600-awayAt)/3600)
}

// The cost of a migration: the guest loses a tenth of its CPU, and the target spends a
// tenth of it.
func TestCostOfMigration(t *testing.T) {
	s := bare(t, powered(guest("g", 5, 0)))
	s.send(0, "g", "b", time.Hour, noWish)
	f := s.until(t, time.Hour).Figures
	const moving = 8.05
	near(t, "PDM", f.PDM, 0.5*moving/(5*3600))
	near(t, "unserved", f.Unserved, 0.5*moving/(5*3600))
	near(t, "kWh", f.EnergyKWh, (moving*(136+104)+(3600-moving)*(140+100))/3.6e6)
}

func TestOverload(t *testing.T) {
	first, second := guest("g", 9, 0), guest("h", 6, 0)
	second.Priority = 50
	s := bare(t, pair(first, second))
	f := s.until(t, time.Hour).Figures
	near(t, "unserved", f.Unserved, 5.0/15)
	near(t, "SLATAH", f.SLATAH, 1) // the other host has no demand, so it is not active
	near(t, "PDM", f.PDM, 0)
	near(t, "SLAV", f.SLAV, 0)
	near(t, "overload", f.Overload, 3600*(1+1.5))
	near(t, "greatest load", f.LoadMax, 1.5)
	near(t, "deviation", f.Deviation, 0.75)
	near(t, "empty hosts", f.HostsEmpty, 1)
	if f.HotTicks != 13 || f.OverTicks != 13 {
		t.Errorf("ticks above 80 and 100 %%: got %d and %d, want 13 and 13", f.HotTicks, f.OverTicks)
	}
	near(t, "relief: not relieved until the end", f.Relief, 3600)
	near(t, "CPU time that the first got", s.guests[0].cpu.time.Seconds(), 3600*9*10.0/15)
}

// From 0 to 20 of 10 cores in an hour: in the second half the demand exceeds the
// capacity, by a quarter of the total.
func TestOverloadThatGrows(t *testing.T) {
	g := guest("g", 0, 0)
	g.Load = &Samples{Step: time.Hour, Values: []float32{0, 1}, Cores: 20}
	f := bare(t, pair(g)).until(t, time.Hour).Figures
	near(t, "SLATAH", f.SLATAH, 0.5)
	near(t, "unserved", f.Unserved, 0.25)
	near(t, "overload", f.Overload, 1800)
	for _, m := range Measures() {
		if got, want := math.IsNaN(m.Of(f)), m.Key == "energy" || m.Key == "esv"; got != want {
			t.Errorf("%s without a curve: not known is %v, want %v", m.Key, got, want)
		}
	}
	near(t, "deviation, first", f.DeviationFirst, 0)
	near(t, "deviation, last", f.DeviationLast, 1)
	near(t, "deviation, mean of 13 ticks", f.Deviation, 0.5)
}

// Averages over time exclude the warm-up.
func TestWarm(t *testing.T) {
	g := guest("g", 0, 0)
	g.Load = &Samples{Step: 30 * time.Minute, Values: []float32{1, 0, 0}, Cores: 10}
	o := pair(g)
	o.Warm = 30 * time.Minute
	f := bare(t, o).until(t, time.Hour).Figures
	near(t, "deviation", f.Deviation, 0)
	near(t, "deviation, first", f.DeviationFirst, 0.5)
}

// An overload lasts until the host is seen below its level again: here from the
// beginning to the tick at 15 min, and from that at 30 min to the end.
func TestRelief(t *testing.T) {
	g := guest("g", 0, 0)
	g.Load = &Samples{Step: 5 * time.Minute, Values: []float32{.9, .9, .9, .2, .2, .2, .9, .9}, Cores: 10}
	near(t, "relief", bare(t, pair(g)).until(t, time.Hour).Figures.Relief, (900+1800)/2)
	o := pair(g)
	o.Config = configWith(func(c *hostagent.Config) { c.High = 0.95 })
	near(t, "relief above the level of the agents", bare(t, o).until(t, time.Hour).Figures.Relief, 0)
}

// A guest that returns within an hour after it left is a ping-pong.
func TestPingPongs(t *testing.T) {
	for _, c := range []struct {
		back time.Duration
		to   string
		want int
	}{
		{59 * time.Minute, "a", 1}, {60 * time.Minute, "a", 1}, {61 * time.Minute, "a", 0}, {5 * time.Minute, "c", 0},
	} {
		s := bare(t, pair(guest("g", 0, 0)))
		s.account.moved(s.guests[0], Move{At: time.Minute, Guest: "g", From: "a", To: "b"})
		s.account.moved(s.guests[0], Move{At: time.Minute + c.back, Guest: "g", From: "b", To: c.to})
		if got := s.account.figures(); got.PingPongs != c.want || got.Migrations != 2 {
			t.Errorf("to %s after %v: got %d ping-pongs of %d moves, want %d of 2", c.to, c.back, got.PingPongs, got.Migrations, c.want)
		}
	}
}

// A stopped host takes no power and serves no guest; that loss does not count as one of
// a migration.
func TestAccountOfStoppedHost(t *testing.T) {
	s := bare(t, powered(guest("g", 5, 0)))
	s.plan(15*time.Minute, func() error { return s.stop(s.hosts[0], 15*time.Minute) })
	f := s.until(t, time.Hour).Figures
	near(t, "unserved", f.Unserved, 0.25)
	near(t, "PDM", f.PDM, 0)
	near(t, "kWh", f.EnergyKWh, (0.140*45+0.100*60)/60)
}

func TestShareAbove(t *testing.T) {
	for _, c := range [][4]float64{{0, 1, 2, 0}, {3, 4, 2, 1}, {0, 4, 1, 0.75}, {4, 0, 1, 0.75}, {1, 1, 1, 0}, {1, 3, 1, 1}} {
		near(t, "share", shareAbove(c[0], c[1], c[2]), c[3])
	}
}

// A run ends with the error of its Progress function.
func TestProgressEndsRun(t *testing.T) {
	o := pair(guest("g", 1, 0))
	stop, ticks := errors.New("enough"), 0
	o.Quiet = -1
	o.Progress = func(at time.Duration) error {
		if ticks++; at >= 30*time.Minute {
			return stop
		}
		return nil
	}
	r, err := o.Run()
	if !errors.Is(err, stop) || r.Ran != 30*time.Minute || ticks != 7 {
		t.Errorf("got %v after %v and %d ticks, want the error after 30 min and 7", err, r.Ran, ticks)
	}
}
