package peer

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"parley/lcc"
)

// TestLeastIsFirstOfFind holds least against the least of what find returns, over adverts
// with equal roles, refusals and changes of the order.
func TestLeastIsFirstOfFind(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	m := newMatchmaker("self")
	model, other := lcc.Digest{1}, lcc.Digest{2}
	ties, none := 0, 0
	for i := range 2000 {
		p := m.peer(lcc.PeerID(fmt.Sprint("p", chance.IntN(12))))
		was := [3]any{p.suspected, p.avoided, p.declined}
		if chance.IntN(5) == 0 {
			p.suspected, p.avoided = chance.IntN(3) == 0, chance.IntN(5) == 0
			p.declined = lcc.Instant(chance.IntN(3))
		}
		p.advert.Plays = nil
		for range chance.IntN(3) {
			play := Play{Model: model}
			if chance.IntN(4) == 0 {
				play.Model = other
			}
			for range chance.IntN(3) {
				play.Roles = append(play.Roles, []lcc.Term{
					lcc.Atom("taker"), lcc.NewTerm("taker", lcc.Int(chance.IntN(4))),
					lcc.NewTerm("giver", lcc.Int(chance.IntN(4))), lcc.NewTerm("taker", lcc.Int(1), lcc.Int(chance.IntN(3))),
				}[chance.IntN(4)])
			}
			p.advert.Plays = append(p.advert.Plays, play)
		}
		m.shift = chance.Uint64()
		if was != [3]any{p.suspected, p.avoided, p.declined} {
			m.changed()
		} else {
			m.advertised(p)
		}
		if i%100 == 0 {
			m = newMatchmaker("self")
		}
		x, y := &lcc.Var{Name: "X"}, &lcc.Var{Name: "Y"}
		for _, pattern := range []lcc.Term{lcc.Atom("taker"), lcc.NewTerm("taker", x), lcc.NewTerm("taker", x, y)} {
			_, args, _ := lcc.Name(pattern)
			players := m.find(model, pattern)
			at, same := -1, 0
			for i, p := range players {
				order := -1
				if at >= 0 {
					if order = 0; len(args) > 0 {
						order = lcc.Compare(p.Role, players[at].Role)
					}
				}
				if order < 0 {
					at, same = i, 0
				} else if order == 0 {
					same++
				}
			}
			if same > 0 {
				ties++
			}
			least, ok := m.least(model, pattern)
			if ok != (at >= 0) || ok && (least.Peer != players[at].Peer || !lcc.Equal(least.Role, players[at].Role)) {
				t.Fatalf("turn %d, %s: least gives %v of %v, not number %d", i, pattern, least, players, at)
			}
			if !ok {
				none++
			}
		}
	}
	if ties < 100 || none < 10 {
		t.Errorf("only %d turns with equal players and %d without: the test is too narrow", ties, none)
	}
}
