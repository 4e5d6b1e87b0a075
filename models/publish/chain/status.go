package chain

import (
	"cmp"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// Status is a host's status of one publisher, as JSON.
type Status struct {
	Publisher   string        `json:"publisher"`
	Version     uint64        `json:"version"` // of the release in force; 0: none
	Digest      bundle.Digest `json:"digest"`
	Created     time.Time     `json:"created,omitzero"`
	Expires     time.Time     `json:"expires,omitzero"`
	Expired     bool          `json:"expired,omitempty"`
	Stale       bool          `json:"stale,omitempty"` // no heartbeat for too long
	Beat        time.Time     `json:"heartbeat,omitzero"`
	RootVersion uint64        `json:"root_version"`
	Note        string        `json:"note,omitempty"`    // of the release
	Lagging     uint64        `json:"lagging,omitempty"` // a later version that is known and missing
	Hosts       int           `json:"hosts"`             // in the roster in force
	// Listed says that this host is in the roster in force, as far as it knows.
	Listed bool `json:"listed"`
	// RosterMissing says that the release in force has another roster, and that no host is
	// left that hands it out. Listed is false then.
	RosterMissing bool           `json:"roster_missing,omitempty"`
	Alarm         string         `json:"alarm,omitempty"` // the operator must look, and publish a newer release
	Error         string         `json:"error,omitempty"` // of the disk, the state, or the switch
	Policies      []PolicyStatus `json:"policies"`        // by name
	Halts         []HaltStatus   `json:"halts,omitempty"`
	Refusals      []Refusal      `json:"refusals,omitempty"` // the last 20
}

// PolicyStatus is the status of a policy on a host.
type PolicyStatus struct {
	Name          string        `json:"name"`
	State         PolicyState   `json:"state"`
	Digest        bundle.Digest `json:"digest"`                  // of the wanted version
	Active        bundle.Digest `json:"active,omitzero"`         // of the enacted version; zero: none
	ActiveVersion uint64        `json:"active_version,omitzero"` // of the release that introduced it
	Code          bundle.Code   `json:"code,omitempty"`
	Detail        string        `json:"detail,omitempty"`
	Stage         int           `json:"stage,omitempty"` // of the trial, from 1, by this host's clock
	Until         time.Time     `json:"until,omitzero"`  // the end of the wait or of the trial
	Models        []string      `json:"models"`          // names of the files
	Commit        string        `json:"commit,omitempty"`
	Dirty         bool          `json:"dirty,omitempty"` // with uncommitted changes
}

// HaltStatus is a host's halt of a policy.
type HaltStatus struct {
	Policy string    `json:"policy"`
	Host   string    `json:"host"` // peer id
	Name   string    `json:"name"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Refusal is something that was not accepted or not enacted.
type Refusal struct {
	At      time.Time   `json:"at"`
	From    string      `json:"from,omitempty"` // peer id; "": the operator, or this host
	Code    bundle.Code `json:"code"`
	Detail  string      `json:"detail"`
	Version uint64      `json:"version,omitempty"` // 0: unknown
}

// Status returns the current status.
func (f *Follower) Status() Status {
	at, r := f.keep.durable.anchor, f.keep.durable.head
	s := Status{
		Publisher: at.Publisher, Version: at.Version, Digest: at.Digest, RootVersion: at.Root.Version,
		Note: plain(r.Note), Stale: f.heart.stale, Alarm: f.state.Alarm, Error: trouble(f.keep.err, f.switcher.err, f.damaged),
		Hosts: len(f.roster.Hosts), Refusals: append([]Refusal{}, f.refusals.list...), Policies: []PolicyStatus{},
	}
	if r.Version > 0 {
		s.Created, s.Expires = moment(r.Created), moment(r.Expires)
		s.Expired = !s.Expires.After(f.turn.now)
	}
	if beat := f.state.lastBeat(f.turn.now); beat > 0 {
		s.Beat = moment(beat)
	}
	if ahead := max(f.intake.ahead, f.heart.rumour.ahead(at.Version, f.turn.now)); ahead > at.Version {
		s.Lagging = ahead
	} else if r.Version == 0 {
		s.Lagging = at.Version
	}
	_, s.Listed = f.roster.Find(f.o.Self)
	// The others leave a removed host before it has the roster: that it is in the old one
	// says nothing. The publisher signed that there is another, so no peer can make a host
	// believe this.
	s.RosterMissing = r.Version > 0 && r.Roster != f.roster.ref && r.Roster.Digest != f.roster.bad && len(f.peers.ids) == 0
	s.Listed = s.Listed && !s.RosterMissing
	for _, w := range f.head.wanted {
		s.Policies = append(s.Policies, f.outlook().status(w))
	}
	for _, on := range f.switcher.enacted {
		if !slices.ContainsFunc(f.head.wanted, func(w wanted) bool { return w.policy.Name == on.name }) {
			s.Policies = append(s.Policies, PolicyStatus{
				Name: on.name, State: StateActive, Digest: on.digest, Active: on.digest, ActiveVersion: on.version,
				Detail: "the release in force no longer has it",
			})
		}
	}
	slices.SortFunc(s.Policies, func(a, b PolicyStatus) int { return cmp.Compare(a.Name, b.Name) })
	for _, h := range f.state.Halts {
		s.Halts = append(s.Halts, HaltStatus{plain(h.Policy), plain(h.Host), f.roster.nameOf(h.Host), plain(h.Reason), moment(h.At)})
	}
	return s
}

// trouble says what blocks a host; "": nothing.
func trouble(keep, enact, damaged string) string {
	switch {
	case keep != "":
		return "the state cannot be saved, so nothing is switched: " + keep
	case enact != "":
		return "the switch of policies failed: " + enact
	}
	return damaged
}

// Roster returns the roster in force; false: there is none.
func (f *Follower) Roster() (bundle.Roster, bool) {
	return f.roster.Roster, f.roster.ref != bundle.Ref{}
}

// Root returns the keys that count.
func (f *Follower) Root() bundle.Root { return f.keep.durable.anchor.Root }

// Position returns the durable position in the chain: the version and the digest of the
// release there.
func (f *Follower) Position() (uint64, bundle.Digest) {
	return f.keep.durable.anchor.Version, f.keep.durable.anchor.Digest
}
