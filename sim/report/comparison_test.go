package report

import (
	"strings"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	course := func(change func(*Course)) Policy {
		c := &Course{Step: time.Minute, Hosts: []string{"a"}, Load: [][]float32{{0}, {1}}, Watts: []float64{1, 2}}
		change(c)
		return Policy{Name: "p", Runs: []Run{{Seed: 7, Course: c}}}
	}
	for _, c := range []struct {
		name string
		in   Comparison
		want string
	}{
		{"empty", Comparison{}, ""},
		{"good", Comparison{Policies: []Policy{course(func(*Course) {})}}, ""},
		{"no key", Comparison{Measures: []Measure{{Name: "Energy"}}}, `measure 1: key "" is empty`},
		{"key twice", Comparison{Measures: []Measure{{Key: "e"}, {Key: "e"}}}, `measure 2: key "e" is empty or taken`},
		{"name twice", Comparison{Policies: []Policy{{Name: "p"}, {Name: "p"}}}, `policy 2: name "p" is empty or taken`},
		{"seed twice", Comparison{Policies: []Policy{{Name: "p", Runs: []Run{{Seed: 3}, {Seed: 3}}}}}, `policy "p": seed 3 is there twice`},
		{"other spans", Comparison{Policies: []Policy{
			{Name: "p", Runs: []Run{{Seed: 3, Ran: 10 * time.Minute}}}, {Name: "q", Runs: []Run{{Seed: 3, Ran: 15 * time.Minute}}},
		}}, `seed 3 ran for 10m0s with "p" and for 15m0s with "q"`},
		{"no step", Comparison{Policies: []Policy{course(func(c *Course) { c.Step = 0 })}}, `policy "p", seed 7: course: step 0s`},
		{"short series", Comparison{Policies: []Policy{course(func(c *Course) { c.Watts = c.Watts[:1] })}}, "watts has 1 ticks, others have 2"},
		{"short load", Comparison{Policies: []Policy{course(func(c *Course) { c.Load = c.Load[:1] })}}, "load has 1 ticks, others have 2"},
		{"too few hosts", Comparison{Policies: []Policy{course(func(c *Course) { c.Load[1] = nil })}}, "tick 1 has the load of 0 hosts, there are 1"},
	} {
		err := c.in.Check()
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: got %v", c.name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
