// Package protocol is what a cooperative process and its supervisor say to each other:
// lines of JSON on a Unix socket, and the bytes of a state after the line that announces
// them (docs/process-protocol.md). Both ends read strictly, and within bounds.
package protocol

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
)

// Version is the version of the protocol that this package speaks.
const Version = 1

// Names of the environment of a program.
const (
	EnvSocket = "PARLEY_SUPERVISOR" // path of the supervisor's socket
	EnvRun    = "PARLEY_RUN"        // the secret that names this run of the program
)

// Bounds of what is read.
const (
	LineMost  = 256 << 10 // bytes of a line, its end included
	FilesMost = 256
	ConnsMost = 4096 // sockets that move with a program
	TakeMost  = 128  // of them with one line
	ArgsMost  = 256
	TextMost  = 1024 // bytes of a name, a reason or a run
	PathMost  = 4096
)

// Message is a pointer to one of the types below.
type Message interface{ validate() error }

// At says how far a program is when it says hello.
type At string

// Where a program can be.
const (
	AtNew       At = "new"       // it waits for Start or Resume, and has done nothing
	AtRunning   At = "running"   // it works; the connection was lost
	AtSuspended At = "suspended" // it waits for Resume or Leave
	AtDone      At = "done"      // it has finished, and waits for Leave
)

// Hello begins each connection.
type Hello struct {
	Name    string `json:"hello"`
	Version int    `json:"v"`
	Run     string `json:"run"`
	PID     int    `json:"pid"`
	At      At     `json:"at"`
	N       int    `json:"n,omitempty"`    // of the latest Suspend that it has seen
	Code    int    `json:"code,omitempty"` // at AtDone
}

// Beat says that the program makes progress.
type Beat struct {
	Count    int      `json:"beat"`
	Progress *float64 `json:"progress,omitempty"` // 0 to 1, if it is known
}

// Suspended says that the program stands at a safe point: its outputs are on disk, and
// what follows the line is its state.
type Suspended struct {
	N     int             `json:"suspended"`
	State int64           `json:"state"` // bytes that follow the line
	Files map[string]File `json:"files,omitempty"`
	Conns []Conn          `json:"conns,omitempty"`
}

// File is how far a program is in a file.
type File struct {
	At    int64 `json:"at"`
	Write bool  `json:"write,omitempty"` // an output: it is cut to At before it is written again
}

// Conn is a socket that moves with the program: a connection, or one that listens.
type Conn struct {
	FD   int    `json:"fd"`
	Name string `json:"name"` // the program's own; no two have the same
	// Accepted says that the socket was accepted from the one that listens and has this name,
	// for the program.
	Accepted bool `json:"accepted,omitempty"`
}

// Cannot refuses a Suspend: the program runs.
type Cannot struct {
	N   int    `json:"cannot"`
	Why string `json:"why"`
}

// Done says that the program has finished: its outputs are on disk.
type Done struct {
	Code int `json:"done"`
}

// Start tells a new program to begin.
type Start struct {
	Start int      `json:"start"` // 1
	Args  []string `json:"args"`
}

// Purpose says what a Suspend is for.
type Purpose string

// What a program is suspended for.
const (
	ForMove       Purpose = "move"
	ForCheckpoint Purpose = "checkpoint" // it is resumed at once
	ForOperator   Purpose = "operator"
)

// Suspend tells the program to stand still at the next safe point.
type Suspend struct {
	N   int     `json:"suspend"`
	For Purpose `json:"for"`
}

// Resume tells a suspended program to continue where it stands. A new one it tells to
// continue from a state, which follows the line.
type Resume struct {
	N     int             `json:"resume"`
	Args  []string        `json:"args,omitempty"`
	State int64           `json:"state,omitempty"`
	Files map[string]File `json:"files,omitempty"`
	From  string          `json:"from,omitempty"` // the host that it comes from
}

// Take hands the program sockets: the descriptor of each rides on the line. They are its own
// from the Resume on that follows.
type Take struct {
	Conns []Taken `json:"take"`
}

// Taken is a socket with its name, and whether it was accepted from the one with this name.
type Taken struct {
	Name     string `json:"name"`
	Accepted bool   `json:"accepted,omitempty"`
}

