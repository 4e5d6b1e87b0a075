package peer

import (
	"slices"
	"time"

	"parley/lcc"
)

// This file decides which incarnation of a peer counts, that is, which run of its
// process. Each run has a greater number than the one before (Options.Incarnation), unless the
// peer lost the file with its last number and its clock was set back. Two machines with
// the same key run at the same time.
//
// An advert does not prove that its incarnation runs: adverts are signed, and anybody
// who kept one can publish it again. A frame or hello over a connection does prove it,
// because the channel has just authenticated the peer. So an advert may introduce an
// incarnation greater than all known ones, as after a restart. A lower one, or one that
// was given up, needs a proof to count again, and only while the current one gives
// none.

const (
	// incarnationSettles is how long data that a process sent may still arrive after its end.
	// Two incarnations that alternate in proofs for longer both run.
	lifeSettles = 15 * time.Second
	// incarnationQuiet is how long without any sign another incarnation is remembered.
	incarnationQuiet = 2 * time.Minute
	// meetEvery is the minimum interval between requests for a proof.
	meetEvery = 30 * time.Second
)

// IncarnationKind is the meaning of an unexpected incarnation.
type IncarnationKind string

// Reports about a peer's incarnations.
const (
	IncarnationOlder   IncarnationKind = "older"   // a lower one than the current one persists
	IncarnationTaken   IncarnationKind = "taken"   // a lower one replaced a greater one, which is silent
	IncarnationDoubled IncarnationKind = "doubled" // two run at the same time with one key
	IncarnationSingle  IncarnationKind = "single"  // again only one was heard of for a while
)

// incarnations holds the incarnations of all known peers.
type incarnations struct {
	peers map[lcc.PeerID]*peerRuns
	next  lcc.Instant // when the first doubled one may become single; 0: none is doubled
}

// peerRuns is the state of one peer.
type peerRuns struct {
	present  run // the one that counts
	other    run // another that was heard of, lower or given up; number 0: none
	latest   uint64
	turns    lcc.Instant // when the two began to alternate
	turned   lcc.Instant // when they last alternated; 0: never
	doubled  bool
	older    bool        // IncarnationOlder was reported for other
	heard    lcc.Instant // when other was last heard of
	met      lcc.Instant // when a proof was requested
	askedFor bool
}

// run is one incarnation of a peer.
type run struct {
	incarnation uint64
	first       lcc.Instant // when it was first heard of
	since       lcc.Instant // its first proof since the last proof of present; 0: none
	proved      lcc.Instant // its latest proof; 0: none
}

// standing is the meaning of a sign of an incarnation.
type standing int

const (
	lifePresent standing = iota // it is the one that counts
	lifeNewer                   // it counts from now on; the agents of the previous one are gone
	lifeOther                   // it does not count
)

func newIncarnations() incarnations {
	return incarnations{peers: map[lcc.PeerID]*peerRuns{}}
}

// of returns the incarnation of a peer that counts; 0: none is known.
func (n *incarnations) of(id lcc.PeerID) uint64 {
	if in := n.peers[id]; in != nil {
		return in.present.incarnation
	}
	return 0
}

// sign handles a sign of an incarnation, by a proof or by an advert. It returns its
// meaning, and the report for people, "" for none.
func (n *incarnations) sign(id lcc.PeerID, incarnation uint64, proof bool, now lcc.Instant) (standing, IncarnationKind) {
	in := n.peers[id]
	if in == nil {
		in = &peerRuns{present: run{incarnation: incarnation, first: now}}
		n.peers[id] = in
	}
	var kind IncarnationKind
	if proof && in.turn(incarnation, now) {
		kind = IncarnationDoubled
	}
	switch {
	case incarnation == in.present.incarnation:
		if proof {
			in.present.proved, in.other.since = now, 0
		}
	case incarnation > in.present.incarnation && incarnation != in.other.incarnation:
		n.begin(in, incarnation, proof, now)
		return lifeNewer, ""
	default:
		if !in.hearOther(incarnation, proof, now) {
			if kind == "" && in.strange(now) {
				kind = in.lasts(now)
			}
			n.plan(in)
			return lifeOther, kind
		}
		n.plan(in)
		return lifeNewer, IncarnationTaken
	}
	n.plan(in)
	return lifePresent, kind
}

// begin makes a greater incarnation the current one.
func (n *incarnations) begin(in *peerRuns, incarnation uint64, proof bool, now lcc.Instant) {
	in.other, in.present = in.present, run{incarnation: incarnation, first: now}
	in.other.first, in.other.since, in.heard, in.older, in.turned = now, 0, now, false, 0
	if proof {
		in.present.proved, in.latest = now, incarnation
	}
}

// hearOther handles a sign of an incarnation that does not count, and reports whether
// it counts from now on.
func (in *peerRuns) hearOther(incarnation uint64, proof bool, now lcc.Instant) bool {
	o := &in.other
	if incarnation != o.incarnation {
		if !proof && o.incarnation != 0 && now < in.heard+lcc.Instant(incarnationQuiet) {
			return false // a republished advert must not hide one that runs
		}
		*o, in.older, in.turned = run{incarnation: incarnation, first: now}, false, 0
	} else if now >= in.heard+lcc.Instant(incarnationQuiet) {
		o.first, o.since, in.older = now, 0, false
	}
	in.heard = now
	if in.doubled {
		in.turned = now
	}
	if proof {
		o.proved = now
		if o.since == 0 {
			o.since = now
		}
	}
	if in.doubled || o.since == 0 || now < o.since+lcc.Instant(lifeSettles) {
		return false
	}
	in.present, in.other = in.other, in.present
	in.other.since, in.other.first, in.older = 0, now, false
	return true
}

