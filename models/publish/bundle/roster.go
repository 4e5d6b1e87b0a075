package bundle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley/internal/hostname"
	"parley/internal/label"
)

// Roster lists the hosts of a publisher: who may connect, with addresses and labels.
type Roster struct {
	Hosts []Host `cbor:"1,keyasint" json:"hosts"` // by id
	// Group is the label whose values form groups of hosts that receive each other's
	// adverts; "": groups by hashing alone. GroupMost bounds a group; 0: the default.
	Group     string `cbor:"2,keyasint,omitempty" json:"group,omitempty"`
	GroupMost int    `cbor:"3,keyasint,omitempty" json:"group_most,omitempty"`
}

// Host is one host of a roster.
type Host struct {
	ID        string   `cbor:"1,keyasint" json:"id"`                         // peer id
	Name      string   `cbor:"2,keyasint" json:"name"`                       // for people, unique
	Addresses []string `cbor:"3,keyasint,omitempty" json:"addresses"`        // multiaddrs
	Labels    []string `cbor:"4,keyasint,omitempty" json:"labels,omitempty"` // key=value, sorted
}

// Limits of a roster.
const (
	HostsMax     = 20_000
	addressesMax = 16
	groupMost    = 500
)

// Sorted returns the roster in its canonical order.
func (r Roster) Sorted() Roster {
	r.Hosts = slices.Clone(r.Hosts)
	for i := range r.Hosts {
		labels := slices.Clone(r.Hosts[i].Labels)
		slices.Sort(labels)
		r.Hosts[i].Labels = slices.Compact(labels)
	}
	slices.SortFunc(r.Hosts, func(a, b Host) int { return cmp.Compare(a.ID, b.ID) })
	return r
}

// Validate returns an error that says what is invalid in a roster. The error is a
// *Refusal.
func (r Roster) Validate() error {
	if len(r.Hosts) > HostsMax {
		return Refuse(TooLarge, "a roster of %d hosts, more than %d", len(r.Hosts), HostsMax)
	}
	if r.GroupMost != 0 && (r.GroupMost < 2 || r.GroupMost > groupMost) {
		return Refuse(WrongRoster, "groups of at most %d hosts: give 2 to %d, or 0 for the default", r.GroupMost, groupMost)
	}
	if len(r.Group) > 64 || strings.ContainsAny(r.Group, "=, \t\n\"") {
		return Refuse(WrongRoster, "groups by the label %q: give the key of a label, such as rack", r.Group)
	}
	names := map[string]bool{}
	for i, h := range r.Hosts {
		if err := h.validate(); err != nil {
			return err
		}
		if i > 0 && r.Hosts[i-1].ID >= h.ID {
			return Refuse(WrongRoster, "the hosts are not in the order of their ids, each once: %s", h.ID)
		}
		if names[h.Name] {
			return Refuse(WrongRoster, "two hosts are called %s", h.Name)
		}
		names[h.Name] = true
	}
	return nil
}

func (h Host) validate() error {
	if h.ID == "" || len(h.ID) > 128 {
		return Refuse(WrongRoster, "host %q has no peer id, or a long one: `parley key id FILE` prints that of a host's key", h.Name)
	}
	if err := checkName("host", h.Name); err != nil {
		return Refuse(WrongRoster, "%v", err)
	}
	if len(h.Addresses) > addressesMax {
		return Refuse(WrongRoster, "host %s has %d addresses, more than %d", h.Name, len(h.Addresses), addressesMax)
	}
	for _, address := range h.Addresses {
		if len(address) > 256 || len(address) == 0 || address[0] != '/' {
			return Refuse(WrongRoster, "host %s: %q is not an address such as /ip4/10.0.0.2/tcp/4200", h.Name, address)
		}
	}
	if err := checkLabels(h.Labels); err != nil {
		return Refuse(WrongRoster, "host %s: %v", h.Name, err)
	}
	return nil
}

// CheckNames rejects a host whose name could be mistaken for something else, such as
// the peer id of another host. Hosts reject a new roster with such a name; rosters that
// earlier versions accepted stay readable. The error is a *Refusal.
func (r Roster) CheckNames() error {
	for _, h := range r.Hosts {
		err := hostname.Check(h.Name)
		if other, is := r.Find(h.Name); is && other.ID != h.ID && err == nil {
			err = fmt.Errorf("%q cannot name a host: it is the id of another", h.Name)
		}
		if err != nil {
			return Refuse(WrongRoster, "%v: give it another name in cluster.yaml", err)
		}
	}
	return nil
}

// Publishable says why a valid roster must not be published. It is stricter than
// Validate, which must accept what earlier versions published. The error is a *Refusal.
func (r Roster) Publishable() error {
	if err := r.Validate(); err != nil {
		return err
	}
	if err := r.CheckNames(); err != nil {
		return err
	}
	for _, h := range r.Hosts {
		if err := label.CheckAll(h.Labels); err != nil {
			return Refuse(WrongRoster, "host %s: %v", h.Name, err)
		}
	}
	return nil
}

// Encode encodes the roster as an object.
func (r Roster) Encode() []byte { return encode(r) }

// DecodeRoster decodes an object. The error is a *Refusal.
func DecodeRoster(data []byte) (r Roster, err error) {
	if err := decode("a roster", data, ObjectBytes, &r); err != nil {
		return Roster{}, err
	}
	return r, r.Validate()
}

// Find returns the host with an id.
func (r Roster) Find(id string) (Host, bool) {
	i, ok := slices.BinarySearchFunc(r.Hosts, id, func(h Host, id string) int { return cmp.Compare(h.ID, id) })
	if !ok {
		return Host{}, false
	}
	return r.Hosts[i], true
}
