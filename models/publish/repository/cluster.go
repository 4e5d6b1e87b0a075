package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"parley/internal/yamlfile"
	"parley/models/publish/bundle"
)

// Cluster is cluster.yaml: the publisher, its keys, and the hosts of the next release.
type Cluster struct {
	Publisher  string   `yaml:"publisher"`
	Expires    Span     `yaml:"expires"`     // lifetime of a release; default 90 days
	StaleAfter Span     `yaml:"stale_after"` // without a heartbeat; 0: never
	Grouping   Grouping `yaml:"grouping"`
	Threshold  int      `yaml:"threshold"` // number of keys that must sign; default 1
	Keys       []Key    `yaml:"keys"`
	Beats      []Key    `yaml:"beats"` // keys that sign only heartbeats
	Hosts      []Host   `yaml:"hosts"`
	Record     string   `yaml:"record"` // directory of a record of the site, on which releases are replayed
}

// Grouping defines the groups of hosts that receive each other's adverts.
type Grouping struct {
	Label string `yaml:"label"` // hosts with the same value form a group; "": by hashing
	Most  int    `yaml:"most"`  // maximum size of a group; 0: the default
}

// Key is a public key with the name of its holder.
type Key struct {
	Name   string `yaml:"name"`
	Public string `yaml:"public"`
}

// Host is one host.
type Host struct {
	Name      string   `yaml:"name"`
	ID        string   `yaml:"id"` // peer id
	Addresses []string `yaml:"addresses"`
	Labels    []string `yaml:"labels"`
}

// The defaults of cluster.yaml, and the minimum lifetime of a release.
const (
	expiresDefault = 90 * 24 * time.Hour
	expiresLeast   = time.Hour
)

func (r *Repository) readCluster() error {
	path := r.path(clusterFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no policy repository in %s (no %s): create one with `parley cluster init NAME --key FILE`, or name its "+
			"directory with --repository", r.dir, path)
	case err != nil:
		return fmt.Errorf("cluster: %w", err)
	}
	r.cluster, err = parseCluster(path, text)
	return err
}

func parseCluster(path string, text []byte) (c Cluster, err error) {
	err = decodeYAML(path, text, &c, func() yamlfile.Faults {
		if c.Expires == 0 {
			c.Expires = Span(expiresDefault)
		}
		if c.Threshold == 0 {
			c.Threshold = 1
		}
		return c.faults()
	})
	return c, err
}

// Root returns the root of the keys, with a version.
func (c Cluster) Root(version uint64) (bundle.Root, error) {
	root := bundle.Root{Version: version, Threshold: c.Threshold}
	for _, list := range []struct {
		from []Key
		to   *[]bundle.Key
	}{{c.Keys, &root.Keys}, {c.Beats, &root.Beats}} {
		for _, k := range list.from {
			public, err := bundle.ParsePublic(k.Public)
			if err != nil {
				return root, fmt.Errorf("key %s: %w", k.Name, err)
			}
			*list.to = append(*list.to, bundle.Key{Name: k.Name, Public: public})
		}
	}
	return root.Sorted(), nil
}

// Roster returns the roster of the hosts.
func (c Cluster) Roster() bundle.Roster {
	roster := bundle.Roster{Hosts: []bundle.Host{}, Group: c.Grouping.Label, GroupMost: c.Grouping.Most}
	for _, h := range c.Hosts {
		roster.Hosts = append(roster.Hosts, bundle.Host{ID: h.ID, Name: h.Name, Addresses: slices.Clone(h.Addresses),
			Labels: slices.Clone(h.Labels)})
	}
	return roster.Sorted()
}

// nextRoot returns the new root of the next release; nil when the current one stays.
func (r *Repository) nextRoot() (*bundle.Root, error) {
	now := r.anchor.Root
	want, err := r.cluster.Root(now.Version)
	if err != nil || sameRoot(now, want) {
		return nil, err
	}
	want.Version++
	return &want, want.Validate()
}

func sameRoot(a, b bundle.Root) bool {
	same := func(a, b bundle.Key) bool { return a.Name == b.Name && a.Public.String() == b.Public.String() }
	return a.Threshold == b.Threshold && slices.EqualFunc(a.Keys, b.Keys, same) && slices.EqualFunc(a.Beats, b.Beats, same)
}
