package ondisk

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"parley/hostagent"
)

// Look returns what a host shows, without being the host: neither arrivals nor what its
// guests have used.
func Look(o Options) (hostagent.Observation, error) {
	if err := o.Validate(); err != nil {
		return hostagent.Observation{}, err
	}
	site := directory(filepath.Clean(o.Site))
	guests, err := site.guests(o.Host)
	if errors.Is(err, fs.ErrNotExist) {
		return hostagent.Observation{}, fmt.Errorf("host %s is not in the site %s: its agent was never started with this configuration",
			o.Host, site)
	}
	if err != nil {
		return hostagent.Observation{}, err
	}
	return observation(o.shows(site), guests), nil
}

// shows is what a host shows beside its guests.
func (o Options) shows(site directory) hostagent.Observation {
	seen := hostagent.Observation{Capacity: o.Capacity, Endpoints: map[hostagent.Kind]string{}, Offers: o.Offers}
	kinds := o.Kinds
	if len(kinds) == 0 {
		kinds = []hostagent.Kind{hostagent.VM}
	}
	for _, kind := range kinds {
		seen.Endpoints[kind] = endpoint(site, o.Host)
	}
	return seen
}

func observation(seen hostagent.Observation, guests []Guest) hostagent.Observation {
	seen.Guests = make([]hostagent.Guest, 0, len(guests))
	for _, g := range guests {
		seen.Guests = append(seen.Guests, g.shown(hostagent.Running))
	}
	return seen
}

// withArrivals adds the guests that are on their way. One whose file is here has come.
func withArrivals(seen hostagent.Observation, arrivals map[string]Guest) hostagent.Observation {
	for name, g := range arrivals {
		if !slices.ContainsFunc(seen.Guests, func(here hostagent.Guest) bool { return here.Name == name }) {
			seen.Guests = append(seen.Guests, g.shown(hostagent.Incoming))
		}
	}
	slices.SortFunc(seen.Guests, func(a, b hostagent.Guest) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return seen
}
