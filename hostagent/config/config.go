// Package config is an agent's configuration: a YAML file, with its defaults and
// bounds. It starts nothing, and needs neither a network nor a hypervisor.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/hostname"
	"parley/internal/yamlfile"
)

// Config is what an operator configures, in YAML. Default has the value of each omitted
// key; docs/configuration.md describes the keys.
type Config struct {
	Host     string   `yaml:"host"`      // name for people; the machine's hostname
	Key      string   `yaml:"key"`       // file of the identity key, created if missing
	StateDir string   `yaml:"state_dir"` // the journal and all other state
	Socket   string   `yaml:"socket"`    // of the agent, for `parley status` and others
	Listen   []string `yaml:"listen"`    // multiaddrs
	Peers    []Peer   `yaml:"peers"`     // may connect, and are connected to; with publishers: until a roster is in force
	Group    string   `yaml:"group"`     // hosts that advertise to each other, if no roster assigns groups
	Links    int      `yaml:"links"`     // number of hosts to which a connection is always kept
	MDNS     bool     `yaml:"mdns"`      // discover the addresses of listed peers on the local network

	Platform Platform `yaml:"platform"`
	Capacity Capacity `yaml:"capacity"`
	Policy   Policy   `yaml:"policy"`

	Publishers []Publisher `yaml:"publishers"` // their signed rosters and policies are followed

	Mode    string   `yaml:"mode" jsonschema:"enum=recommend,enum=auto"` // recommend, or auto
	Labels  []string `yaml:"labels"`                                     // of this host, key=value
	Rules   []Rules  `yaml:"rules"`                                      // for guests, by name
	Arrival Arrival  `yaml:"arrival"`

	LoadSource  string        `yaml:"load_source" jsonschema:"enum=guests,enum=machine"` // guests, or machine
	SampleEvery time.Duration `yaml:"sample_every"`                                      // between two looks at the load
	Smoothing   time.Duration `yaml:"smoothing"`                                         // time constant of the moving average of CPU use
	HoldSamples int           `yaml:"hold_samples"`                                      // consecutive samples before a level counts
	Hysteresis  float64       `yaml:"hysteresis"`                                        // share of capacity
	Cooldown    time.Duration `yaml:"cooldown"`                                          // of a guest after a move
	ReturnAfter time.Duration `yaml:"return_after"`                                      // of a guest to a host that it was moved away from
	OfferTTL    time.Duration `yaml:"offer_ttl"`                                         // how long room is reserved for a partner
	Coverage    float64       `yaml:"coverage"`                                          // share of the next half hour that forecast/1 covers
	High        float64       `yaml:"high"`                                              // share of capacity above which a host is in need
	Low         float64       `yaml:"low"`                                               // share of capacity below which a host has room
	GainMin     float64       `yaml:"gain_min"`                                          // share of capacity that a move must gain
	Power       []float64     `yaml:"power"`                                             // watts at equal steps of CPU load, from none to full
	MovesIn     int           `yaml:"moves_in"`                                          // concurrent moves to this host
	MovesOut    int           `yaml:"moves_out"`                                         // concurrent moves from this host
	Deadline    Deadline      `yaml:"deadline"`                                          // of a migration
	Audit       Audit         `yaml:"audit"`
	Metrics     Metrics       `yaml:"metrics"`
	Log         Log           `yaml:"log"`
}

// Peer is one listed peer.
type Peer struct {
	ID        string   `yaml:"id"`
	Name      string   `yaml:"name"` // for people
	Addresses []string `yaml:"addresses"`
}

// Platform says what runs the guests.
type Platform struct {
	Kind         string        `yaml:"kind" jsonschema:"enum=libvirt,enum=memory"` // libvirt, or memory
	URI          string        `yaml:"uri"`                                        // of the local libvirt
	Endpoint     string        `yaml:"endpoint"`                                   // of this libvirt, as other hosts' libvirts reach it
	MigrateURI   string        `yaml:"migrate_uri"`                                // where guests' memory arrives
	Shared       []string      `yaml:"shared"`                                     // paths and pools that all hosts see
	CallTimeout  time.Duration `yaml:"call_timeout"`
	DowntimeMax  time.Duration `yaml:"downtime_max"`
	BandwidthMax int64         `yaml:"bandwidth_max"` // bytes per second
	DirtyEvery   time.Duration `yaml:"dirty_every"`   // between two measurements of a guest's dirty rate; 0: none
}

