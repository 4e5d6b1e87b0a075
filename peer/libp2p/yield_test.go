package libp2p

import (
	"testing"
	"time"
)

// Hosts that learn of each other at one moment keep one connection for each pair: one
// side dials, the other waits for it.
func TestOneConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(6)
		var ends []*end
		for _, p := range places {
			ends = append(ends, s.open(p, nil))
		}
		for _, e := range ends {
			if err := e.host.SetRoster(Roster{Hosts: addressesOf(places), Group: "test"}); err != nil {
				t.Fatal(err)
			}
		}
		for _, e := range ends {
			for range places[1:] {
				up(t, e)
			}
		}
		time.Sleep(10 * yieldFor) // what is yet to be dialled would be
		for _, e := range ends {
			if got, want := len(e.host.host.Network().Conns()), len(places)-1; got != want {
				t.Errorf("%s has %d connections, want %d", e.id, got, want)
			}
		}
	})
}
