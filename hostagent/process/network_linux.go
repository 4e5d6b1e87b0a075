package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/hostagent"
	"parley/hostagent/guestnet"
)

// networks has the networks of the guests that have one of their own: a namespace, and a
// port on a bridge.
type networks struct {
	dir   string // of the names of namespaces
	owner string // tells the guests of several agents of a machine apart
}

func findNetworks(o Options) networks {
	return networks{o.Namespaces, fmt.Sprintf("parley-%08x-", uint32(ownerOf(o.Dir)))}
}

func (n networks) namespace(id hostagent.GuestID) string {
	return filepath.Join(n.dir, n.owner+string(id))
}

func (n networks) port(id hostagent.GuestID) string { return guestnet.PortOf(n.owner + string(id)) }

// usable says why a guest cannot have a network of its own here.
func (n networks) usable() error {
	if os.Geteuid() != 0 {
		return errors.New("an agent makes networks of guests as root only")
	}
	return nil
}

// bridges are those that a guest can be a port of.
func (n networks) bridges() ([]string, error) {
	if n.usable() != nil {
		return nil, nil
	}
	return guestnet.Bridges()
}

// make makes the network of a guest, and removes one that was there. Its port is cut.
func (n networks) make(id hostagent.GuestID, of guestnet.Network) error {
	if err := n.usable(); err != nil {
		return err
	}
	return of.Make(n.namespace(id), n.port(id))
}

// open opens the port, and says so to the bridges.
func (n networks) open(id hostagent.GuestID, of guestnet.Network) error {
	if err := guestnet.SetPort(n.port(id), true); err != nil {
		return err
	}
	return of.Announce(n.namespace(id), n.port(id))
}

func (n networks) cut(id hostagent.GuestID) error { return guestnet.SetPort(n.port(id), false) }

// remove removes what is there of the network of a guest.
func (n networks) remove(id hostagent.GuestID) error {
	if _, err := os.Lstat(n.namespace(id)); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return guestnet.Unmake(n.namespace(id), n.port(id))
}

// sweep removes the networks of guests that are not to be kept.
func (n networks) sweep(keep func(hostagent.GuestID) bool) (err error) {
	entries, failed := os.ReadDir(n.dir)
	if failed != nil {
		return nil // there are none
	}
	for _, entry := range entries {
		if id, is := strings.CutPrefix(entry.Name(), n.owner); is && !keep(hostagent.GuestID(id)) {
			err = errors.Join(err, n.remove(hostagent.GuestID(id)))
		}
	}
	return err
}