// Leave tells the program to exit without another byte of output.
type Leave struct {
	Why string `json:"leave"`
}

func (m *Hello) validate() error {
	known := m.At == AtNew || m.At == AtRunning || m.At == AtSuspended || m.At == AtDone
	switch {
	case m.Version < 1:
		return fmt.Errorf("the version is %d", m.Version)
	case !known:
		return fmt.Errorf("at is %q: new, running, suspended or done", m.At)
	case m.Run == "" || m.PID <= 0 || m.N < 0:
		return errors.New("run, pid or n is missing or negative")
	}
	return errors.Join(text("hello", m.Name), text("run", m.Run))
}

func (m *Beat) validate() error {
	if p := m.Progress; p != nil && (math.IsNaN(*p) || *p < 0 || *p > 1) {
		return fmt.Errorf("progress is %g: 0 to 1", *p)
	}
	return nil
}

func (m *Suspended) validate() error {
	if m.N < 1 || m.State < 0 {
		return errors.New("suspended or state is negative or missing")
	}
	return errors.Join(conns(m.Conns), files(m.Files))
}

func (m *Cannot) validate() error {
	if m.N < 1 {
		return errors.New("cannot is missing")
	}
	return text("why", m.Why)
}

func (m *Done) validate() error {
	if m.Code < 0 || m.Code > 255 {
		return fmt.Errorf("done is %d: 0 to 255", m.Code)
	}
	return nil
}

func (m *Start) validate() error {
	if m.Start != 1 {
		return fmt.Errorf("start is %d", m.Start)
	}
	return args(m.Args)
}

func (m *Suspend) validate() error {
	if m.N < 1 || m.For != ForMove && m.For != ForCheckpoint && m.For != ForOperator {
		return fmt.Errorf("suspend %d for %q", m.N, m.For)
	}
	return nil
}

func (m *Resume) validate() error {
	if m.N < 1 || m.State < 0 {
		return errors.New("resume or state is negative or missing")
	}
	return errors.Join(args(m.Args), files(m.Files), text("from", m.From))
}

func (m *Take) validate() error {
	if len(m.Conns) == 0 || len(m.Conns) > TakeMost {
		return fmt.Errorf("there are %d sockets: at most %d, and at least one", len(m.Conns), TakeMost)
	}
	for _, c := range m.Conns {
		if err := text("take", c.Name); err != nil {
			return err
		}
	}
	return nil
}

// conns checks sockets of a program.
func conns(list []Conn) error {
	if len(list) > ConnsMost {
		return fmt.Errorf("there are %d sockets: at most %d", len(list), ConnsMost)
	}
	names := map[string]bool{}
	for _, c := range list {
		switch {
		case c.FD < 0:
			return fmt.Errorf("the socket %q has the descriptor %d", c.Name, c.FD)
		case names[c.Name] && !c.Accepted:
			return fmt.Errorf("two sockets have the name %.60q", c.Name)
		}
		names[c.Name] = names[c.Name] || !c.Accepted
		if err := text("conns", c.Name); err != nil {
			return err
		}
	}
	return nil
}

func (m *Leave) validate() error { return text("leave", m.Why) }

func text(key, value string) error {
	if len(value) > TextMost || strings.ContainsRune(value, 0) {
		return fmt.Errorf("%s has %d bytes, more than %d, or a zero byte", key, len(value), TextMost)
	}
	return nil
}

func args(list []string) error {
	if len(list) > ArgsMost {
		return fmt.Errorf("there are %d arguments: at most %d", len(list), ArgsMost)
	}
	for _, a := range list {
		if strings.ContainsRune(a, 0) {
			return errors.New("an argument has a zero byte")
		}
	}
	return nil
}

// files checks the places in files. A path is absolute and clean, so that it names the
// same file on every host.
func files(list map[string]File) error {
	if len(list) > FilesMost {
		return fmt.Errorf("there are %d files: at most %d", len(list), FilesMost)
	}
	for path, f := range list {
		switch {
		case len(path) > PathMost || !filepath.IsAbs(path) || filepath.Clean(path) != path || strings.ContainsRune(path, 0):
			return fmt.Errorf("the path %.60q is not absolute and clean", path)
		case f.At < 0:
			return fmt.Errorf("the place in %s is %d", path, f.At)
		}
	}
	return nil
}
