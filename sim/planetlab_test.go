package sim

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/hostagent"
	"parley/peer"
	"parley/sim/power"
	"parley/sim/trace"
)

// planetLab is the site of Beloglazov and Buyya (CCPE 24, 2012) as CloudSim 3.0.3 runs
// it without migrations: each guest on the first host with its maximal MIPS and its
// memory.
func planetLab(t *testing.T) Site {
	t.Helper()
	data := os.Getenv("PARLEY_DATA")
	if data == "" {
		t.Skip("PARLEY_DATA names no directory with planetlab-20110303.tar.gz: docs/scenarios.md says where to get it")
	}
	series, err := trace.Open(filepath.Join(data, "planetlab-20110303.tar.gz"))
	must(t, err)
	const memoryMB = 4096
	// CloudSim looks a tenth of a second after each sample, when a load that grows from
	// zero is no longer zero.
	o := Site{
		Limit: 86_100 * time.Second, Quiet: -1, Config: configWith(func(c *hostagent.Config) { c.SampleEvery = time.Hour }),
		Groups: Groups{By: "size", Size: 2}, Peer: peer.Options{AdvertEvery: 12 * time.Hour},
	}
	var cores, free []float64
	memory := make([]float64, 800)
	for i := range memory {
		core, curve := 1860.0, power.G4
		if i%2 == 1 {
			core, curve = 2660, power.G5
		}
		cores, free = append(cores, core), append(free, 2*core)
		o.Hosts = append(o.Hosts, SiteHost{Name: fmt.Sprint("host", i), Capacity: hostagent.Resources{CPU: 2 * core, MemoryBytes: 64 * gib},
			Curve: curve[:]})
	}
	quarter := (len(series) + 3) / 4
	for i, s := range series {
		mips, mb := []float64{2500, 2000, 1000, 500}[i/quarter], []float64{870, 1740, 1740, 613}[i/quarter]
		at := 0
		for mips > cores[at] || mips > free[at] || memory[at]+mb > memoryMB {
			at++
		}
		free[at], memory[at] = free[at]-mips, memory[at]+mb
		values := make([]float32, len(s.CPU))
		for k, v := range s.CPU {
			values[k] = float32(v)
		}
		o.Guests = append(o.Guests, SiteGuest{
			Name: fmt.Sprint("vm", i), Host: o.Hosts[at].Name, Load: &Samples{Start: -100 * ms, Step: s.Step, Values: values, Cores: mips},
			Declared: hostagent.Resources{CPU: mips, MemoryBytes: int64(mb * 1e6)},
		})
	}
	return o
}

// The account matches CloudSim's: the energy of the day without migrations, with power
// that follows the load and idle hosts off, and with all hosts at full power.
func TestPlanetLabEnergy(t *testing.T) {
	o := planetLab(t)
	o.Power.Off = "idle"
	r, err := o.Run()
	must(t, err)
	f := r.Figures
	if want := 927.99; math.Abs(f.EnergyKWh/want-1) > 0.01 {
		t.Errorf("power by load: got %.2f kWh, want %.2f within 1 %%", f.EnergyKWh, want)
	}
	// CloudSim does not count the first period; without it there is no difference.
	first := o
	first.Limit = 5 * time.Minute
	begin, err := first.Run()
	must(t, err)
	if got, want := f.EnergyKWh-begin.Figures.EnergyKWh, 927.99; math.Abs(got-want) > 0.005 {
		t.Errorf("power by load, after the first period: got %.3f kWh, want %.2f", got, want)
	}
	if f.Unserved != 0 || f.SLATAH != 0 || f.PDM != 0 || f.Migrations != 0 {
		t.Errorf("got %+v, want all that was wanted served, and no migration", f)
	}
	o.Power.Off = ""
	for i, h := range o.Hosts {
		full := h.Curve[len(h.Curve)-1]
		o.Hosts[i].Curve = []float64{full, full}
	}
	r, err = o.Run()
	must(t, err)
	if got, want := r.Figures.EnergyKWh, 2410.80; math.Abs(got-want) > 0.005 {
		t.Errorf("always at full power: got %.2f kWh, want %.2f", got, want)
	}
}
