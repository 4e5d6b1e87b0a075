package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/hours"
	"parley/internal/spell"
	"parley/internal/yamlfile"
	"parley/peer"
	"parley/sim"
)

func hasName(name string) func(sim.SiteHost) bool {
	return func(h sim.SiteHost) bool { return h.Name == name }
}

// checkRest checks the keys about the whole site.
func (s *Scenario) checkRest() (found yamlfile.Faults) {
	wrong := func(path []any, format string, args ...any) { found = append(found, faultAt(path, format, args...)) }
	if !slices.Contains([]string{"", "all", "size", "label", "random", "hash"}, s.Groups.By) {
		wrong([]any{"groups", "by"}, "%q: give all, size, label, random or hash", s.Groups.By)
	}
	if s.Groups.By == "hash" {
		if _, err := peer.Groups(nil, peer.Grouping{Label: s.Groups.Label, Most: s.Groups.Size}); err != nil {
			wrong([]any{"groups"}, "%v", err)
		}
	} else if s.Groups.Label != "" {
		wrong([]any{"groups", "label"}, "%q: it is for groups by hash; with by: label, hosts say their group", s.Groups.Label)
	}
	if (s.Groups.By == "size" || s.Groups.By == "random") && s.Groups.Size < 2 {
		wrong([]any{"groups", "size"}, "%d: give 2 or more", s.Groups.Size)
	}
	found = append(found, s.checkNetwork(s.Network, "network")...)
	if !slices.Contains([]string{"", "empty", "idle"}, s.Power.Off) {
		wrong([]any{"power", "off"}, "%q: give empty or idle, or leave it out: hosts are never off", s.Power.Off)
	}
	if !(s.Power.Sleep >= 0) {
		wrong([]any{"power", "sleep"}, "%g: give watts of 0 or more", s.Power.Sleep)
	}
	found = append(found, positive("power", times{{"after", s.Power.After}, {"shutdown", s.Power.Shutdown}, {"boot", s.Power.Boot}})...)
	found = append(found, positive("run", times{
		{"limit", s.Run.Limit}, {"tick", s.Run.Tick}, {"warm", s.Run.Warm}, {"start_within", s.Run.StartWithin},
	})...)
	found = append(found, s.checkMigration()...)
	found = append(found, s.checkAgent()...)
	found = append(found, s.checkFaults()...)
	found = append(found, s.checkLate()...)
	found = append(found, s.checkStory()...)
	for i, name := range s.Figures {
		if !slices.ContainsFunc(sim.Measures(), func(m sim.Measure) bool { return m.Key == name }) {
			hint := "give some of " + sim.MeasureKeys()
			if near := spell.Nearest(name, strings.Split(sim.MeasureKeys(), ", ")); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			wrong([]any{"figures", i}, "there is no figure %q: %s", name, hint)
		}
	}
	return found
}

// times are keys of a section that hold times.
type times []struct {
	key  string
	time time.Duration
}

// positive returns a fault for each time below 0.
func positive(section string, list times) (found yamlfile.Faults) {
	for _, t := range list {
		if t.time < 0 {
			found = append(found, faultAt([]any{section, t.key}, "is %v: give a time of 0 or more", t.time))
		}
	}
	return found
}

// checkAgent holds the configuration of the agents against the ranges of the core.
func (s *Scenario) checkAgent() (found yamlfile.Faults) {
	for _, f := range s.Agent.config().Faults() {
		found = append(found, faultAt([]any{written.Key("Agent." + f.Field)}, "%s", f.Text))
	}
	_, wrong := hours.Read(s.Agent.Windows)
	for i := range s.Agent.Windows {
		if f := wrong[i]; f != nil {
			found = append(found, faultAt([]any{"agent", "windows", i, f.Key}, "%s", f.Text))
		}
	}
	for _, pause := range []struct {
		key   string
		value time.Duration
	}{{"advert_every", s.Agent.AdvertEvery}, {"advert_gap", s.Agent.AdvertGap}} {
		if pause.value <= 0 || pause.value > hostagent.TimeMost {
			found = append(found, faultAt([]any{"agent", pause.key}, "is %v: give a time above 0, at most %v", pause.value, hostagent.TimeMost))
		}
	}
	return found
}

