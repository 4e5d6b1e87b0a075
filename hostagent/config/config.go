// Package config is what an operator configures of an agent: a file in YAML, with its
// defaults and bounds. It starts nothing, and needs neither a network nor a hypervisor.
package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"

	"parley/internal/hostname"
	"parley/internal/spell"
)

// Config is what an operator sets, in YAML. Default gives the value of every
// key that is left out; docs/configuration.md describes each.
type Config struct {
	Host     string   `koanf:"host"`      // name for people; the machine's hostname
	Key      string   `koanf:"key"`       // file of the identity key, made when missing
	StateDir string   `koanf:"state_dir"` // the journal
	Socket   string   `koanf:"socket"`    // where `parley status` asks
	Listen   []string `koanf:"listen"`    // multiaddrs
	Peers    []Peer   `koanf:"peers"`     // who may connect, and whom we connect to; with publishers: until a roster is in force
	Group    string   `koanf:"group"`     // hosts that advertise to each other, where no roster says so
	Links    int      `koanf:"links"`     // hosts that a connection is kept to at all times
	MDNS     bool     `koanf:"mdns"`      // find the addresses of listed peers on the local network

	Platform Platform `koanf:"platform"`
	Capacity Capacity `koanf:"capacity"`
	Policy   Policy   `koanf:"policy"`

	Publishers []Publisher `koanf:"publishers"` // whose signed rosters and policies count

	Mode    string   `koanf:"mode"`   // recommend, or auto
	Labels  []string `koanf:"labels"` // of this host, key=value
	Rules   []Rules  `koanf:"rules"`  // for guests, by name
	Arrival Arrival  `koanf:"arrival"`

	LoadSource  string        `koanf:"load_source"`  // guests, or machine
	SampleEvery time.Duration `koanf:"sample_every"` // between two looks at the load
	Smoothing   time.Duration `koanf:"smoothing"`    // time constant of the moving average of CPU use
	HoldSamples int           `koanf:"hold_samples"` // looks that must agree before a level counts
	Hysteresis  float64       `koanf:"hysteresis"`   // share of capacity
	Cooldown    time.Duration `koanf:"cooldown"`     // of a guest after a move
	ReturnAfter time.Duration `koanf:"return_after"` // of a guest to a host that it was moved away from
	OfferTTL    time.Duration `koanf:"offer_ttl"`    // how long room is held for a partner
	Coverage    float64       `koanf:"coverage"`     // share of the next half hour that forecast/1 covers
	High        float64       `koanf:"high"`         // share of capacity above which a host is in need
	Low         float64       `koanf:"low"`          // share of capacity below which a host has room
	GainMin     float64       `koanf:"gain_min"`     // share of capacity that a move must gain
	Power       []float64     `koanf:"power"`        // watts at even steps of CPU load, from none to full
	MovesIn     int           `koanf:"moves_in"`     // guests on their way here at one time
	MovesOut    int           `koanf:"moves_out"`    // guests on their way from here at one time
	Deadline    Deadline      `koanf:"deadline"`     // of a migration
	Audit       Audit         `koanf:"audit"`
	Metrics     Metrics       `koanf:"metrics"`
	Log         Log           `koanf:"log"`
}

// Peer is one listed peer.
type Peer struct {
	ID        string   `koanf:"id"`
	Name      string   `koanf:"name"` // for people
	Addresses []string `koanf:"addresses"`
}

// Platform says what runs the guests.
type Platform struct {
	Kind         string        `koanf:"kind"`        // libvirt, or memory
	URI          string        `koanf:"uri"`         // of the local libvirt
	Endpoint     string        `koanf:"endpoint"`    // of this libvirt, as other hosts' libvirts reach it
	MigrateURI   string        `koanf:"migrate_uri"` // where guests' memory arrives
	Shared       []string      `koanf:"shared"`      // paths and pools that all hosts see
	CallTimeout  time.Duration `koanf:"call_timeout"`
	DowntimeMax  time.Duration `koanf:"downtime_max"`
	BandwidthMax int64         `koanf:"bandwidth_max"` // bytes per second
	DirtyEvery   time.Duration `koanf:"dirty_every"`   // between two measurements of a guest's writing; 0: none
}

