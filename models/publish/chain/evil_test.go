package chain

import (
	"pgregory.net/rapid"

	"parley/models/publish/bundle"
)

// evil is a listed peer that has stolen one of the publisher's keys and the key of its
// heartbeats. That is not enough.
type evil struct {
	n      *network
	own    bundle.Private
	stolen bundle.Private
	beat   bundle.Private
	silent bool
}

func newEvil(n *network) evil {
	keys := newKeys(n.t, 2, 9)
	return evil{n: n, own: keys[0], stolen: n.publisher.keys[0], beat: keys[1]}
}

// release is something that looks like a release.
func (e evil) release() bundle.Signed {
	n := e.n
	published := func() bundle.Signed {
		if len(n.chain) == 0 {
			return e.forged()
		}
		return n.chain[rapid.IntRange(0, len(n.chain)-1).Draw(n.t, "which")]
	}
	switch rapid.IntRange(0, 6).Draw(n.t, "what") {
	case 0, 1:
		return e.forged()
	case 2: // stripped
		s := published()
		s.Signatures = s.Signatures[:min(1, len(s.Signatures))]
		return s
	case 3: // tampered with
		s := published()
		s.Body = append([]byte{}, s.Body...)
		s.Body[rapid.IntRange(0, len(s.Body)-1).Draw(n.t, "byte")] ^= 1
		return s
	case 4: // with a signature more: no harm
		return published().Sign(e.own)
	case 5: // a key counts once, however often it signs
		s := published()
		if len(s.Signatures) > 0 {
			s.Signatures = []bundle.Signature{s.Signatures[0], s.Signatures[0], s.Signatures[0]}
		}
		return s
	}
	return published()
}

// forged is a release that the quorum never saw, at a place that is drawn.
func (e evil) forged() bundle.Signed {
	n := e.n
	at := n.publisher.anchor()
	if k := rapid.IntRange(0, len(n.chain)).Draw(n.t, "after"); k > 0 {
		at.Version, at.Digest = uint64(k), n.chain[k-1].Digest()
	}
	if rapid.Bool().Draw(n.t, "ahead") {
		at.Version, at.Digest = at.Version+uint64(rapid.IntRange(1, 1<<40).Draw(n.t, "far")), bundle.Digest{1}
	}
	r := n.publisher.release(at, n.now)
	r.Note = "evil"
	r.Roster = n.publisher.rosterOf(evilID)
	r.Policies = []bundle.Policy{{Name: "balance", Files: []bundle.Entry{n.publisher.file("balance.lcc", "evil")}}}
	if rapid.Bool().Draw(n.t, "root") {
		root := rootOf(n.publisher.root.Version+1, 1, []bundle.Private{e.own})
		r.Root = &root
	}
	return sign(n.t, r, e.own, e.stolen)
}

// attack sends somebody something.
func (e evil) attack() {
	n := e.n
	switch rapid.IntRange(0, 3).Draw(n.t, "attack") {
	case 0:
		h := bundle.Heartbeat{Publisher: "north", Version: uint64(rapid.IntRange(0, 1<<30).Draw(n.t, "version")), At: n.now.Unix()}
		h = h.Sign([]bundle.Private{e.own, e.beat}[rapid.IntRange(0, 1).Draw(n.t, "key")])
		n.gossip(evilID, 0, bundle.Notice{Heartbeat: &h})
	case 1:
		n.gossip(evilID, 0, bundle.Notice{Halt: e.halt()})
	default:
		s := e.release()
		n.gossip(evilID, 0, bundle.Notice{Head: s.Encode()})
	}
}

// halt is one of its own, which is one of two that it takes, or one in the name of
// another host.
func (e evil) halt() *bundle.Halt {
	n := e.n
	h := &bundle.Halt{Publisher: "north", Version: uint64(len(n.chain)), Policy: "balance", Host: evilID, Reason: "evil", At: n.now.Unix()}
	if len(n.releases) > 0 {
		for _, p := range n.releases[len(n.releases)-1].Policies {
			h.Policy, h.Digest = p.Name, p.Digest()
		}
	}
	if rapid.Bool().Draw(n.t, "in the name of another") {
		h.Host = n.hosts[0].id
	}
	h.Signature = signAs(evilID)(h.Text())
	return h
}

// answer answers a question with lies, with nothing, or not at all.
func (e evil) answer(h *testHost, question Effect) {
	n := e.n
	if e.silent {
		return
	}
	how := rapid.IntRange(0, 3).Draw(n.t, "answer")
	switch q := question.(type) {
	case Pull:
		ev := Pulled{From: evilID}
		for range []int{0, 3, 50}[min(how, 2)] {
			ev.Releases = append(ev.Releases, e.release())
		}
		if how < 3 {
			n.post(evilID, h, ev)
		}
	case Fetch:
		ev := Fetched{From: evilID, Digest: q.Ref.Digest}
		switch how {
		case 0:
			ev.Err = "no such object"
		case 1:
			ev.Data = []byte("a lie")
		case 2:
			ev.Data = n.publisher.objects[q.Ref.Digest]
		}
		if how < 3 {
			n.post(evilID, h, ev)
		}
	}
}
