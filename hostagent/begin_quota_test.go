package hostagent

import (
	"testing"
	"time"

	"parley/lcc"
)

// One host may begin a limited number of deals per second; each host has its own quota,
// which recovers with time.
func TestBeginningsOfOneHostAreBounded(t *testing.T) {
	var b beginQuota
	count := func(from HostID, kind string, now lcc.Instant) (n int) {
		for range 10 * beginsAtOnce {
			if b.takes(from, kind, now) {
				n++
			}
		}
		return n
	}
	if n := count("evil", kindPropose, 1); n != beginsAtOnce/proposeWeight {
		t.Errorf("got %d proposals taken at once, want %d", n, beginsAtOnce/proposeWeight)
	}
	if n := count("good", kindAsk, 1); n != beginsAtOnce {
		t.Errorf("got %d questions of another host taken, want %d", n, beginsAtOnce)
	}
	if n := count("evil", kindPropose, 1+lcc.Instant(time.Second)); n != 20 {
		t.Errorf("got %d proposals taken a second later, want 20", n)
	}
}

// Proposals above the quota are refused before their signatures are verified, and their
// sender is told but not blamed.
func TestProposalsAboveTheAllowanceAreNotVerified(t *testing.T) {
	verified := &counting{}
	c, err := New(Options{Self: "me", Config: DefaultConfig(), Signer: verified})
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range 500 {
		p := payload{Kind: kindPropose, Deal: DealID("d" + string(rune('a'+i))), Guest: "g", Name: "g", CPU: 1, Memory: 1 << 20,
			Signature: make([]byte, 64)}
		effects, err := c.Step(1, Received{From: "evil", Payload: encodePayload(p)})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range effects {
			switch e := e.(type) {
			case Transmit:
				refused++
			case Misbehaved:
				t.Fatalf("it is blamed: %v", e)
			}
		}
	}
	if most := beginsAtOnce / proposeWeight; verified.n != most || refused != 500 {
		t.Errorf("got %d signatures looked at and %d answers, want %d and 500", verified.n, refused, most)
	}
}

// counting accepts every signature, and counts the calls.
type counting struct{ n int }

func (c *counting) Sign([]byte) []byte { return make([]byte, 64) }
func (c *counting) Verify(HostID, []byte, []byte) bool {
	c.n++
	return true
}
