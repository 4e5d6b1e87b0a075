package chain

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestForks: a publisher that signs two histories, one for each side of a partition.
// On each side the first that is valid wins; once the sides meet again every host
// raises the alarm, and none changes over.
func TestForks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := newNetwork(t, 4, true)
		n.evil.silent = true // or it would carry tales from side to side
		n.publish(n.hosts[0], n.draft(), n.publisher.keys[1:]...)
		n.settle()
		n.pass(10 * time.Minute)
		n.hosts[2].side, n.hosts[3].side = 1, 1
		n.meet()
		n.settle()
		// The check of the network knows one history only: the other goes by hand.
		r := n.draft()
		other := r
		other.Note = "the other one"
		n.forked = true
		for _, h := range n.hosts[2:] {
			n.step(h, Handed{Releases: append(n.chain[:1:1], sign(t, other, n.publisher.keys[1:]...)), Objects: n.publisher.objects})
		}
		n.publish(n.hosts[0], r, n.publisher.keys[1:]...)
		n.settle()
		n.pass(10 * time.Minute)
		sides := []string{}
		for _, h := range n.hosts {
			if h.f.Status().Alarm != "" {
				t.Fatalf("%s raises the alarm before it can know", h.id)
			}
			_, digest := h.f.Position()
			sides = append(sides, digest.Short())
		}
		if sides[0] != sides[1] || sides[2] != sides[3] || sides[0] == sides[2] {
			t.Fatalf("got the histories %v, want one for each side", sides)
		}
		n.hosts[2].side, n.hosts[3].side = 0, 0
		n.meet()
		n.settle()
		n.pass(10 * time.Minute)
		for i, h := range n.hosts {
			if h.f.Status().Alarm == "" {
				t.Fatalf("%s raises no alarm", h.id)
			}
			if _, digest := h.f.Position(); digest.Short() != sides[i] {
				t.Fatalf("%s changed over from %s to %s", h.id, sides[i], digest.Short())
			}
		}
	})
}
