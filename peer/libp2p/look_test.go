package libp2p

import (
	"errors"
	"strings"
	"testing"

	"parley/lcc"
)

// A listed peer may look. A host of an earlier version, which answers nobody, blames
// nobody for it.
func TestLook(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		seen := func(o *Options) {
			o.Look = func(from lcc.PeerID, question []byte) ([]byte, error) {
				return []byte(string(question) + " by " + string(from)), nil
			}
		}
		newer := s.open(places[0], addressesOf(places), seen)
		older := s.open(places[1], addressesOf(places))
		if got, err := older.host.Look(t.Context(), newer.id, []byte("seen")); err != nil || string(got) != "seen by "+string(older.id) {
			t.Errorf("got %q and %v", got, err)
		}
		if _, err := newer.host.Look(t.Context(), older.id, nil); err == nil || !strings.Contains(err.Error(), "protocols not supported") {
			t.Errorf("got %v, want that the peer does not have the protocol", err)
		}
		if !newer.host.Connected(older.id) || newer.host.Connected("nobody") {
			t.Error("got a connection to nobody, or none to the one that answered")
		}
		for _, c := range older.host.Counts().Misconduct {
			if c.N > 0 {
				t.Errorf("the older one blames for %s", c.Kind)
			}
		}
		if _, err := newer.host.Look(t.Context(), "nobody", nil); !errors.Is(err, errNotListed) {
			t.Errorf("got %v, want %v", err, errNotListed)
		}
	})
}
