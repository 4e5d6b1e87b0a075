package peer

import (
	"testing"
	"time"

	"parley/lcc"
)

// TestWhoMakesAnAgentFailIsNotHeard: a peer whose message makes an agent fail is
// refused in that model for a back-off that grows; the agent restarts at once and
// serves others meanwhile.
func TestWhoMakesAnAgentFailIsNotHeard(t *testing.T) {
	model, diagnostics := lcc.Compile("sums", []byte(`
r(server, initial).
r(asker, necessary).
a(server, S) :: ask(N) <= a(asker, P) then sum(T) => a(asker, P) <- add(N, 0, T) then a(server, S)
a(asker, P) :: ask(W) => a(server, "bob") then (sum(_) <= a(server, _) or null <- failed("bob") or null <- timeout(60))
add(N, T, T) :- N =< 0.
add(N, Sofar, T) :- N > 0, More is Sofar + N, Rest is N - 1, add(Rest, More, T).
`), nil)
	if model == nil {
		t.Fatal(diagnostics)
	}
	n, _ := newNet(t, "mallory", "alice", "bob")
	ask := func(who lcc.PeerID, number int64) {
		n.log = nil
		n.step(who, Enact{Model: model, Start: []lcc.Start{{
			Role: lcc.Atom("asker"), Given: []lcc.Given{{Variable: "W", Value: lcc.Int(number)}},
		}}})
		n.settle()
	}
	refused := func() bool {
		_, is := n.peers["bob"].core.provoked.refuses(provocation{"mallory", model.Digest()}, n.now)
		return is
	}
	n.step("bob", Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("server")}}})
	n.settle()
	for _, lasts := range []time.Duration{5 * time.Second, 10 * time.Second} {
		ask("mallory", 1_000_000)
		n.has("bob ended limit")
		n.pass(200 * time.Millisecond)
		ask("mallory", 3)
		n.has("mallory send ask(3)", "mallory ended done")
		ask("alice", 3)
		n.has("alice receive sum(6)")
		n.pass(lasts - time.Second)
		if !refused() {
			t.Errorf("after less than %v the peer is heard again", lasts)
		}
		n.pass(time.Second)
		if refused() {
			t.Errorf("after %v the peer is still not heard", lasts)
		}
	}
	n.pass(time.Minute)
	ask("mallory", 3)
	n.has("mallory receive sum(6)")
}

func TestBackoffsAreBounded(t *testing.T) {
	var b backoffs
	for i := range backoffsMax + 10 {
		b.note(provocation{peer: lcc.PeerID(rune('a' + i))}, 1)
	}
	if len(b.of) != backoffsMax {
		t.Errorf("got %d back-offs, want %d at most", len(b.of), backoffsMax)
	}
	who := provocation{peer: "p"}
	now := lcc.Instant(time.Hour)
	for range 100 {
		b.note(who, now)
	}
	if one := b.of[who]; one.until-now > lcc.Instant(11*time.Minute) {
		t.Errorf("a back-off lasts %v", time.Duration(one.until-now))
	}
}
