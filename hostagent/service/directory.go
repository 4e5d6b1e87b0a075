package service

import (
	"regexp"
	"sync/atomic"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
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

func (d *directory) put(m *members) {
	m.index()
	d.now.Store(m)
}

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
		return "", api.Refuse(hostagent.CodeBadQuestion, "this host and another one are called %q: give the peer id of one: %s", text,
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
// People read names. What leaves the agent passes through one of the functions below.

// hostIDs matches a possible host id: base 58 has no 0, O, I and l.
var hostIDs = regexp.MustCompile(`[1-9A-HJ-NP-Za-km-z]{40,}`)

// named is a refusal of the core with names.
func (d *directory) named(why hostagent.Refusal) hostagent.Refusal {
	return hostagent.Refusal{Code: why.Code, Detail: d.reason(why.Detail)}
}

// refusal is a refusal of the core for the operator.
func (d *directory) refusal(why hostagent.Refusal) api.Refusal {
	return api.Refusal{Code: string(why.Code), Detail: d.reason(why.Detail)}
}

// reason replaces the host ids in a reason of the core by names.
func (d *directory) reason(text string) string {
	return hostIDs.ReplaceAllStringFunc(text, func(id string) string { return d.name(hostagent.HostID(id)) })
}

// deal is a deal with names in its reason.
func (d *directory) deal(one api.DealStatus) api.DealStatus {
	one.Reason = d.reason(one.Reason)
	return one
}

// deals copies deals, with names in their reasons.
func (d *directory) deals(list []api.DealStatus) []api.DealStatus {
	shown := make([]api.DealStatus, len(list))
	for i, one := range list {
		shown[i] = d.deal(one)
	}
	return shown
}

// entry is an entry of the audit with the names of its hosts, also in its reason.
func (d *directory) entry(e audit.Entry) audit.Entry {
	e.Source, e.Target = d.name(hostagent.HostID(e.Source)), d.name(hostagent.HostID(e.Target))
	e.Reason = d.reason(e.Reason)
	return e
}
