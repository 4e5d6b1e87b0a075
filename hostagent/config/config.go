// Package config is an agent's configuration: a YAML file, with its defaults and
// bounds. It starts nothing, and needs neither a network nor a hypervisor.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/config/telling"
	"parley/internal/hostname"
	"parley/internal/yamlfile"
)

// IncarnationFile is the file in StateDir with the number of the agent's latest
// incarnation. It exists from the first start of an agent on.
const IncarnationFile = "incarnation"

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

	Platform  Platform  `yaml:"platform"`
	Container Container `yaml:"container"`
	Process   Process   `yaml:"process"`
	Capacity  Capacity  `yaml:"capacity"`
	Policy    Policy    `yaml:"policy"`

	Publishers []Publisher `yaml:"publishers"` // their signed rosters and policies are followed

	Mode    string               `yaml:"mode" jsonschema:"enum=recommend,enum=auto"` // recommend, or auto
	Labels  []string             `yaml:"labels"`                                     // of this host, key=value
	Rules   []hostagent.RulesFor `yaml:"rules"`                                      // for guests, by name
	Arrival Arrival              `yaml:"arrival"`
	// MoveKeys are the windows, and the room that is kept for hosts that fail.
	hostagent.MoveKeys `yaml:",inline"`

	LoadSource string    `yaml:"load_source" jsonschema:"enum=guests,enum=machine"` // guests, or machine
	Power      []float64 `yaml:"power"`                                             // watts at equal steps of CPU load, from none to full
	// Tuning are the keys that scenarios have as well, with the core's defaults.
	hostagent.Tuning `yaml:",inline"`

	Audit        Audit `yaml:"audit"`
	telling.Keys `yaml:",inline"`
}

// Peer is one listed peer.
type Peer struct {
	ID        string   `yaml:"id"`
	Name      string   `yaml:"name"` // for people
	Addresses []string `yaml:"addresses"`
}

// Platform says what runs the guests.
type Platform struct {
	Kind        string        `yaml:"kind" jsonschema:"enum=libvirt,enum=memory,enum=none"`
	URI         string        `yaml:"uri"`         // of the local libvirt
	Endpoint    string        `yaml:"endpoint"`    // of this libvirt, as other hosts' libvirts reach it
	MigrateURI  string        `yaml:"migrate_uri"` // where guests' memory arrives
	Shared      []string      `yaml:"shared"`      // paths and pools that all hosts see
	CallTimeout time.Duration `yaml:"call_timeout"`
	DirtyEvery  time.Duration `yaml:"dirty_every"` // between two measurements of a guest's dirty rate; 0: none

	Site   string        `yaml:"site"`   // memory: a directory that the hosts of a site share; "": this host is alone in one
	Guests []MemoryGuest `yaml:"guests"` // memory: guests that are made at the first start
	// Kinds are those of the guests that can come, Offers what guests may need here; of the
	// platform memory.
	Kinds  []hostagent.Kind `yaml:"kinds"` // none: virtual machines, and the kinds of Guests
	Offers []string         `yaml:"offers"`

	hostagent.MoveLimits `yaml:",inline"`
}

// Capacity is what guests may use of this host.
type Capacity struct {
	CPU    float64 `yaml:"cpu"`    // cores; 0: all that the platform shows
	Memory string  `yaml:"memory"` // such as 2GiB; "": what the platform shows minus ReserveMemory
	// ReserveMemory is kept for the machine itself if Memory is omitted; "": 1 GiB plus
	// 5 %, at most 8 GiB.
	ReserveMemory string `yaml:"reserve_memory"`
	// Disk is what the volumes of guests may take that move with their guests, such as
	// 100GiB; "": none.
	Disk string `yaml:"disk"`
	// OverheadMemory is what each guest needs beside its memory; "": an estimate.
	OverheadMemory string `yaml:"overhead_memory"`
}

// Arrival decides about migrations to this host that no deal covers.
type Arrival struct {
	Foreign string `yaml:"foreign" jsonschema:"enum=refuse,enum=allow"` // refuse or allow those without a deal, such as manual ones
	Down    string `yaml:"down" jsonschema:"enum=refuse,enum=allow"`    // refuse or allow all while the agent does not answer
}

// Policy says which models the host enacts.
type Policy struct {
	File string `yaml:"file"` // one .lcc file, or a directory of them
}

// Audit says how much of the history is kept.
type Audit struct {
	Most    int           `yaml:"most"`     // entries
	KeepFor time.Duration `yaml:"keep_for"` // age
	// LoadsFor is how long what guests used is kept; 0: it is not.
	LoadsFor   time.Duration `yaml:"loads_for"`
	LoadsEvery time.Duration `yaml:"loads_every"` // what one value is the mean of
	LoadsMost  string        `yaml:"loads_most"`  // on the disk, such as 16MiB
}

// LoadsBytes is LoadsMost as a number.
func (a Audit) LoadsBytes() (int64, error) {
	bytes, set, err := size("audit.loads_most", a.LoadsMost)
	if err == nil && (!set || bytes < 1<<16) {
		err = &Fault{Key: "audit.loads_most", Text: fmt.Sprintf("is %q: give at least 64KiB; audit.loads_for: 0 keeps nothing", a.LoadsMost)}
	}
	return bytes, err
}