// Capacity is what guests may use of this host.
type Capacity struct {
	CPU    float64 `yaml:"cpu"`    // cores; 0: all that the platform shows
	Memory string  `yaml:"memory"` // such as 2GiB; "": what the platform shows minus ReserveMemory
	// ReserveMemory is kept for the machine itself if Memory is omitted; "": 1 GiB plus
	// 5 %, at most 8 GiB.
	ReserveMemory string `yaml:"reserve_memory"`
	// OverheadMemory is what each guest needs beside its memory; "": an estimate.
	OverheadMemory string `yaml:"overhead_memory"`
}

// Rules apply to the guests whose names match a pattern; they are added to the rules
// written into the guests.
type Rules struct {
	Guests   string   `yaml:"guests"` // such as web-*
	Pin      bool     `yaml:"pin"`
	Ignore   bool     `yaml:"ignore"`
	Priority int      `yaml:"priority"`
	Labels   []string `yaml:"labels"`
	Requires []string `yaml:"requires"`
	Near     []string `yaml:"near"`
	Apart    []string `yaml:"apart"`
}

// Arrival decides about migrations to this host that no deal covers.
type Arrival struct {
	Foreign string `yaml:"foreign" jsonschema:"enum=refuse,enum=allow"` // refuse or allow those without a deal, such as manual ones
	Down    string `yaml:"down" jsonschema:"enum=refuse,enum=allow"`    // refuse or allow all while the agent does not answer
}

// Deadline bounds a migration.
type Deadline struct {
	Base   time.Duration `yaml:"base"`
	PerGiB time.Duration `yaml:"per_gib"` // for each GiB of the guest's memory
}

// Policy says which models the host enacts.
type Policy struct {
	File string `yaml:"file"` // one .lcc file, or a directory of them
}

// Metrics says where Prometheus can scrape.
type Metrics struct {
	Listen string `yaml:"listen"` // host:port
}

// Audit says how much of the history is kept.
type Audit struct {
	Most    int           `yaml:"most"`     // entries
	KeepFor time.Duration `yaml:"keep_for"` // age
}

// Log configures the agent's log.
type Log struct {
	Level  string `yaml:"level"`                                   // debug, info, warn, error
	Format string `yaml:"format" jsonschema:"enum=text,enum=json"` // text or json
}

// Default is the configuration of an empty file.
func Default() Config {
	name, err := os.Hostname()
	if err != nil || hostname.Check(name) != nil {
		name = "localhost"
	}
	return Config{
		Host:     name,
		Key:      "/var/lib/parley/peer.key",
		StateDir: "/var/lib/parley",
		Socket:   "/run/parley/parley.sock",
		Listen:   []string{"/ip4/0.0.0.0/tcp/4200"},
		Group:    "default",
		Links:    32,
		Platform: Platform{
			Kind: "libvirt", URI: "qemu:///system",
			CallTimeout: 10 * time.Second, DowntimeMax: 300 * time.Millisecond,
		},
		LoadSource:  "guests",
		SampleEvery: 5 * time.Second,
		Smoothing:   15 * time.Second,
		HoldSamples: 3,
		Hysteresis:  0.05,
		Cooldown:    5 * time.Minute,
		ReturnAfter: time.Hour,
		OfferTTL:    10 * time.Second,
		Mode:        "recommend",
		Arrival:     Arrival{Foreign: "refuse", Down: "refuse"},
		Coverage:    0.9,
		High:        0.8,
		Low:         0.5,
		GainMin:     0.05,
		MovesIn:     1,
		MovesOut:    1,
		Deadline:    Deadline{Base: time.Minute, PerGiB: time.Minute},
		Audit:       Audit{Most: 200_000, KeepFor: 366 * 24 * time.Hour},
		Log:         Log{Level: "info", Format: "text"},
	}
}

// written describes configuration files to yamlfile.
var written = yamlfile.Of(Config{}, "docs/configuration.md")

// Read reads a YAML file over the defaults. An unknown key or an invalid value is one
// of the Faults, with its place, its key and what to write.
func Read(path string) (Config, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Config{}, fmt.Errorf("no configuration at %s: write one (docs/configuration.md) or name another with --config", path)
	}
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	config := Default()
	document, err := written.Decode(path, text, &config)
	if err != nil {
		return Config{}, err
	}
	config.resolve(filepath.Dir(path))
	if err := config.Validate(); err != nil && document != nil {
		return Config{}, placed(document, err)
	} else if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return config, nil
}

