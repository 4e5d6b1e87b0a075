package shop

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"parley/lcc"
)

// forms are the two implementations.
func forms(t testing.TB) map[string]*Trade {
	alice, bob, err := Engines()
	if err != nil {
		t.Fatal(err)
	}
	byAlice, byBob := ByHand()
	return map[string]*Trade{"engines": {Alice: alice, Bob: bob}, "by hand": {Alice: byAlice, Bob: byBob}}
}

// TestSame checks that both implementations send the same messages.
func TestSame(t *testing.T) {
	said := map[string]string{}
	for name, trade := range forms(t) {
		spy := &Trade{Alice: &listener{Machine: trade.Alice}, Bob: &listener{Machine: trade.Bob}}
		if err := spy.Run(3, 2); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		said[name] = spy.Alice.(*listener).heard + spy.Bob.(*listener).heard
	}
	if said["engines"] != said["by hand"] || said["engines"] == "" {
		t.Errorf("got\n%s\nand\n%s", said["engines"], said["by hand"])
	}
}

func BenchmarkShop(b *testing.B) {
	trades := forms(b)
	for _, name := range slices.Sorted(maps.Keys(trades)) {
		trade := trades[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			if err := trade.Run(b.N, 1); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "interactions/s")
		})
	}
}

// listener records what a machine sends.
type listener struct {
	Machine
	heard string
}

func (l *listener) Step(now lcc.Instant, ev lcc.Event) ([]lcc.Effect, error) {
	effects, err := l.Machine.Step(now, ev)
	for _, effect := range effects {
		if send, ok := effect.(lcc.Send); ok {
			m := send.Message
			l.heard += fmt.Sprintf("%s %s %v %s => %v: %s\n", m.ID, m.Conversation, m.From, m.From.Role, []any{m.To.Peer, m.To.Agent}, m.Body)
		}
	}
	return effects, err
}