// Capacity is what guests may use of this host.
type Capacity struct {
	CPU    float64 `koanf:"cpu"`    // cores; 0: all that the platform shows
	Memory string  `koanf:"memory"` // such as 2GiB; "": what the platform shows without ReserveMemory
	// ReserveMemory is for the machine itself, where Memory is left out; "": 1 GiB
	// and 5 %, at most 8 GiB.
	ReserveMemory string `koanf:"reserve_memory"`
	// OverheadMemory is what each guest costs beside its memory; "": an estimate.
	OverheadMemory string `koanf:"overhead_memory"`
}

// Rules are for the guests whose names match a pattern; they add to what is
// written into the guests.
type Rules struct {
	Guests   string   `koanf:"guests"` // such as web-*
	Pin      bool     `koanf:"pin"`
	Ignore   bool     `koanf:"ignore"`
	Priority int      `koanf:"priority"`
	Labels   []string `koanf:"labels"`
	Requires []string `koanf:"requires"`
	Near     []string `koanf:"near"`
	Apart    []string `koanf:"apart"`
}

// Arrival says what becomes of migrations to this host that no deal covers.
type Arrival struct {
	Foreign string `koanf:"foreign"` // refuse, or allow: such as one by hand
	Down    string `koanf:"down"`    // refuse, or allow: while the agent does not answer
}

// Deadline bounds a migration.
type Deadline struct {
	Base   time.Duration `koanf:"base"`
	PerGiB time.Duration `koanf:"per_gib"` // for each GiB of the guest's memory
}

// Policy says which models the host enacts.
type Policy struct {
	File string `koanf:"file"` // one .lcc file, or a directory of them
}

// Metrics says where Prometheus may ask.
type Metrics struct {
	Listen string `koanf:"listen"` // host:port
}

// Audit says how much of the history is kept.
type Audit struct {
	Most    int           `koanf:"most"`     // entries
	KeepFor time.Duration `koanf:"keep_for"` // age
}

// Log says how the daemon logs.
type Log struct {
	Level  string `koanf:"level"`  // debug, info, warn, error
	Format string `koanf:"format"` // text or json
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

// ReadConfig reads a YAML file over the defaults. An unknown key, a value of
// the wrong kind or a missing one is an error that names the key and says what
// to write.
func Read(path string) (Config, error) {
	config := Default()
	k := koanf.New(".")
	if err := k.Load(structs.Provider(config, "koanf"), nil); err != nil {
		return Config{}, fmt.Errorf("defaults of the configuration: %w", err)
	}
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return Config{}, fmt.Errorf("no configuration at %s: write one (docs/configuration.md) or name another with --config", path)
		}
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	written := koanf.New(".")
	if err := written.Load(file.Provider(path), yaml.Parser()); err != nil {
		return Config{}, fmt.Errorf("%s is not YAML: %w", path, err)
	}
	lines, err := readLines(path)
	if err != nil {
		return Config{}, err
	}
	if err := unknownKeys(written.Keys()); err != nil {
		return Config{}, lines.name(err)
	}
	if err := k.Merge(written); err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	err = k.UnmarshalWithConf("", &config, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		DecodeHook:       timesAndNumbers,
		ErrorUnused:      true,
		Result:           &config,
		TagName:          "koanf",
		WeaklyTypedInput: false,
	}})
	if err != nil {
		return Config{}, lines.name(err)
	}
	config.resolve(filepath.Dir(path))
	if err := config.Validate(); err != nil {
		return Config{}, lines.name(err)
	}
	return config, nil
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

// Validate says what is wrong with a configuration, the key first.
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
	return errors.Join(withCore(c, errs)...)
}

// unknownKeys refuses keys that mean nothing, with the nearest that does: a
// misspelt limit that is silently ignored is worse than none.
func unknownKeys(keys []string) error {
	known := knownKeys("", reflect.TypeFor[Config]())
	var errs []error
	for _, key := range keys {
		if known[key] {
			continue
		}
		hint := "`parley agent --print-config` lists all"
		if meant := spell.Nearest(key, slices.Sorted(maps.Keys(known))); meant != "" {
			hint = fmt.Sprintf("did you mean %q?", meant)
		}
		errs = append(errs, &Fault{Key: key, Text: fmt.Sprintf("there is no key %q: %s", key, hint), unknown: true})
	}
	return errors.Join(errs...)
}

func knownKeys(prefix string, t reflect.Type) map[string]bool {
	known := map[string]bool{}
	for field := range t.Fields() {
		key := prefix + field.Tag.Get("koanf")
		if field.Type.Kind() == reflect.Struct {
			for inner := range knownKeys(key+".", field.Type) {
				known[inner] = true
			}
			continue
		}
		known[key] = true
	}
	return known
}