// placed adds to each fault its place in the file.
func placed(d *yamlfile.Document, err error) error {
	var faults Faults
	if !errors.As(err, &faults) {
		return err
	}
	var list Faults
	for _, f := range faults {
		key, _, _ := strings.Cut(f.Key, ",") // of two keys, the first
		at := d.Fault(key, f.Text)
		at.Key = f.Key
		list = append(list, at)
	}
	return list
}

// resolve makes relative paths relative to the file that names them.
func (c *Config) resolve(dir string) {
	paths := []*string{&c.Key, &c.StateDir, &c.Socket, &c.Policy.File}
	for i := range c.Publishers {
		paths = append(paths, &c.Publishers[i].Anchor)
	}
	for _, path := range paths {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
}

// Validate returns what is wrong with a configuration, as Faults without places.
func (c Config) Validate() error {
	check := func(ok bool, key, format string, args ...any) error {
		if ok {
			return nil
		}
		return &Fault{Key: key, Text: fmt.Sprintf(format, args...)}
	}
	errs := []error{
		check(hostname.Check(c.Host) == nil, "host", "is wrong: %v", hostname.Check(c.Host)),
		check(c.Key != "", "key", "is empty: name the file of the identity key"),
		check(c.StateDir != "", "state_dir", "is empty: name a directory for the journal"),
		check(len(c.Listen) > 0, "listen", "is empty: give an address such as /ip4/0.0.0.0/tcp/4200"),
		check(c.Platform.Kind == "libvirt" || c.Platform.Kind == "memory", "platform.kind", "is %q: write libvirt or memory", c.Platform.Kind),
		check(c.LoadSource == "guests" || c.LoadSource == "machine", "load_source", "is %q: write guests or machine", c.LoadSource),
		check(c.SampleEvery >= 100*time.Millisecond, "sample_every", "is %v: at least 100ms", c.SampleEvery),
		check(c.Smoothing > 0, "smoothing", "is %v: give a positive duration", c.Smoothing),
		check(c.HoldSamples >= 1, "hold_samples", "is %d: at least 1", c.HoldSamples),
		check(c.Hysteresis >= 0 && c.Hysteresis < 1, "hysteresis", "is %g: a share from 0 up to 1", c.Hysteresis),
		check(c.Cooldown >= 0, "cooldown", "is negative"),
		check(c.ReturnAfter >= 0, "return_after", "is negative"),
		check(c.OfferTTL >= time.Second, "offer_ttl", "is %v: at least 1s", c.OfferTTL),
		check(c.Mode == "recommend" || c.Mode == "auto", "mode", "is %q: write recommend or auto", c.Mode),
		check(c.Arrival.Foreign == "refuse" || c.Arrival.Foreign == "allow", "arrival.foreign", "is %q: write refuse or allow", c.Arrival.Foreign),
		check(c.Arrival.Down == "refuse" || c.Arrival.Down == "allow", "arrival.down", "is %q: write refuse or allow", c.Arrival.Down),
		check(c.Capacity.CPU >= 0 && c.Capacity.CPU <= CoresMost, "capacity.cpu", "is %g: give cores, such as 7.5, at most %d",
			c.Capacity.CPU, CoresMost),
	}
	errs = append(errs, c.Capacity.checkMemory(),
		check(c.Low > 0 && c.Low < c.High && c.High <= 1, "low, high", "are %g and %g: shares of capacity, the first the lower one", c.Low, c.High),
		check(c.GainMin >= 0 && c.GainMin <= 1, "gain_min", "is %g: a share of capacity from 0 to 1", c.GainMin),
		check(c.Audit.Most > 0 && c.Audit.KeepFor > 0, "audit", "keeps %d entries for %v: give a number and a duration above 0", c.Audit.Most, c.Audit.KeepFor),
		check(c.Coverage > 0 && c.Coverage < 1, "coverage", "is %g: a share between 0 and 1", c.Coverage),
		check(c.MovesIn >= 1 && c.MovesIn <= 100, "moves_in", "is %d: 1 to 100", c.MovesIn),
		check(c.MovesOut >= 1 && c.MovesOut <= 100, "moves_out", "is %d: 1 to 100", c.MovesOut),
		check(c.Deadline.Base > 0, "deadline.base", "is %v: give a positive duration", c.Deadline.Base),
		check(c.Deadline.PerGiB >= 0, "deadline.per_gib", "is negative"))
	errs = append(errs, check(c.Links >= 8 && c.Links <= 500, "links", "is %d: 8 to 500, or the network may fall apart", c.Links), c.checkPublishers())
	errs = append(errs, c.checkPeers()...)
	errs = append(errs, c.checkMachine()...)
	return withCore(c, faultsIn(errs))
}
