package hostagent

import (
	"testing"

	"parley/lcc"
)

// An operator's move does not fail because of room reserved for offers to models: as
// many of them are withdrawn as necessary, and no more. A reservation that its source
// has committed to stays.
func TestOffersGiveWayForRoom(t *testing.T) {
	reserve := func(e *end, guest string, mebibytes int64) payload {
		need := lcc.NewTerm("need", lcc.Float(0.5), lcc.Int(mebibytes))
		e.step(Act{ID: 1, Goal: lcc.NewTerm("reserve", lcc.String(guest), need, lcc.String("src"), &lcc.Var{Name: "D"})})
		ask := e.said(kindAsk)[0]
		e.hears("src", payload{Kind: kindDescribe, Deal: ask.Deal, Guest: GuestID(guest), Name: guest, CPU: 0.5, Memory: mebibytes << 20})
		e.durable()
		return e.said(kindOffer)[0]
	}
	for name, c := range map[string]struct {
		gib   int64 // of the operator's guest, on a host of 8 GiB
		armed bool
		left  int
		taken bool
	}{
		"there is room":             {1, false, 2, true},
		"one gives way":             {4, false, 1, true},
		"all give way":              {8, false, 0, true},
		"more than the host has":    {9, false, 2, false},
		"one is committed to":       {5, true, 1, true},
		"the committed one is kept": {6, true, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			target := newEnd(t, "tgt")
			target.core.config.MovesIn = 4
			first := reserve(target, "first", 3<<10)
			reserve(target, "second", 3<<10)
			if c.armed {
				target.hears("src", payload{
					Kind: kindCommit, Deal: first.Deal, Token: first.Token, Guest: "first", Name: "first", CPU: 0.5, Memory: 3 << 30,
				})
				target.durable()
			}
			_, why := target.proposes("desk", "d", "wanted", c.gib<<30)
			if (why == "") != c.taken {
				t.Errorf("refused: %q, want it taken: %v", why, c.taken)
			}
			left := 0
			for _, d := range target.core.book.deals {
				if !d.operator {
					left++
				}
			}
			if left != c.left {
				t.Errorf("%d deals of models are left, want %d", left, c.left)
			}
			if with := target.core.room.reserved(); with.MemoryBytes > 8<<30 {
				t.Errorf("%d MiB are promised on a host of 8 GiB", with.MemoryBytes>>20)
			}
		})
	}
}
