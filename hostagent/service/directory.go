package service

import (
	"fmt"
	"regexp"
	"sync/atomic"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/lcc"
)

// directory knows the hosts that may connect and what people call them. The loop
// replaces the members whole; every goroutine reads them.
type directory struct {
	self lcc.PeerID
	host string // what people call this host
	now  atomic.Pointer[members]
}

func (d *directory) members() *members { return d.now.Load() }

func (d *directory) put(m *members) { d.now.Store(m) }

// target finds the host that an operator names; "" is none.
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

// name is what people call a host.
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

// The core knows hosts by their ids alone, and so do its reasons; the audit keeps them
// so. People read names.

// hostIDs finds what may be the id of a host: its base 58 has no 0, O, I and l.
var hostIDs = regexp.MustCompile(`[1-9A-HJ-NP-Za-km-z]{40,}`)

// reason is a reason of the core for people.
func (d *directory) reason(text string) string {
	return hostIDs.ReplaceAllStringFunc(text, func(id string) string { return d.name(hostagent.HostID(id)) })
}

// deals copies deals with reasons for people.
func (d *directory) deals(list []api.DealStatus) []api.DealStatus {
	shown := append([]api.DealStatus{}, list...)
	for i, one := range shown {
		shown[i].Reason = d.reason(one.Reason)
	}
	return shown
}
