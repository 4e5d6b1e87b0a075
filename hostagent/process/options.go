package process

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent"
)

// Options say how guests are supervised. A zero duration or size means its default.
type Options struct {
	Dir      string // of the platform alone
	Host     string // the host's name
	Capacity hostagent.Resources
	Reserve  int64 // bytes of memory that Capacity leaves to the machine itself; 0: it is declared
	// Programs are the programs that may run here, as absolute paths: those of other hosts
	// too, whose guests come here.
	Programs []string
	User     string // the programs run as; "": the agent's own
	// Restart says that a program that has ended by itself, or that is silent for
	// SilentMost, is started again from its latest checkpoint.
	Restart    bool
	SilentMost time.Duration // default: 0, which means for ever
	// Checkpoint is the time between two checkpoints; 0: none.
	Checkpoint time.Duration
	BeatMissed time.Duration // without a beat after which an operator is told; default 10 s
	// SuspendWithin is how long a program may take to its next safe point, and to hand over
	// its state; default 30 s.
	SuspendWithin time.Duration
	StartWithin   time.Duration // how long a program may take to say hello; default 10 s
	StateMost     int64         // bytes of a state; default 1 GiB
	// Connections is how the connections of a program move; default Incremental.
	Connections string
	Namespaces  string        // directory of the names of network namespaces; default /run/netns
	Look        time.Duration // between two looks at the processes; default 500 ms
	Logger      *slog.Logger  // nil: none
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		of    *time.Duration
		value time.Duration
	}{
		{&o.BeatMissed, 10 * time.Second}, {&o.SuspendWithin, 30 * time.Second}, {&o.StartWithin, 10 * time.Second},
		{&o.Look, 500 * time.Millisecond},
	} {
		if *d.of <= 0 {
			*d.of = d.value
		}
	}
	if o.StateMost <= 0 {
		o.StateMost = 1 << 30
	}
	o.Connections, o.Namespaces = cmp.Or(o.Connections, Incremental), cmp.Or(o.Namespaces, "/run/netns")
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// pathMost is the longest path of a unix socket on Linux.
const pathMost = 107

// Validate returns what is wrong with the options.
func (o Options) Validate() error {
	if !filepath.IsAbs(o.Dir) {
		return fmt.Errorf("processes: the directory %q is not an absolute path", o.Dir)
	}
	if socket := filepath.Join(o.Dir, "socket"); len(socket) > pathMost {
		return fmt.Errorf("processes: the path %s has %d bytes, and a socket's has at most %d: give a shorter state_dir", socket, len(socket),
			pathMost)
	}
	if o.Host == "" {
		return errors.New("processes: the host has no name")
	}
	if !slices.Contains([]string{"", Incremental, Collective, Iterative}, o.Connections) {
		return fmt.Errorf("processes: connections are %q: %s, %s or %s", o.Connections, Incremental, Collective, Iterative)
	}
	for _, path := range o.Programs {
		if !filepath.IsAbs(path) || filepath.Clean(path) != path {
			return fmt.Errorf("processes: the program %q is not an absolute path: a program has the same path on all hosts", path)
		}
	}
	return nil
}
