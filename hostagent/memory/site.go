package memory

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/changes"
)

// Options set the migrations of a site. A zero field means its default.
type Options struct {
	// BandwidthBytes, DowntimeMax and Speedup are those of the site's Link.
	BandwidthBytes int64
	DowntimeMax    time.Duration
	Speedup        float64
	// Overlap is how long both hosts show a guest as running at the end of its
	// migration; default none. Libvirt's is about 1.5 s.
	Overlap time.Duration
}

// Site is a set of hosts that reach each other. It is safe for concurrent use.
type Site struct {
	link    Link
	overlap time.Duration

	mu    sync.Mutex // guards the state of the site's hosts
	hosts map[string]*Platform
}

// NewSite returns a site without hosts. Invalid options are replaced by their defaults.
func NewSite(o Options) *Site {
	link := Link{BandwidthBytes: o.BandwidthBytes, DowntimeMax: o.DowntimeMax, Speedup: o.Speedup}.OrDefault()
	return &Site{link: link, overlap: o.Overlap, hosts: map[string]*Platform{}}
}

const scheme = "memory://"

// Host adds a host and returns its platform. The name must be new to the site.
func (s *Site) Host(name string, capacity hostagent.Resources) (*Platform, error) {
	switch {
	case name == "" || strings.ContainsAny(name, "/ "):
		return nil, fmt.Errorf("memory platform: host name %q: give a name without spaces and slashes", name)
	case !(capacity.CPU > 0) || capacity.MemoryBytes <= 0:
		return nil, fmt.Errorf("memory platform: host %s: give a capacity of CPU cores and bytes of memory above 0, not %g and %d", name,
			capacity.CPU, capacity.MemoryBytes)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hosts[name] != nil {
		return nil, fmt.Errorf("memory platform: there is a host %s already", name)
	}
	p := &Platform{
		site: s, name: name, capacity: capacity, kinds: []hostagent.Kind{hostagent.VM},
		guests:  map[hostagent.GuestID]*guest{},
		changes: changes.New(),
		counted: time.Now(),
	}
	s.hosts[name] = p
	return p, nil
}

// at returns the host at an endpoint.
func (s *Site) at(endpoint string) (*Platform, error) {
	name, ok := strings.CutPrefix(endpoint, scheme)
	p := s.hosts[name]
	if !ok || p == nil || p.closed || p.fault == Gone {
		return nil, fmt.Errorf("no host of this site is at %q", endpoint)
	}
	return p, nil
}
