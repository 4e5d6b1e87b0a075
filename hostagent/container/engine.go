//go:build linux

package container

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/hostagent"
)

// engine runs containers. What it starts for a move does not end with the agent.
type engine interface {
	// name is what moves and descriptions call the engine.
	name() string
	// offers says what containers of the engine may need here.
	offers(ctx context.Context) ([]string, error)
	// list returns the containers that run or stand still.
	list(ctx context.Context) ([]contained, error)
	// has says whether anything of a name is there, running or not.
	has(ctx context.Context, guest hostagent.GuestID) (bool, error)
	// mounts returns the directories of the host that containers have as volumes, whether
	// they run or not.
	mounts(ctx context.Context) (map[hostagent.GuestID][]specs.Mount, error)
	// look looks at a container that runs.
	look(ctx context.Context, c contained) (looked, error)
	// make has all ready for a container that comes, but what is in its root. The place has
	// its name, and a mark by which the container is known if make fails.
	make(ctx context.Context, at place, spec specs.Spec, own json.RawMessage) (place, error)
	// preDump writes a round of the memory of a container that runs on.
	preDump(ctx context.Context, at place, h held) error
	// dump starts to write a container's memory, without what rounds have, and returns once the hook holds it.
	dump(ctx context.Context, at place, h held) error
	// restore starts a container from its memory, and returns once the hook holds it.
	restore(ctx context.Context, at place, h held) error
	// lapsed says that the engine does not wait any more for a container that the hook
	// holds: it must not run.
	lapsed(ctx context.Context, at place, h held) bool
	// started returns once the engine knows that a container runs which the hook has let go.
	started(ctx context.Context, at place) error
	// remove ends a container, and forgets it. That it is not there is no error.
	remove(ctx context.Context, at place, h held) error
}

// contained is a container as its engine lists it.
type contained struct {
	Guest  hostagent.GuestID `json:"-"`
	ID     string            `json:"id"` // for the engine
	PID    int               `json:"pid"`
	Status string            `json:"status"`
	Bundle string            `json:"bundle"`
}

// looked is what an engine knows of a container.
type looked struct {
	spec  specs.Spec
	place place
	needs []string        // of its engine
	own   json.RawMessage // what the engine at the target needs besides the spec
	// pipes says that the engine gives the container new standard streams where it comes.
	pipes bool
	why   string // it cannot be moved, as far as the engine knows; "" if it can
}

// place is where an engine has a container. It is part of a move's record.
type place struct {
	Name string `json:"name,omitempty"`
	Mark string `json:"mark,omitempty"` // the move by which it comes
	ID   string `json:"id,omitempty"`   // for the engine
	Root string `json:"root,omitempty"` // the directory of what is copied as its root
	// Layer says that the root is the upper layer of an overlay, over that of an image.
	Layer bool `json:"layer,omitempty"`
	// Static is podman's directory of the container, and Shm what it has as /dev/shm; "" where
	// that is part of its memory.
	Static string `json:"static,omitempty"`
	Shm    string `json:"shm,omitempty"`
	// Bundle is the directory that is removed, or kept, when the container has left; ""
	// where the engine itself removes all.
	Bundle string `json:"bundle,omitempty"`
}

// engineOf returns the engine of a name.
func (s *site) engineOf(name string) (engine, error) {
	if name == "" {
		name = runcName // a host of an earlier version has no other
	}
	var here []string
	for _, e := range s.engines {
		if e.name() == name {
			return e, nil
		}
		here = append(here, e.name())
	}
	return nil, fmt.Errorf("this host has no containers of %s, only of %s", strings.ToValidUTF8(name, "?"), strings.Join(here, " and "))
}

// of returns the engine of a move, and where it has the container.
func (s *site) of(guest hostagent.GuestID, own move) (engine, place, error) {
	e, err := s.engineOf(own.Engine)
	if err != nil {
		return nil, place{}, errors.Join(errors.New("a container that is in a move cannot be reached"), err)
	}
	if e.name() == runcName && own.Place.ID == "" { // as earlier versions have written it
		own.Place = s.runcPlace(guest)
	}
	return e, own.Place, nil
}
