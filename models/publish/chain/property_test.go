package chain

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/models/publish/bundle"
)

// TestNetwork: whatever is lost, doubled, late, forged or crashes, nobody ever has in
// force what the quorum has not signed, nobody goes back, nobody honest is blamed;
// and when that stops, all reach the newest release.
func TestNetwork(t *testing.T) {
	reached := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		n := newNetwork(t, 4, false)
		actions := rapid.IntRange(20, 200).Draw(t, "actions")
		for range actions {
			n.act()
		}
		n.rest()
		reached["releases"] += len(n.chain)
		for _, h := range n.hosts {
			reached["lives"] += h.incarnation
			reached["refusals"] += len(h.f.refusals.list)
		}
	})
	if reached["releases"] == 0 || reached["lives"] == 0 || reached["refusals"] == 0 {
		t.Errorf("the runs show nothing: %v", reached)
	}
	t.Logf("%v", reached)
}

// act does something, mostly what goes on anyway.
func (n *network) act() {
	h := n.hosts[rapid.IntRange(0, len(n.hosts)-1).Draw(n.t, "host")]
	switch rapid.IntRange(0, 30).Draw(n.t, "act") {
	case 0, 1:
		if h.up && len(n.chain) < 12 {
			n.publishSomething(h)
		}
	case 2:
		h.side = 1 - h.side
		n.meet()
	case 3, 4:
		h.up = false
		n.meet()
	case 5, 6:
		if !h.up {
			n.restart(h)
			n.meet()
		}
	case 7:
		n.evil.attack()
	case 8, 9:
		n.pass(time.Duration(rapid.IntRange(0, 60).Draw(n.t, "seconds")) * time.Second)
	case 10:
		n.now = n.now.Add(time.Duration(rapid.IntRange(-600, 600).Draw(n.t, "jump")) * time.Second)
	case 11:
		if len(n.mail) > 0 {
			i := rapid.IntRange(0, len(n.mail)-1).Draw(n.t, "lost")
			n.mail = append(n.mail[:i:i], n.mail[i+1:]...)
		}
	case 12:
		if len(n.mail) > 0 {
			n.mail = append(n.mail, n.mail[rapid.IntRange(0, len(n.mail)-1).Draw(n.t, "doubled")])
		}
	case 13:
		if h.up && len(n.chain) > 0 {
			n.beat(h)
		}
	case 14, 15, 16, 17, 18, 19, 20:
		n.local(h)
	default:
		if len(n.mail) > 0 {
			n.deliver(rapid.IntRange(0, len(n.mail)-1).Draw(n.t, "letter"))
		}
	}
}

// publishSomething publishes the next release, now and then with other keys.
func (n *network) publishSomething(h *testHost) {
	r := n.draft()
	keys := n.publisher.keys[1:]
	if rapid.IntRange(0, 4).Draw(n.t, "rotate") == 0 {
		next := newKeys(n.t, 3, byte(20+r.Version))
		root := rootOf(n.publisher.root.Version+1, 2, next)
		r.Root = &root
		n.publisher.root, n.publisher.keys = root, next
		n.publish(h, r, append(append([]bundle.Private{}, keys...), next[:2]...)...)
		return
	}
	n.publish(h, r, keys...)
}

// restart begins an agent anew, now and then with a newer anchor.
func (n *network) restart(h *testHost) {
	if len(n.chain) > 0 && h == n.hosts[3] && rapid.IntRange(0, 8).Draw(n.t, "pin") == 0 {
		v := uint64(len(n.chain))
		h.pin = bundle.Anchor{Publisher: "north", Root: n.rootAt(v), Version: v, Digest: n.chain[v-1].Digest()}
	}
	n.start(h)
}

// rootAt is the root in force after a release.
func (n *network) rootAt(version uint64) bundle.Root {
	root := n.firstRoot
	for _, r := range n.releases[:version] {
		if r.Root != nil {
			root = *r.Root
		}
	}
	return root
}

func (n *network) beat(h *testHost) {
	last := uint64(len(n.chain))
	b := bundle.Heartbeat{Publisher: "north", Version: last, Digest: n.chain[last-1].Digest(), At: n.now.Unix()}
	n.step(h, Beat{"", b.Sign(n.publisher.keys[0])})
}

// rest ends all faults, and holds what must come true then.
func (n *network) rest() {
	n.quiet = true
	for _, r := range n.releases { // the clock is right again
		if made := moment(r.Created); made.After(n.now) {
			n.now = made
		}
	}
	for _, h := range n.hosts {
		h.side = 0
	}
	for _, h := range n.hosts {
		if !h.up {
			n.start(h)
		}
	}
	n.meet()
	n.settle()
	if len(n.chain) == 0 {
		return
	}
	// One host has the newest release for sure.
	n.handIn(n.hosts[0])
	n.settle()
	n.pulls = 0
	const minutes = 30
	n.pass(minutes * time.Minute)
	n.settle()
	for _, h := range n.hosts {
		n.caughtUp(h)
	}
	if most := len(n.hosts) * minutes * 4; n.pulls > most {
		n.fail("%d questions for releases in %d quiet minutes, more than %d", n.pulls, minutes, most)
	}
}

// caughtUp: a host has the newest release, its roster and its policies in force.
func (n *network) caughtUp(h *testHost) {
	last := n.releases[len(n.releases)-1]
	if version, _ := h.f.Position(); version != last.Version {
		n.fail("%s stays at release %d, and %d is the newest: %+v", h.id, version, last.Version, h.f.Status())
	}
	if roster, _ := h.f.Roster(); bundle.DigestOf(roster.Encode()) != last.Roster.Digest {
		n.fail("%s has not the newest roster in force", h.id)
	}
	if len(h.enacted) != len(last.Policies) {
		n.fail("%s enacts %d policies, and %d are wanted: %+v", h.id, len(h.enacted), len(last.Policies), h.f.Status())
	}
	for i, p := range last.Policies {
		if h.enacted[i].Name != p.Name || h.enacted[i].Content() != p.Content() {
			n.fail("%s enacts another %s than the newest", h.id, p.Name)
		}
	}
}