// Default is the configuration of an empty file.
func Default() Config {
	name, err := os.Hostname()
	if err != nil || hostname.Check(name) != nil {
		name = "localhost"
	}
	core := hostagent.DefaultConfig()
	return Config{
		Host:     name,
		Key:      "/var/lib/parley/peer.key",
		StateDir: "/var/lib/parley",
		Socket:   "/run/parley/parley.sock",
		Listen:   []string{"/ip4/0.0.0.0/tcp/4200"},
		Group:    "default",
		Links:    32,
		Platform: Platform{Kind: "libvirt", URI: "qemu:///system", CallTimeout: 10 * time.Second, MoveLimits: core.Platform},
		Process: Process{Checkpoint: time.Minute, BeatMissed: 10 * time.Second, SuspendWithin: 30 * time.Second, StateMost: "1GiB",
			Connections: "incremental"},
		Container:  defaultContainer(),
		Mode:       "recommend",
		Arrival:    Arrival{Foreign: "refuse", Down: "refuse"},
		LoadSource: "guests",
		Tuning:     core.Tuning,
		Audit: Audit{Most: 200_000, KeepFor: 366 * 24 * time.Hour, LoadsFor: 30 * 24 * time.Hour,
			LoadsEvery: time.Minute, LoadsMost: "16MiB"},
		Keys: telling.Keys{Log: telling.Log{Level: "info", Format: "text"}},
	}
}

// written describes configuration files to yamlfile.
var written = yamlfile.Of(Config{}, "docs/configuration.md")

// Read reads a YAML file over the defaults. An unknown key or an invalid value is one
// of the Faults, with its place, its key and what to write.
func Read(path string) (Config, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Config{}, missing(path)
	}
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	config := Default()
	err = written.DecodeChecked(path, text, &config, func() Faults {
		config.resolve(filepath.Dir(path))
		return config.faults()
	})
	if err != nil {
		return Config{}, err
	}
	return config, nil
}

// resolve makes relative paths relative to the file that names them.
func (c *Config) resolve(dir string) {
	paths := []*string{&c.Key, &c.StateDir, &c.Socket, &c.Policy.File, &c.Platform.Site,
		&c.Web.Certificate, &c.Web.Key, &c.Web.Token}
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
	if faults := c.faults(); len(faults) > 0 {
		return faults
	}
	return nil
}

func (c Config) faults() Faults {
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
		check(slices.Contains(platforms, c.Platform.Kind), "platform.kind", "is %q: write libvirt or memory, or none", c.Platform.Kind),
		check(c.Platform.Kind != "none" || c.hasOtherPlatform(), "platform.kind",
			"is none, and no other platform is on: the host would have no guests; write process: {on: true} or container: {on: true}"),
		check(c.Platform.Kind != "none" || c.Capacity.CPU > 0 && c.Capacity.Memory != "", "capacity",
			"does not say what guests may use, and no libvirt shows it: give both, such as capacity: {cpu: 6, memory: 12GiB}"),
		check(c.LoadSource == "guests" || c.LoadSource == "machine", "load_source", "is %q: write guests or machine", c.LoadSource),
		check(c.Mode == "recommend" || c.Mode == "auto", "mode", "is %q: write recommend or auto", c.Mode),
		check(c.Arrival.Foreign == "refuse" || c.Arrival.Foreign == "allow", "arrival.foreign", "is %q: write refuse or allow",
			c.Arrival.Foreign),
		check(c.Arrival.Down == "refuse" || c.Arrival.Down == "allow", "arrival.down", "is %q: write refuse or allow", c.Arrival.Down),
		check(c.Capacity.CPU >= 0 && c.Capacity.CPU <= CoresMost, "capacity.cpu", "is %g: give cores, such as 7.5, at most %d",
			c.Capacity.CPU, CoresMost),
	}
	_, errLoads := c.Audit.LoadsBytes()
	errs = append(errs, c.Capacity.checkMemory(), errLoads,
		check(c.Audit.Most > 0 && c.Audit.KeepFor > 0, "audit", "keeps %d entries for %v: give a number and a duration above 0", c.Audit.Most,
			c.Audit.KeepFor),
		check(c.Links >= 8 && c.Links <= 500, "links", "is %d: 8 to 500, or the network may split", c.Links),
		c.checkPublishers())
	c.Keys.Check(func(key, text string) { errs = append(errs, &Fault{Key: key, Text: text}) })
	errs = append(errs, c.checkPeers()...)
	errs = append(errs, c.Platform.checkMemoryGuests()...)
	errs = append(errs, c.checkProcess()...)
	errs = append(errs, c.checkContainer()...)
	errs = append(errs, c.checkMachine()...)
	errs = append(errs, c.checkWindows()...)
	return append(faultsIn(errs), c.coreFaults()...)
}

// platforms are what platform.kind can be.
var platforms = []string{"libvirt", "memory", "none"}

// hasOtherPlatform says whether the host has guests beside those of platform.
func (c Config) hasOtherPlatform() bool { return c.Process.On || c.Container.On }

// missing is the error that there is no file at a path; it is fs.ErrNotExist.
type missing string

func (m missing) Error() string {
	return fmt.Sprintf("no configuration at %s: write one (docs/configuration.md) or name another with --config", string(m))
}

func (missing) Unwrap() error { return os.ErrNotExist }
