package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// sample is an invented comparison in the form of the simulator's: loads oscillate over
// a day, the first policy changes nothing, the second balances the load, the third
// empties hosts.
//
// Only the first run of each policy has its course.
func sample(hosts, ticks, seeds int) Comparison {
	c := sampleCourses(hosts, ticks, seeds)
	for _, p := range c.Policies {
		for i := range p.Runs[1:] {
			p.Runs[i+1].Course = nil
		}
	}
	return c
}

// sampleCourses is the same with the course of each run, and the load of the hosts in the
// first of each policy, as a comparison with charts has them.
func sampleCourses(hosts, ticks, seeds int) Comparison {
	c := Comparison{
		Title: "Day in a small site", Scenario: "day.yaml", Hosts: hosts, Guests: 4 * hosts,
		Note: "Loads wave over the day; a third of the hosts starts with twice the guests of the others.\n\nNothing fails.",
		Measures: []Measure{
			{Key: "energy", Name: "Energy", Unit: "kWh", Doc: "What all hosts took.", Better: -1, Digits: 1},
			{Key: "overload", Name: "Overload time", Unit: "%", Doc: "Share of host time above capacity.", Better: -1, Digits: 2},
			{Key: "deviation", Name: "Deviation of load", Doc: "Mean over time of the standard deviation over hosts.", Better: -1, Digits: 3},
			{Key: "migrations", Name: "Migrations", Doc: "Guests moved.", Better: -1},
			{Key: "messages", Name: "Messages per host", Doc: "Sent, of all kinds."},
			{Key: "headroom", Name: "Least head-room", Unit: "%", Doc: "Of the fullest host, mean over time.", Better: 1, Digits: 1},
		},
	}
	for kind, name := range []string{"none", "agility", "power_saving"} {
		p := Policy{Name: name}
		for seed := 1; seed <= seeds; seed++ {
			p.Runs = append(p.Runs, sampleRun(kind, uint64(seed), hosts, ticks))
		}
		for i := range p.Runs[1:] {
			p.Runs[i+1].Course.Hosts, p.Runs[i+1].Course.Load = nil, nil
		}
		c.Policies = append(c.Policies, p)
	}
	c.Made = &Made{
		Version: "1.2.3", Commit: "0123abcd", Date: time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC),
		Command: "parley sim compare day.yaml --policy=none,agility,power_saving", Scenario: Digest{"day.yaml", "5ce0"},
		Traces: []Digest{{"day.csv", "7ace"}},
	}
	c.Policies[1].Models = []Digest{{"agility", "a911"}}
	c.Policies[2].Models = []Digest{{"power_saving", "e0e0"}, {"agility", "a911"}}
	return c
}

func sampleRun(kind int, seed uint64, hosts, ticks int) Run {
	chance := rand.New(rand.NewPCG(seed, 7)) // the same for each kind: runs of a seed are paired
	course := &Course{Step: 5 * time.Minute}
	base := make([]float64, hosts)
	for h := range base {
		course.Hosts = append(course.Hosts, fmt.Sprintf("host%03d", h+1))
		base[h] = 0.2 + 0.15*chance.Float64()
		if h%3 == 0 {
			base[h] *= 2.3
		}
	}
	var watts, over, spread, moves, talk float64
	for tick := 0; tick < ticks; tick++ {
		row := sampleTick(kind, chance, base, float64(tick)/float64(ticks))
		course.Load = append(course.Load, row)
		on := 0
		for _, load := range row {
			if load >= 0 {
				on++
			}
		}
		course.On = append(course.On, float64(on))
		w, o, d := sampleSums(row)
		m := 0.0
		if kind > 0 {
			m = math.Floor(float64(hosts) / 4 * math.Exp(-float64(tick)/12) * (0.5 + chance.Float64()))
		}
		course.Watts = append(course.Watts, w)
		course.Overloaded = append(course.Overloaded, o)
		course.Deviation = append(course.Deviation, d)
		course.Migrations = append(course.Migrations, m)
		course.Messages = append(course.Messages, 12*m+float64(hosts*min(kind, 1)))
		watts, over, spread, moves, talk = watts+w, over+o, spread+d, moves+m, talk+course.Messages[tick]
	}
	n := float64(ticks)
	return Run{Seed: seed, Ran: time.Duration(ticks) * 5 * time.Minute, Course: course, Values: map[string]float64{
		"energy": watts / 12 / 1000, "overload": 100 * over / n / float64(hosts), "deviation": spread / n,
		"migrations": moves, "messages": talk / float64(hosts), "headroom": 40 - 100*spread/n,
	}}
}

func sampleTick(kind int, chance *rand.Rand, base []float64, at float64) []float32 {
	wave := 1 + 0.5*math.Sin(2*math.Pi*(at-0.3))
	settled := 1 - math.Exp(-at*12)
	row := make([]float32, len(base))
	for h := range row {
		load := base[h]*wave + 0.05*chance.NormFloat64()
		switch kind {
		case 1:
			load += (0.36*wave - base[h]*wave) * settled
		case 2:
			if on := 1 - settled*(1-0.5*wave); float64(h) > on*float64(len(base)) {
				load = -1
			} else {
				load += (0.8 - load) * settled
			}
		}
		if load >= 0 || kind == 2 {
			row[h] = float32(load)
		}
	}
	return row
}

func sampleSums(row []float32) (watts, over, deviation float64) {
	var n, sum, squares float64
	for _, load := range row {
		if load < 0 {
			continue
		}
		l := float64(load)
		n, sum, squares = n+1, sum+l, squares+l*l
		watts += 90 + 45*min(l, 1)
		if l > 1 {
			over++
		}
	}
	return watts, over, math.Sqrt(max(0, squares/n-sum/n*sum/n))
}