// turn records a proof, and reports whether two incarnations are now known to run at
// the same time: their proofs alternated for longer than data can be in flight.
func (in *peerRuns) turn(incarnation uint64, now lcc.Instant) bool {
	latest := in.latest
	in.latest = incarnation
	again := incarnation == in.present.incarnation && in.present.proved != 0 || incarnation == in.other.incarnation && in.other.proved != 0
	if latest == 0 || latest == incarnation || !again {
		return false
	}
	if in.turned == 0 || now >= in.turned+lcc.Instant(incarnationQuiet) {
		in.turns = now
	}
	in.turned = now
	if in.doubled || now < in.turns+lcc.Instant(lifeSettles) {
		return false
	}
	in.doubled = true
	return true
}

// strange reports, once, that the other incarnation persists.
func (in *peerRuns) strange(now lcc.Instant) bool {
	if in.older || in.doubled || now < in.other.first+2*lcc.Instant(lifeSettles) {
		return false
	}
	in.older = true
	return true
}

// lasts returns the meaning of another incarnation that persists. When both have given
// proofs to this host, both run, even if the other one sends nothing but new adverts:
// replayed adverts are dropped before they get here, and a lower incarnation is not
// accepted meanwhile.
func (in *peerRuns) lasts(now lcc.Instant) IncarnationKind {
	if in.other.proved == 0 || in.present.proved == 0 {
		return IncarnationOlder
	}
	in.doubled, in.turned = true, now
	return IncarnationDoubled
}

// plan schedules the next check of a doubled peer.
func (n *incarnations) plan(in *peerRuns) {
	if in.doubled {
		n.next = earliest(n.next, in.turned+lcc.Instant(incarnationQuiet))
	}
}

// single returns the peers that are no longer doubled.
func (n *incarnations) single(now lcc.Instant) (ids []lcc.PeerID) {
	if n.next == 0 || n.next > now {
		return nil
	}
	n.next = 0
	for id, in := range n.peers {
		if in.doubled && now >= in.turned+lcc.Instant(incarnationQuiet) {
			in.doubled, in.turned = false, 0
			ids = append(ids, id)
		}
		n.plan(in)
	}
	slices.Sort(ids)
	return ids
}

// wantsProof reports whether to ask a peer which incarnation runs: only adverts of the
// other one were heard of, and the peer was not asked recently.
func (n *incarnations) wantsProof(id lcc.PeerID, now lcc.Instant) bool {
	in := n.peers[id]
	if in == nil || in.other.since != 0 || in.askedFor && now < in.met+lcc.Instant(meetEvery) {
		return false
	}
	in.askedFor, in.met = true, now
	return true
}

// state is a peer's state for people; "" when there is nothing unusual.
func (n *incarnations) state(id lcc.PeerID, now lcc.Instant) IncarnationKind {
	switch in := n.peers[id]; {
	case in == nil:
	case in.doubled:
		return IncarnationDoubled
	case in.older && now < in.heard+lcc.Instant(incarnationQuiet):
		return IncarnationOlder
	}
	return ""
}

// sign handles a sign of an incarnation of a peer, with its consequences. It reports
// whether this incarnation is the one that counts.
func (c *Core) sign(id lcc.PeerID, incarnation uint64, proof bool) (counts bool, err error) {
	before := c.lives.of(id)
	standing, kind := c.lives.sign(id, incarnation, proof, c.now)
	if kind != "" {
		c.emit(Incarnation{Peer: id, Kind: kind, Present: c.lives.of(id), Other: c.lives.peers[id].other.incarnation})
	}
	if kind == IncarnationDoubled {
		if err := c.double(id, true); err != nil {
			return false, err
		}
	}
	switch {
	case standing == lifeOther:
		if !proof && c.lives.wantsProof(id, c.now) {
			c.emit(Meet{Peer: id})
		}
		return false, nil
	case standing == lifeNewer && before != 0:
		return true, c.lost(id, lcc.Reason{Code: lcc.ReasonUnreachable, Detail: "the peer was restarted"})
	}
	return true, nil
}

// undouble lets models choose peers again of which only one incarnation is left.
func (c *Core) undouble() error {
	for _, id := range c.lives.single(c.now) {
		in := c.lives.peers[id]
		c.emit(Incarnation{Peer: id, Kind: IncarnationSingle, Present: in.present.incarnation, Other: in.other.incarnation})
		if err := c.double(id, false); err != nil {
			return err
		}
	}
	return nil
}

// double excludes a peer of which two incarnations run from the choice of every model,
// or ends that.
func (c *Core) double(id lcc.PeerID, on bool) error {
	if p := c.players.peer(id); p != nil {
		p.doubled = on
	}
	c.players.changed()
	return c.playersChanged()
}
