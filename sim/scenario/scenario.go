package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/hostagent"
	"parley/internal/yamlfile"
	"parley/peer"
	"parley/sim"
)

// Scenario is a decoded file.
type Scenario struct {
	Title    string   `yaml:"title"`
	Note     string   `yaml:"note"`
	Policies []string `yaml:"policies"` // names of shipped models, or files beside the scenario; enacted together, "a+b"

	Hosts     []Hosts   `yaml:"hosts"`
	Guests    []Guests  `yaml:"guests"`
	Groups    Groups    `yaml:"groups"`
	Network   Network   `yaml:"network"`
	Migration Migration `yaml:"migration"`
	Power     Power     `yaml:"power"`
	Faults    Faults    `yaml:"faults"`
	Agent     Agent     `yaml:"agent"`

	Schedule  []Happening   `yaml:"schedule"`
	Balancers []Balancer    `yaml:"balancers"`
	Failing   []Failing     `yaml:"failing"`
	Expect    []Expectation `yaml:"expect"`
	Waits     bool          `yaml:"waits"` // hosts and guests report what they wait for

	Run     Run      `yaml:"run"`
	Figures []string `yaml:"figures"` // figures to show; none: all

	file string
	dir  string // base of relative names in the file
	data string // directory of traces
	// traces are those that were read; copies of the scenario share them.
	traces *traces
	// digest is the SHA-256 of the file, in hexadecimal digits.
	digest string
	// document is the first document, with the others merged into it.
	document *yamlfile.Document
}

// Hosts describes hosts of one kind.
type Hosts struct {
	Name    string           `yaml:"name"` // of one host, or the prefix of several names
	Count   int              `yaml:"count"`
	Cores   float64          `yaml:"cores"`
	Memory  Bytes            `yaml:"memory"`
	Disk    Bytes            `yaml:"disk"`                                                   // for guests' volumes
	Kinds   []hostagent.Kind `yaml:"kinds" jsonschema:"enum=vm,enum=container,enum=process"` // of guests; none: virtual machines
	Offers  []string         `yaml:"offers"`                                                 // what guests may need
	Labels  []string         `yaml:"labels"`
	Group   string           `yaml:"group"`
	Refuse  []string         `yaml:"refuse"`  // roles of the policies that they never play
	Power   []float64        `yaml:"power"`   // watts
	Link    Bytes            `yaml:"link"`    // bytes per second
	Arrival string           `yaml:"arrival"` // deals (the default), allow, unchecked
	// Alternate makes the kinds that have it take turns: one host of each, repeatedly.
	Alternate bool `yaml:"alternate"`
}

// Guests describes guests of one kind.
type Guests struct {
	Name    string         `yaml:"name"`
	Count   int            `yaml:"count"`
	PerHost float64        `yaml:"per_host"`
	Host    string         `yaml:"host"` // initial host
	Kind    hostagent.Kind `yaml:"kind" jsonschema:"enum=vm,enum=container,enum=process"`
	Needs   []string       `yaml:"needs"`
	Disk    Bytes          `yaml:"disk"`
	Place   string         `yaml:"place"` // random, spread, skewed, round_robin, blocks, power
	Sizes   []Size         `yaml:"sizes"`
	// SizesInTurn assigns the sizes to equal consecutive parts of the guests, instead
	// of drawing them.
	SizesInTurn bool    `yaml:"sizes_in_turn"`
	Load        Load    `yaml:"load"`
	Priority    []int   `yaml:"priority"` // drawn from this list
	Rules       Rules   `yaml:",inline"`
	Pinned      bool    `yaml:"pinned"`
	Ignored     bool    `yaml:"ignored"`
	DirtyRate   Bytes   `yaml:"dirty_rate"`  // bytes per second at full use
	WorkingSet  Bytes   `yaml:"working_set"` // default a tenth of the memory
	Quota       float64 `yaml:"quota"`       // most cores that each gets
	MIPS        float64 `yaml:"mips"`        // in a second of CPU time; 0: no counter

	Starts time.Duration `yaml:"starts"` // when its owner starts it
	Ends   time.Duration `yaml:"ends"`
	Absent bool          `yaml:"absent"` // does not exist until the schedule starts it
}

// Rules say where guests may be: labels of theirs, of hosts and of other guests.
type Rules struct {
	Labels   []string `yaml:"labels"`
	Requires []string `yaml:"requires"`
	Near     []string `yaml:"near"`
	Apart    []string `yaml:"apart"`
	Avoids   []string `yaml:"avoids"`
	AtMost   []string `yaml:"at_most"` // each "key=value:n"
}

// Size is what a guest declares.
type Size struct {
	Cores  float64 `yaml:"cores"`
	Memory Bytes   `yaml:"memory"`
	Weight float64 `yaml:"weight"` // relative frequency; default 1
	// Requires adds to the labels that the guest's hosts must have.
	Requires []string `yaml:"requires"`
}

// Groups says which hosts hear each other.
type Groups struct {
	By     string `yaml:"by"`
	Size   int    `yaml:"size"`
	Label  string `yaml:"label"`
	Beyond int    `yaml:"beyond"`
}

