package peer

import (
	"testing"
	"time"

	"parley/lcc"
)

// TestTell: what a host tells is in its adverts, soon or with the next regular one, unless hosts
// of other owners hear them. What another host tells is passed on when it is news, and as nothing
// while that peer is suspected.
func TestTell(t *testing.T) {
	core, err := New(Options{Self: "a", Incarnation: 1, World: lcc.EmptyWorld{}})
	if err != nil {
		t.Fatal(err)
	}
	step := func(at time.Duration, ev Event) (published []Advert, told []HostTold) {
		t.Helper()
		effects, err := core.Step(lcc.Instant(at), ev)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range effects {
			switch e := e.(type) {
			case Publish:
				published = append(published, e.Advert)
			case HostTold:
				told = append(told, e)
			}
		}
		return published, told
	}
	said := func(adverts []Advert) string {
		if len(adverts) != 1 {
			return "no advert"
		}
		data, err := EncodeAdvert(adverts[0])
		if err != nil {
			t.Fatal(err)
		}
		read, err := DecodeAdvert(data)
		if err != nil {
			t.Fatal(err)
		}
		return string(read.Host)
	}
	adverts, _ := step(time.Second, Tell{Data: []byte("room"), Soon: true})
	if got := said(adverts); got != "room" {
		t.Errorf("at first: got %q, want what the host tells", got)
	}
	if adverts, _ = step(2*time.Second, Tell{Data: []byte("less")}); len(adverts) != 0 {
		t.Errorf("what can wait: got %v at once", adverts)
	}
	if adverts, _ = step(6*time.Second, Woken{}); said(adverts) != "less" {
		t.Errorf("the next regular advert: got %q, want what the host tells", said(adverts))
	}
	step(7*time.Second, Outsiders{List: []Outsider{{Peer: "theirs"}}})
	if adverts, _ = step(8*time.Second, Tell{Data: []byte("more"), Soon: true}); said(adverts) != "" {
		t.Errorf("with hosts of another owner: got %q, want nothing", said(adverts))
	}
	if _, err := core.Step(lcc.Instant(8*time.Second), Tell{Data: make([]byte, HostBytes+1)}); err == nil {
		t.Error("more than an advert takes is taken")
	}

	heard := func(at time.Duration, seq uint64, text string) []HostTold {
		t.Helper()
		_, told := step(at, Heard{Advert{Peer: "b", Incarnation: 1, Seq: seq, Host: []byte(text)}})
		return told
	}
	if got := heard(9*time.Second, 1, "free"); len(got) != 1 || got[0].From != "b" || string(got[0].Data) != "free" {
		t.Errorf("b tells: got %v", got)
	}
	if got := heard(10*time.Second, 2, "free"); len(got) != 0 {
		t.Errorf("b tells the same: got %v", got)
	}
	var silent []HostTold
	for at := 11 * time.Second; at < 30*time.Second; at += time.Second {
		_, told := step(at, Woken{})
		silent = append(silent, told...)
	}
	if len(silent) != 1 || len(silent[0].Data) != 0 {
		t.Errorf("b is silent: got %v, want that it tells nothing", silent)
	}
	if got := heard(31*time.Second, 3, "free"); len(got) != 1 || string(got[0].Data) != "free" {
		t.Errorf("b is back: got %v", got)
	}
}
