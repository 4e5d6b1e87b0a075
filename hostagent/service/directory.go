package service

import (
	"fmt"
	"regexp"
	"sync/atomic"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/lcc"
)

// directory knows the hosts that may connect, and their names. The loop replaces the
// members as a whole; any goroutine may read them.
type directory struct {
	self lcc.PeerID
	host string // name of this host
	now  atomic.Pointer[members]
}

func (d *directory) members() *members { return d.now.Load() }

func (d *directory) put(m *members) { d.now.Store(m) }

// target finds the host that an operator names; "" stays "".
func (d *directory) target(text string) (hostagent.HostID, error) {
	m, self := d.members(), d.self
	if text == "" || text == string(self) {
		return hostagent.HostID(text), nil
	}
	one, err := m.resolve(text)
	mine := text == d.host || m.ownName != "" && (text == m.ownName || text == m.home+"/"+m.ownName)
	switch {
	case mine && err == nil && one.id != lcc.PeerID(text):
		own := member{id: self, name: text}
		return "", fmt.Errorf("%w: this host and another one are called %q: give the peer id of one: %s", api.ErrRefused, text,
			m.candidates([]member{own, one}))
	case mine && err != nil:
		return hostagent.HostID(self), nil
	}
	return hostagent.HostID(one.id), err
}

// name returns the name of a host.
func (d *directory) name(id hostagent.HostID) string {
	if lcc.PeerID(id) == d.self {
		return d.host
	}
	m := d.members()
	if one, ok := m.byID(lcc.PeerID(id)); ok && one.name != "" {
		return m.called(one)
	}
	return string(id)
}

// The core knows hosts by id only, and its reasons and the audit contain these ids.
// People read names.

// hostIDs matches a possible host id: base 58 has no 0, O, I and l.
var hostIDs = regexp.MustCompile(`[1-9A-HJ-NP-Za-km-z]{40,}`)

// reason replaces the host ids in a reason of the core by names.
func (d *directory) reason(text string) string {
	return hostIDs.ReplaceAllStringFunc(text, func(id string) string { return d.name(hostagent.HostID(id)) })
}

// deals copies deals, with names in their reasons.
func (d *directory) deals(list []api.DealStatus) []api.DealStatus {
	shown := append([]api.DealStatus{}, list...)
	for i, one := range shown {
		shown[i].Reason = d.reason(one.Reason)
	}
	return shown
}
