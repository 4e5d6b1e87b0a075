package scenario

import (
	"slices"

	"parley/sim"
)

func hasName(name string) func(sim.SiteHost) bool {
	return func(h sim.SiteHost) bool { return h.Name == name }
}

// checkRest looks at what is about the whole site.
func (s *Scenario) checkRest() (found []error) {
	wrong := func(path []any, format string, args ...any) { found = append(found, s.wrong(path, format, args...)) }
	if !slices.Contains([]string{"", "all", "size", "label", "random"}, s.Groups.By) {
		wrong([]any{"groups", "by"}, "%q: give all, size, label or random", s.Groups.By)
	}
	if (s.Groups.By == "size" || s.Groups.By == "random") && s.Groups.Size < 2 {
		wrong([]any{"groups", "size"}, "%d: give 2 or more", s.Groups.Size)
	}
	for key, share := range map[string]float64{"loss": s.Network.Loss, "duplicate": s.Network.Duplicate, "reorder": s.Network.Reorder} {
		if !(share >= 0 && share <= 1) {
			wrong([]any{"network", key}, "%g: give a share from 0 to 1", share)
		}
	}
	if s.Network.Latency < 0 || s.Network.Jitter < 0 {
		wrong([]any{"network"}, "its times are not negative")
	}
	if !slices.Contains([]string{"", "empty", "idle"}, s.Power.Off) {
		wrong([]any{"power", "off"}, "%q: give empty or idle, or leave it out: hosts are never off", s.Power.Off)
	}
	if s.Run.Limit < 0 || s.Run.Tick < 0 || s.Run.Warm < 0 {
		wrong([]any{"run"}, "limit, tick and warm are positive times")
	}
	if s.Migration.Unshared && s.Migration.Rate == 0 {
		wrong([]any{"migration", "rate"}, "unshared migrations need a rate, such as 62.5 MB/s")
	}
	if err := s.Agent.config().Validate(); err != nil {
		wrong([]any{"agent"}, "%v", err)
	}
	kinds := []string{"agent", "host", "partition", "network"}
	for i, f := range s.Faults.Schedule {
		if !slices.Contains(kinds, f.Kind) || f.At < 0 || f.For <= 0 {
			wrong([]any{"faults", "schedule", i}, "give a kind (agent, host, partition or network), at, and for above 0")
		}
		for _, name := range f.Hosts {
			if !slices.ContainsFunc(s.hosts(), hasName(name)) {
				wrong([]any{"faults", "schedule", i, "hosts"}, "there is no host %q", name)
			}
		}
	}
	for i, name := range s.Figures {
		if !slices.ContainsFunc(sim.Measures(), func(m sim.Measure) bool { return m.Key == name }) {
			wrong([]any{"figures", i}, "there is no figure %q: see docs/figures.md", name)
		}
	}
	slices.SortFunc(found, func(a, b error) int { return compare(a.Error(), b.Error()) })
	return found
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
