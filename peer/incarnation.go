package peer

import (
	"slices"
	"time"

	"parley/lcc"
)

// This file decides which incarnation of a peer counts: which run of its process. Each
// run has a greater number than the one before it (Options.Incarnation), unless the peer lost
// the file that says what its last number was and its clock was set back; and two
// machines that were given the same key run at the same time.
//
// What an advert says is no proof that its incarnation runs: adverts are signed, and
// anybody who kept one can publish it again. What comes over a connection is one: the
// channel has authenticated the peer just now. So an advert may begin a greater
// incarnation than all that were heard of, as a restart does; a lower one, or one that
// was given up, comes back only with a proof, and only while the present one proves
// nothing.

const (
	// lifeSettles is how long what a process wrote may still be on its way after its end.
	// Two incarnations that prove themselves in turn for longer both run.
	lifeSettles = 15 * time.Second
	// incarnationQuiet is after how long without a sign of it another incarnation is forgotten.
	incarnationQuiet = 2 * time.Minute
	// meetEvery is how often a peer is asked for a proof, at most.
	meetEvery = 30 * time.Second
)

// IncarnationKind says what an incarnation that was not expected means.
type IncarnationKind string

// What is told of a peer's incarnations.
const (
	IncarnationOlder   IncarnationKind = "older"   // a lower one than the present goes on and on
	IncarnationTaken   IncarnationKind = "taken"   // a lower one took the place of a greater, which is silent
	IncarnationDoubled IncarnationKind = "doubled" // two run at the same time, with one key
	IncarnationSingle  IncarnationKind = "single"  // only one was heard of for a while, again
)

// incarnations are those of all peers that were heard of.
type incarnations struct {
	peers map[lcc.PeerID]*peerRuns
	next  lcc.Instant // when the first doubled one may be single again; 0: none is doubled
}

// peerRuns is what is known of one peer.
type peerRuns struct {
	present  run // the one that counts
	other    run // another that was heard of, lower or given up; life 0: none
	latest   uint64
	turns    lcc.Instant // when the two began to take turns
	turned   lcc.Instant // when they did so last; 0: never
	doubled  bool
	older    bool        // IncarnationOlder was told of other
	heard    lcc.Instant // when the other was heard of last
	met      lcc.Instant // when a proof was asked for
	askedFor bool
}

// run is one incarnation of a peer.
type run struct {
	incarnation uint64
	first       lcc.Instant // when it was heard of first
	since       lcc.Instant // its first proof since the present one's latest; 0: none
	proved      lcc.Instant // its latest proof; 0: none
}

// standing is what a sign of an incarnation means.
type standing int

const (
	lifePresent standing = iota // it is the one that counts
	lifeNewer                   // it counts from now on; the agents of the one before are gone
	lifeOther                   // it does not count
)

func newIncarnations() incarnations {
	return incarnations{peers: map[lcc.PeerID]*peerRuns{}}
}

// of returns the incarnation of a peer that counts; 0: none was heard of.
func (n *incarnations) of(id lcc.PeerID) uint64 {
	if in := n.peers[id]; in != nil {
		return in.present.incarnation
	}
	return 0
}

// sign takes in that an incarnation was heard of, with a proof or by an advert. It says
// what that means, and what people are to be told, "" for nothing.
func (n *incarnations) sign(id lcc.PeerID, incarnation uint64, proof bool, now lcc.Instant) (standing, IncarnationKind) {
	in := n.peers[id]
	if in == nil {
		in = &peerRuns{present: run{incarnation: incarnation, first: now}}
		n.peers[id] = in
	}
	var told IncarnationKind
	if proof && in.turn(incarnation, now) {
		told = IncarnationDoubled
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
			if told == "" && in.strange(now) {
				told = in.lasts(now)
			}
			n.plan(in)
			return lifeOther, told
		}
		n.plan(in)
		return lifeNewer, IncarnationTaken
	}
	n.plan(in)
	return lifePresent, told
}

// begin makes a greater incarnation the present one.
func (n *incarnations) begin(in *peerRuns, incarnation uint64, proof bool, now lcc.Instant) {
	in.other, in.present = in.present, run{incarnation: incarnation, first: now}
	in.other.first, in.other.since, in.heard, in.older, in.turned = now, 0, now, false, 0
	if proof {
		in.present.proved, in.latest = now, incarnation
	}
}

// hearOther takes in a sign of an incarnation that does not count, and says whether it
// does from now on.
func (in *peerRuns) hearOther(incarnation uint64, proof bool, now lcc.Instant) bool {
	o := &in.other
	if incarnation != o.incarnation {
		if !proof && o.incarnation != 0 && now < in.heard+lcc.Instant(incarnationQuiet) {
			return false // what is only published again must not hide one that runs
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

// turn notes a proof, and says whether two incarnations are now known to run at the
// same time: they proved themselves in turn for longer than anything is on its way.
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

// strange says once that the other incarnation goes on and on.
func (in *peerRuns) strange(now lcc.Instant) bool {
	if in.older || in.doubled || now < in.other.first+2*lcc.Instant(lifeSettles) {
		return false
	}
	in.older = true
	return true
}

// lasts says what another incarnation means that goes on and on. Where both have proved
// themselves here both run, though the other says nothing but new adverts: those that
// were heard once are not let through again, and no lower one is believed meanwhile.
func (in *peerRuns) lasts(now lcc.Instant) IncarnationKind {
	if in.other.proved == 0 || in.present.proved == 0 {
		return IncarnationOlder
	}
	in.doubled, in.turned = true, now
	return IncarnationDoubled
}

// plan sees to it that a doubled peer is looked at in time.
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

// wantsProof says whether a peer is to be asked which incarnation of it runs: only
// adverts of another were heard of, and it was not asked just now.
func (n *incarnations) wantsProof(id lcc.PeerID, now lcc.Instant) bool {
	in := n.peers[id]
	if in == nil || in.other.since != 0 || in.askedFor && now < in.met+lcc.Instant(meetEvery) {
		return false
	}
	in.askedFor, in.met = true, now
	return true
}

// state is what people are shown of a peer; "" where nothing is strange.
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

// sign takes in that an incarnation of a peer was heard of and does what follows. It
// says whether it is the one that counts.
func (c *Core) sign(id lcc.PeerID, incarnation uint64, proof bool) (counts bool, err error) {
	before := c.lives.of(id)
	standing, told := c.lives.sign(id, incarnation, proof, c.now)
	if told != "" {
		c.emit(Incarnation{Peer: id, Kind: told, Present: c.lives.of(id), Other: c.lives.peers[id].other.incarnation})
	}
	if told == IncarnationDoubled {
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
		return true, c.lost(id, lcc.Reason{Code: lcc.ReasonUnreachable, Detail: "the peer was started anew"})
	}
	return true, nil
}

// undouble has peers chosen again of which one incarnation was left.
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

// double has no model choose a peer of which two incarnations run, or ends that.
func (c *Core) double(id lcc.PeerID, on bool) error {
	if p := c.players.peer(id); p != nil {
		p.doubled = on
	}
	c.players.changed()
	return c.playersChanged()
}
