package peer

import (
	"testing"

	"parley/lcc"
)

// TestSendersOfOnePeerPushOutTheirOwn: a peer that always sends from new agents evicts
// only its own entries; the total is bounded too.
func TestSendersOfOnePeerPushOutTheirOwn(t *testing.T) {
	var s senders
	honest := sender{"honest", 1, 1}
	s.use(honest).last = 7
	for i := range lcc.AgentID(3 * sendersOfPeer) {
		s.use(sender{"busy", 1, 1}) // is used all the time
		s.use(sender{"busy", 1, i + 2})
	}
	if one := s.of(honest); one == nil || one.last != 7 {
		t.Errorf("got %v of the honest peer, want it remembered", one)
	}
	if n := len(s.peers["busy"].each); n != sendersOfPeer || s.count != n+1 {
		t.Errorf("got %d agents of the busy peer and %d in all, want %d and one more", n, s.count, sendersOfPeer)
	}
	if s.of(sender{"busy", 1, 1}) == nil {
		t.Error("an agent that speaks all the time was pushed out")
	}
	if s.of(sender{"busy", 1, 2}) != nil {
		t.Error("the agent that was silent longest is still remembered")
	}
	for i := range lcc.AgentID(sendersOfPeer) {
		for p := range 2 * sendersMax / sendersOfPeer {
			s.use(sender{lcc.PeerID(rune('a' + p)), 1, i})
		}
	}
	if s.count > sendersMax+2*sendersMax/sendersOfPeer {
		t.Errorf("got %d agents remembered, want some %d", s.count, sendersMax)
	}
}