// checkNetwork checks a network; path is its place in the file.
func (s *Scenario) checkNetwork(n Network, path ...any) (found yamlfile.Faults) {
	for _, share := range []struct {
		key   string
		value float64
	}{{"loss", n.Loss}, {"duplicate", n.Duplicate}, {"reorder", n.Reorder}} {
		if !(share.value >= 0 && share.value <= 1) {
			found = append(found, faultAt(append(slices.Clone(path), share.key), "%g: give a share from 0 to 1", share.value))
		}
	}
	return append(found, positive(keyOf(path), times{{"latency", n.Latency}, {"jitter", n.Jitter}})...)
}

func (s *Scenario) checkMigration() (found yamlfile.Faults) {
	m := s.Migration
	if m.Unshared && m.Rate == 0 {
		found = append(found, faultAt([]any{"migration", "rate"}, "unshared migrations need a rate, such as 62.5 MB/s"))
	}
	found = append(found, positive("migration", times{{"downtime", m.Downtime}, {"pause", m.Pause}})...)
	for _, cost := range []struct {
		key   string
		value float64
	}{{"source_cost", m.SourceCost}, {"target_cost", m.TargetCost}} {
		if !(cost.value >= 0 && cost.value <= 1) {
			found = append(found, faultAt([]any{"migration", cost.key}, "%g: give a share from 0 to 1", cost.value))
		}
	}
	return found
}

// checkLate checks the frames that are late.
func (s *Scenario) checkLate() (found yamlfile.Faults) {
	if len(s.Faults.Late) == 0 {
		return nil
	}
	hosts, _ := s.names()
	for i, l := range s.Faults.Late {
		if key, why := l.Wrong(); why != "" {
			found = append(found, faultAt([]any{"faults", "late", i, key}, "%s", why))
		}
		for _, end := range [][2]string{{"from", l.From}, {"to", l.To}} {
			if key, name := end[0], end[1]; name != "" && !hosts[name] {
				found = append(found, faultAt([]any{"faults", "late", i, key}, "there is no host %q%s", name, nearest(name, hosts)))
			}
		}
	}
	return found
}

func (s *Scenario) checkFaults() (found yamlfile.Faults) {
	if f := s.Faults; f.Agents < 0 || f.Hosts < 0 || f.Partitions < 0 || f.Orders < 0 || f.Failing < 0 || f.Hands < 0 || f.Ends < 0 ||
		f.Within < 0 || f.Skew < 0 {
		found = append(found, faultAt([]any{"faults"}, "its numbers and times are not negative"))
	}
	if d := s.Faults.Drift; !(d >= 0 && d < 1) {
		found = append(found, faultAt([]any{"faults", "drift"}, "%g: give a share from 0 to below 1", d))
	}
	kinds := []string{"agent", "host", "partition", "network"}
	for i, f := range s.Faults.Schedule {
		path := []any{"faults", "schedule", i}
		if near := spell.Nearest(f.Kind, kinds); near != "" {
			found = append(found, faultAt(append(slices.Clone(path), "kind"), "%q: did you mean %q?", f.Kind, near))
		} else if !slices.Contains(kinds, f.Kind) {
			found = append(found, faultAt(append(slices.Clone(path), "kind"), "%q: give agent, host, partition or network", f.Kind))
		}
		if f.At < 0 || f.For <= 0 {
			found = append(found, faultAt(path, "give at of 0 or more, and for above 0"))
		}
		if f.Kind != "network" && len(f.Hosts) == 0 {
			found = append(found, faultAt(path, "give the hosts that it is about"))
		}
		for _, name := range f.Hosts {
			if !slices.ContainsFunc(s.hosts(), hasName(name)) {
				found = append(found, faultAt(append(path, "hosts"), "there is no host %q", name))
				found[len(found)-1].Relies = []string{"hosts"}
			}
		}
		found = append(found, s.checkNetwork(f.Network, append(slices.Clone(path), "network")...)...)
	}
	return found
}
