package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/guestnet"
	"parley/hostagent/process/protocol"
	"parley/internal/atomicfile"
	"parley/internal/hostname"
)

// state is what a record says of a guest.
type state string

const (
	running   state = "running"   // here, and nowhere else
	suspended state = "suspended" // by an operator
	frozen    state = "frozen"    // by a move away from here
	incoming  state = "incoming"  // by a move to here; it has not run here yet
	done      state = "done"
	failed    state = "failed"
	stopped   state = "stopped" // by an operator
)

func (s state) ended() bool { return s == done || s == failed || s == stopped }

// record is the file of a guest.
type record struct {
	Version int               `json:"v"` // 1
	ID      hostagent.GuestID `json:"id"`
	Spec    spec              `json:"spec"`
	State   state             `json:"state"`
	Move    string            `json:"move,omitempty"` // of a guest that is frozen or incoming
	// Run names the one run of the program that may be told to begin.
	Run        string      `json:"run"`
	Process    identity    `json:"process,omitzero"`
	Checkpoint *checkpoint `json:"checkpoint,omitempty"`
	From       string      `json:"from,omitempty"` // the host that its run came from
	Restarts   int         `json:"restarts,omitempty"`
	Code       int         `json:"code,omitempty"`
	Why        string      `json:"why,omitempty"`
	EndedAt    time.Time   `json:"ended_at,omitzero"`
}

// spec is what a guest is on every host.
type spec struct {
	Name    string              `json:"name"`
	Program string              `json:"program"`
	Args    []string            `json:"args"`
	Dir     string              `json:"dir"`
	Need    hostagent.Resources `json:"need"`
	Rules   hostagent.Rules     `json:"rules"`
	MovedAt time.Time           `json:"moved_at,omitzero"`
	// Network is its own network; nil: it uses that of the host.
	Network *guestnet.Network `json:"network,omitempty"`
}

// checkpoint is a state in which the guest has stood.
type checkpoint struct {
	N     int                      `json:"n"`
	Bytes int64                    `json:"bytes"`
	Files map[string]protocol.File `json:"files"`
	At    time.Time                `json:"at"`
}

var guestID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// validate says what is wrong with what an operator or another host wants to run.
func (s spec) validate() error {
	if err := hostname.Check(s.Name); err != nil {
		return fmt.Errorf("the guest's name: write it like that of a host: %w", err)
	}
	if !filepath.IsAbs(s.Dir) || len(s.Dir) > protocol.PathMost {
		return fmt.Errorf("the working directory %.60q is not an absolute path", s.Dir)
	}
	if !(s.Need.CPU > 0) || s.Need.MemoryBytes <= 0 {
		return errors.New("say how many cores and how much memory it may use, both above 0")
	}
	if err := errors.Join(s.Need.Validate(), s.Rules.Validate()); err != nil {
		return err
	}
	if s.Network != nil {
		if err := s.Network.Validate(); err != nil {
			return fmt.Errorf("its network: %w", err)
		}
	}
	_, err := protocol.Line(&protocol.Start{Start: 1, Args: s.Args})
	return err
}

// store is the directory of the platform.
type store string

const (
	recordEnd   = ".json"
	recordBytes = 256 << 10
)

func (s store) record(id hostagent.GuestID) string {
	return filepath.Join(string(s), string(id)+recordEnd)
}
func (s store) sockets(id hostagent.GuestID) string {
	return filepath.Join(string(s), string(id)+".sockets")
}
func (s store) log(id hostagent.GuestID) string { return filepath.Join(string(s), string(id)+".log") }
func (s store) state(id hostagent.GuestID, n int) string {
	return filepath.Join(string(s), fmt.Sprintf("%s.state.%d", id, n))
}

// write makes a record durable, and then removes the states that it no longer names.
func (s store) write(r *record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(s.record(r.ID), text, 0o600); err != nil {
		return fmt.Errorf("the record of guest %s: %w", r.Spec.Name, err)
	}
	return s.clean(r.ID, r.Checkpoint)
}

// clean removes the states of a guest that are older than its checkpoint. A later one may
// be arriving.
func (s store) clean(id hostagent.GuestID, keep *checkpoint) error {
	if keep == nil {
		return nil
	}
	return s.removeStates(id, keep.N)
}

func (s store) removeStates(id hostagent.GuestID, before int) error {
	paths, err := filepath.Glob(filepath.Join(string(s), string(id)+".state.*"))
	for _, path := range paths {
		n, bad := strconv.Atoi(strings.TrimPrefix(filepath.Ext(path), "."))
		if bad != nil || n < before {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

// remove removes what is here of a guest, the record first.
func (s store) remove(id hostagent.GuestID) error {
	err := os.Remove(s.record(id))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err == nil {
		err = atomicfile.SyncDir(string(s))
	}
	if err != nil {
		return err
	}
	err = s.removeStates(id, math.MaxInt)
	if gone := os.Remove(s.log(id)); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return errors.Join(err, s.removeSockets(id))
}

// removeSockets removes what is kept of the sockets of a guest that has arrived.
func (s store) removeSockets(id hostagent.GuestID) error {
	if err := os.Remove(s.sockets(id)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// tidy removes what an agent has left that ended while it wrote a record.
func (s store) tidy() error {
	paths, err := filepath.Glob(filepath.Join(string(s), ".*"+recordEnd+"*"))
	for _, path := range paths {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// read reads all records.
func (s store) read() (list []*record, err error) {
	entries, err := os.ReadDir(string(s))
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		id, is := strings.CutSuffix(entry.Name(), recordEnd)
		if !is || !guestID.MatchString(id) {
			continue
		}
		path := filepath.Join(string(s), entry.Name())
		r, err := readRecord(path)
		if err == nil && string(r.ID) != id {
			err = errors.New("it is that of another guest")
		}
		if err != nil {
			return nil, fmt.Errorf("the record %s: %w: restore it, or remove it if its guest runs nowhere", path, err)
		}
		list = append(list, r)
	}
	return list, nil
}

func readRecord(path string) (*record, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &record{}
	switch {
	case len(text) > recordBytes:
		return nil, fmt.Errorf("it has %d bytes", len(text))
	case json.Unmarshal(text, r) != nil:
		return nil, json.Unmarshal(text, r)
	case r.Version != 1:
		return nil, fmt.Errorf("it has version %d, and this agent reads version 1", r.Version)
	}
	return r, nil
}
