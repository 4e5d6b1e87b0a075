package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
)

// Process says how the host runs cooperative processes (docs/process.md).
type Process struct {
	On       bool     `yaml:"on"`
	Programs []string `yaml:"programs"` // absolute paths of the programs that may run here
	User     string   `yaml:"user"`     // that programs run as; "": the agent's own
	Restart  bool     `yaml:"restart"`  // start a program that ends by itself again from its checkpoint
	// Checkpoint is the time between two checkpoints where Restart is set; 0: none.
	Checkpoint    time.Duration `yaml:"checkpoint"`
	BeatMissed    time.Duration `yaml:"beat_missed"`    // of silence after which the operator is told
	SilentMost    time.Duration `yaml:"silent_most"`    // of silence after which Restart applies; 0: for ever
	SuspendWithin time.Duration `yaml:"suspend_within"` // to the next safe point, and for the state
	StateMost     string        `yaml:"state_most"`     // of a program
	// Connections is how those of a program with a network of its own move: incremental,
	// collective or iterative.
	Connections string `yaml:"connections"`
}

// ProcessDir is where the state of the processes is.
func (c Config) ProcessDir() string { return filepath.Join(c.StateDir, "process") }

// StateBytes returns process.state_most in bytes.
func (p Process) StateBytes() (int64, error) {
	bytes, set, err := size("process.state_most", p.StateMost)
	if err == nil && (!set || bytes == 0) {
		err = &Fault{Key: "process.state_most", Text: "is none: write how much a program may hand over, such as 1GiB"}
	}
	return bytes, err
}

func (c Config) checkProcess() (errs []error) {
	p := c.Process
	wrong := func(is bool, key, format string, args ...any) {
		if is {
			errs = append(errs, &Fault{Key: "process." + key, Text: fmt.Sprintf(format, args...)})
		}
	}
	if _, err := p.StateBytes(); err != nil {
		errs = append(errs, err)
	}
	for i, path := range p.Programs {
		wrong(!filepath.IsAbs(path) || filepath.Clean(path) != path, fmt.Sprintf("programs[%d]", i),
			"is %q: write an absolute path, the same on all hosts", path)
	}
	wrong(!p.On && len(p.Programs) > 0, "programs", "has no effect: write on: true beside it, or leave it out")
	ways := []string{"incremental", "collective", "iterative"}
	wrong(!slices.Contains(ways, p.Connections), "connections", "is %q: give %s or %s", p.Connections, strings.Join(ways[:2], ", "), ways[2])
	socket := filepath.Join(c.ProcessDir(), "socket")
	wrong(p.On && len(socket) > SocketMost, "on", "needs the socket %s, whose path has %d bytes, and it has at most %d: give a shorter "+
		"state_dir", socket, len(socket), SocketMost)
	for _, d := range []struct {
		key   string
		value time.Duration
		least time.Duration
	}{
		{"checkpoint", p.Checkpoint, 0}, {"silent_most", p.SilentMost, 0}, {"beat_missed", p.BeatMissed, time.Second},
		{"suspend_within", p.SuspendWithin, time.Second},
	} {
		wrong(d.value < d.least || d.value > hostagent.TimeMost, d.key, "is %v: give %v to %v", d.value, d.least, hostagent.TimeMost)
	}
	wrong(p.SilentMost > 0 && p.SilentMost < p.BeatMissed, "silent_most", "is %v, less than beat_missed, %v: the operator is told first",
		p.SilentMost, p.BeatMissed)
	return errs
}
