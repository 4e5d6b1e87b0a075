package scenario

import (
	"math"
	"os"
	"slices"

	"parley/hostagent"
	"parley/internal/label"
	"parley/internal/yamlfile"
)

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// hostsMost and guestsMost bound the size of a scenario's site.
const (
	hostsMost  = 200_000
	guestsMost = 2_000_000
)

// check returns all faults of a scenario, without their places.
func (s *Scenario) check() (found yamlfile.Faults) {
	wrong := func(path []any, format string, args ...any) { found = append(found, faultAt(path, format, args...)) }
	if len(s.Hosts) == 0 {
		wrong([]any{"hosts"}, "there are none: give at least one kind of host")
	}
	names, hosts := map[string]int{}, 0
	for i, h := range s.Hosts {
		at := func(key string) []any { return []any{"hosts", i, key} }
		if h.Name == "" {
			wrong(at("name"), "each kind of host has a name: that of the host, or what the names begin with")
		} else if before, taken := names[h.Name]; taken {
			wrong(at("name"), "%q is the name of hosts[%d] too", h.Name, before)
		}
		names[h.Name] = i
		if h.Count < 0 {
			wrong(at("count"), "%d: give 1 or more", h.Count)
		}
		if !(h.Cores > 0) || h.Cores > 1e6 {
			wrong(at("cores"), "%g cores: give more than 0 and at most 1000000", h.Cores)
		}
		if h.Memory < 1 {
			wrong(at("memory"), "none: give the memory that guests may use, such as 64 GiB")
		}
		if len(h.Power) == 1 || slices.ContainsFunc(h.Power, func(w float64) bool { return !(w >= 0) || math.IsInf(w, 0) }) {
			wrong(at("power"), "give watts at even steps of load, the first at none and the last at full load")
		}
		for j, kind := range h.Kinds {
			if !slices.Contains(hostagent.Kinds(), kind) {
				found = append(found, faultAt([]any{"hosts", i, "kinds", j}, "%q: give vm, container or process", kind))
			}
		}
		if err := label.CheckAll(h.Labels); err != nil {
			wrong(at("labels"), "%v", err)
		}
		if !slices.Contains([]string{"", "deals", "allow", "unchecked"}, h.Arrival) {
			wrong(at("arrival"), "%q: give deals, allow or unchecked", h.Arrival)
		}
		hosts += h.count()
	}
	if hosts > hostsMost {
		wrong([]any{"hosts"}, "%d hosts: at most %d", hosts, hostsMost)
	}
	guests := map[string]int{}
	for i, g := range s.Guests {
		found = append(found, s.checkGuests(i, g, hosts)...)
		if before, taken := guests[g.Name]; taken && g.Name != "" {
			wrong([]any{"guests", i, "name"}, "%q is the name of guests[%d] too", g.Name, before)
		}
		guests[g.Name] = i
	}
	found = append(found, s.checkRest()...)
	return found
}

func (s *Scenario) checkGuests(i int, g Guests, hosts int) (found yamlfile.Faults) {
	wrong := func(key string, format string, args ...any) {
		found = append(found, faultAt([]any{"guests", i, key}, format, args...))
	}
	relies := func(key string) { found[len(found)-1].Relies = append(found[len(found)-1].Relies, key) }
	if g.Name == "" {
		wrong("name", "guests have a name: that of the guest, or what the names begin with")
	}
	if g.Count < 0 || !(g.PerHost >= 0) || g.Count > 0 && g.PerHost > 0 {
		wrong("count", "give count or per_host, and not both, each positive")
	}
	if float64(g.Count) > guestsMost || g.PerHost*float64(hosts) > guestsMost {
		wrong("count", "more than %d guests", guestsMost)
	}
	if len(g.Sizes) == 0 {
		wrong("sizes", "there are none: give at least one size with cores and memory")
	}
	for k, size := range g.Sizes {
		if !(size.Cores > 0) || size.Cores > 1e6 || size.Memory < 1 || !(size.Weight >= 0) || size.Weight > 1e6 {
			found = append(found, faultAt([]any{"guests", i, "sizes", k}, "give cores and memory above 0, and a weight that is not negative"))
		}
	}
	if !slices.Contains([]string{"", "random", "spread", "skewed", "round_robin", "blocks", "power"}, g.Place) {
		wrong("place", "%q: give random, spread, skewed, round_robin, blocks or power, or a host", g.Place)
	}
	if g.Kind != "" && !slices.Contains(hostagent.Kinds(), g.Kind) {
		wrong("kind", "%q: give vm, container or process", g.Kind)
	}
	if g.Host != "" && !slices.ContainsFunc(s.hosts(), hasName(g.Host)) {
		wrong("host", "there is no host %q", g.Host)
		relies("hosts")
	}
	if g.Host != "" && g.Place != "" {
		wrong("place", "give host or place, and not both")
	}
	if err := g.rules(Size{}).Validate(); err != nil {
		wrong("name", "%v", err)
	}
	for _, priority := range g.Priority {
		if err := (hostagent.Rules{Priority: priority}).Validate(); err != nil {
			wrong("priority", "%v", err)
		}
	}
	if !(g.Quota >= 0) || g.Quota > 1e6 {
		wrong("quota", "%g cores: give more than 0, or leave it out", g.Quota)
	}
	if !(g.MIPS >= 0) || g.MIPS > 1e6 {
		wrong("mips", "%g: give the millions of instructions in a second of CPU time, up to 1,000,000, or leave it out", g.MIPS)
	}
	if g.Starts < 0 || g.Ends < 0 || g.Ends > 0 && g.Ends <= g.Starts {
		wrong("ends", "give times of 0 or more, the end after the start")
	}
	if why := g.Load.wrong(g); why != "" {
		wrong("load", "%s", why)
		relies(keyOf([]any{"guests", i, "count"}))
	}
	return found
}

// wrong describes what is invalid in a load; "": nothing.
func (l Load) wrong(g Guests) string {
	shares := []float64{l.Share, l.Mean, l.Swing, l.High, l.Part, l.Scale, l.A, l.B}
	if slices.ContainsFunc(shares, func(v float64) bool { return !(v >= 0) || v > 1e6 }) {
		return "a number is below 0 or above 1000000: give numbers from 0 on"
	}
	if l.At < 0 || l.Rise < 0 || l.Hold < 0 || l.Period < 0 {
		return "a time is below 0: give times of 0 or more"
	}
	if l.Phase != "" && l.Phase != "random" {
		return "phase is random, or is left out for all at once"
	}
	switch l.Kind {
	case "", "constant", "walk", "wave", "crowd", "spots":
	case "beta":
		if l.A == 0 || l.B == 0 {
			return "beta needs a and b above 0"
		}
	case "sawtooth":
		if l.Period == 0 {
			return "sawtooth needs a period"
		}
	case "trace":
		if l.File == "" {
			return "trace needs a file: a PlanetLab day (a directory or .tar.gz), a .csv or a .csv.gz"
		}
		if l.Series != "" && (g.Count > 1 || g.PerHost > 0) {
			return "series is the load of one guest: leave out count and per_host, or series"
		}
	case "zones":
		if l.Side < 4 || l.Clients < 1 || l.Scale == 0 || g.Count != l.Side*l.Side {
			return "zones need side (4 or more), clients, scale (cores for each client), and count = side x side"
		}
	default:
		return "kind is constant, beta, walk, wave, crowd, spots, sawtooth, trace or zones"
	}
	return ""
}
