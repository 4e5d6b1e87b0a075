//go:build linux

package container

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"parley/hostagent"
	"parley/hostagent/guestnet"
)

// observed is a container as it was looked at.
type observed struct {
	guest hostagent.Guest
	looked
	engine  engine
	network guestnet.Network
	port    string
	pid     int
}

// Observe implements hostagent.Platform.
func (p *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	if err := p.site.whyNoLook(ctx); err != nil {
		return hostagent.Observation{}, err
	}
	seen, err := p.site.look(ctx)
	if err != nil {
		return hostagent.Observation{}, err
	}
	networks, err := guestnet.Bridges()
	if err != nil {
		return hostagent.Observation{}, err
	}
	offers, err := offersOf(ctx, p.site.engines)
	if err != nil {
		return hostagent.Observation{}, err
	}
	o := hostagent.Observation{Capacity: p.site.Capacity, ReserveBytes: p.site.Reserve, Networks: networks, Offers: offers,
		Endpoints: map[hostagent.Kind]string{hostagent.Container: p.Endpoint()}}
	for _, guest := range slices.Sorted(maps.Keys(seen)) {
		o.Guests = append(o.Guests, seen[guest].guest)
	}
	o.Guests = p.Show(o.Guests)
	return o, nil
}

// look looks at all containers that run or stand still here.
func (s *site) look(ctx context.Context) (map[hostagent.GuestID]observed, error) {
	seen := map[hostagent.GuestID]observed{}
	volumes := map[hostagent.GuestID][]string{}
	for _, e := range s.engines {
		list, err := e.list(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			var own move
			if _, err := readJSON(s.move(c.Guest), &own); err != nil {
				return nil, err
			}
			if own.Arriving && !own.Told {
				continue // it is restored, and has not run
			}
			at := s.lookAt(ctx, e, c)
			if first, is := seen[c.Guest]; is {
				first.guest.Ineligible = fmt.Sprintf("%s and %s run a container of this name: give one another name", first.engine.name(), e.name())
				at = first
			}
			seen[c.Guest] = at
			if at.spec.Linux != nil {
				volumes[c.Guest] = s.volumes(at.spec)
			}
		}
	}
	for guest, at := range seen {
		others := maps.Clone(volumes)
		delete(others, guest)
		if at.guest.Ineligible == "" {
			at.guest.Ineligible = whyShared(volumes[guest], others)
			seen[guest] = at
		}
	}
	return seen, nil
}

// lookAt looks at one container.
func (s *site) lookAt(ctx context.Context, e engine, c contained) observed {
	used := usageOf(c.PID)
	at := observed{engine: e, pid: c.PID, guest: hostagent.Guest{ID: c.Guest, Kind: hostagent.Container, Name: string(c.Guest),
		State: hostagent.Running, CPUTime: used.cpu, MemoryBytes: used.memory}}
	g := &at.guest
	if c.Status == "paused" {
		g.State = hostagent.Paused
	}
	var own kept
	if _, err := readJSON(s.rules(c.Guest), &own); err != nil {
		g.Ineligible = err.Error()
	}
	g.Rules, g.MovedAt = own.Rules, own.MovedAt
	// What a container may use is counted also where it cannot be moved.
	g.Declared = hostagent.Resources{CPU: 1, MemoryBytes: max(used.memory, 1)}
	is, err := e.look(ctx, c)
	g.Needs = s.needs(is.needs)
	if err != nil {
		g.Ineligible = "its config.json cannot be read: " + err.Error()
		return at
	}
	spec := is.spec
	at.looked = is
	if spec.Linux != nil {
		if need, err := declared(spec); err == nil {
			g.Declared = need
		}
	}
	for _, why := range []string{is.why, s.whyNot(spec), whyNotStreams(c.PID, is.pipes)} {
		if why != "" {
			g.Ineligible = why
			return at
		}
	}
	at.network, at.port, err = guestnet.LookAt(namespaceOf(spec))
	if err != nil {
		g.Ineligible = err.Error()
		return at
	}
	g.Networks = []string{at.network.Bridge}
	return at
}

// needs are what a target must offer for a container of this host, with what its engine
// needs.
func (s *site) needs(engine []string) []string {
	needs := append([]string{criuOffer, cpuNeed(cpuLevel())}, engine...)
	slices.Sort(needs)
	return needs
}

// whyNotStreams says that a process reads or writes a file of its host, which is in no
// mount of its own. Pipes may be let be.
func whyNotStreams(pid int, pipes bool) string {
	proc := "/proc/" + strconv.Itoa(pid)
	mounts, err := os.ReadFile(proc + "/mountinfo")
	if err != nil {
		return "" // it has ended
	}
	own := map[string]bool{}
	for line := range strings.SplitSeq(string(mounts), "\n") {
		id, _, _ := strings.Cut(line, " ")
		own[id] = true
	}
	for fd := range 3 {
		info, err := os.ReadFile(proc + "/fdinfo/" + strconv.Itoa(fd))
		if err != nil {
			continue // it is closed
		}
		for line := range strings.SplitSeq(string(info), "\n") {
			if id, ok := strings.CutPrefix(line, "mnt_id:"); ok && !own[strings.TrimSpace(id)] {
				to, _ := os.Readlink(proc + "/fd/" + strconv.Itoa(fd)) // "" if it is closed now
				if pipes && strings.HasPrefix(to, "pipe:") {
					continue
				}
				return "its standard streams are files of this host (" + to +
					"): start it with /dev/null for them, and have it write to a volume"
			}
		}
	}
	return ""
}