// Network says how frames travel.
type Network struct {
	Latency   time.Duration `yaml:"latency"`
	Jitter    time.Duration `yaml:"jitter"`
	Loss      float64       `yaml:"loss"`
	Duplicate float64       `yaml:"duplicate"`
	Reorder   float64       `yaml:"reorder"`
}

// Migration says how guests move.
type Migration struct {
	Rate       Bytes         `yaml:"rate"` // bytes per second
	Unshared   bool          `yaml:"unshared"`
	Downtime   time.Duration `yaml:"downtime"`
	Pause      time.Duration `yaml:"pause"`
	SourceCost float64       `yaml:"source_cost"`
	TargetCost float64       `yaml:"target_cost"`
}

// Power says what hosts without work do.
type Power struct {
	Off      string        `yaml:"off"`
	After    time.Duration `yaml:"after"`
	Shutdown time.Duration `yaml:"shutdown"`
	Boot     time.Duration `yaml:"boot"`
	Sleep    float64       `yaml:"sleep"` // watts
}

// Faults says which faults are injected.
type Faults struct {
	Agents     int           `yaml:"agents"`
	Hosts      int           `yaml:"hosts"`
	Partitions int           `yaml:"partitions"`
	Within     time.Duration `yaml:"within"`
	Orders     int           `yaml:"orders"`
	Failing    int           `yaml:"failing"`
	Hands      int           `yaml:"hands"`
	Ends       int           `yaml:"ends"`
	Drift      float64       `yaml:"drift"`
	Skew       time.Duration `yaml:"skew"`
	Schedule   []Fault       `yaml:"schedule"`
	Late       []sim.Late    `yaml:"late"`
}

// Fault is a scheduled fault.
type Fault struct {
	At      time.Duration `yaml:"at"`
	For     time.Duration `yaml:"for"`
	Kind    string        `yaml:"kind"`
	Hosts   []string      `yaml:"hosts"`
	Network Network       `yaml:"network"`
}

// Agent is the configuration of the hosts' agents: the keys of the agent's own
// configuration, with its defaults, and two times of its peer.
type Agent struct {
	hostagent.Tuning   `yaml:",inline"`
	hostagent.MoveKeys `yaml:",inline"`
	AdvertEvery        time.Duration `yaml:"advert_every"`
	AdvertGap          time.Duration `yaml:"advert_gap"`
}

func defaultAgent() Agent {
	return Agent{Tuning: hostagent.DefaultConfig().Tuning, AdvertEvery: peer.AdvertEvery, AdvertGap: peer.AdvertGap}
}

// Run bounds the run.
type Run struct {
	Limit time.Duration `yaml:"limit"` // default 2h
	Quiet time.Duration `yaml:"quiet"` // default 10m; negative: only the limit ends it
	Tick  time.Duration `yaml:"tick"`  // default 5m
	Warm  time.Duration `yaml:"warm"`  // excluded from averages over time
	// StartWithin is the time within which the agents start; default 1s, or
	// agent.sample_every where that is above 5s, up to 1m.
	StartWithin time.Duration `yaml:"start_within"`
}

// Options has the locations of files.
type Options struct {
	// Data is the directory of traces that a scenario names without a path (the
	// environment variable PARLEY_DATA).
	Data string
}

// InDirectory is the name of the scenario of a directory, such as a record of a site.
const InDirectory = "site.yaml"

// Open reads the scenario at a path: a file, or a directory with one InDirectory.
func Open(path string, o Options) (*Scenario, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, InDirectory)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	defer file.Close()
	return Read(file, path, o)
}

// Read reads a scenario; name is its name in errors, and its directory is the base of
// file names in it. The hosts, guests and policies of several documents, separated by
// lines of three dashes, are merged.
func Read(r io.Reader, name string, o Options) (*Scenario, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("scenario: %s: %w", name, err)
	}
	s := &Scenario{file: name, dir: filepath.Dir(name), data: o.Data, Agent: defaultAgent(), traces: &traces{}}
	sum := sha256.Sum256(text)
	s.digest = hex.EncodeToString(sum[:])
	if err := s.decode(text); err != nil {
		return nil, err
	}
	return s, nil
}

// wrong makes an error about the value at a path, with its place.
func (s *Scenario) wrong(path []any, format string, args ...any) error {
	f := faultAt(path, format, args...)
	return s.named(yamlfile.Faults{s.document.Fault(f.Key, f.Text)})
}

// faultAt makes a fault of the value at a path, without its place: keys and, for lists, indexes.
func faultAt(path []any, format string, args ...any) *yamlfile.Fault {
	return &yamlfile.Fault{Key: keyOf(path), Text: fmt.Sprintf(format, args...)}
}

// keyOf writes a path as yamlfile does, such as hosts[0].name.
func keyOf(path []any) string {
	var key strings.Builder
	for _, part := range path {
		switch part := part.(type) {
		case int:
			fmt.Fprintf(&key, "[%d]", part)
		default:
			if key.Len() > 0 {
				key.WriteByte('.')
			}
			fmt.Fprint(&key, part)
		}
	}
	return key.String()
}

// File is the name of the scenario's file.
func (s *Scenario) File() string { return s.file }

// Dir is the base directory of file names in the scenario.
func (s *Scenario) Dir() string { return s.dir }
