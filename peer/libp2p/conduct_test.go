package libp2p

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/peer"
)

// TestWeights: honest mistakes never lead to a ban, however long they continue; hostile
// acts in numbers do at once.
func TestWeights(t *testing.T) {
	for _, c := range []struct {
		kind  string
		every time.Duration
		n     int
		ban   bool
	}{
		{kindMalformed, 0, 3, false},
		{kindMalformed, 2 * time.Minute, 1000, false},
		{kindMalformed, time.Second, 60, true},
		{kindHello, 10 * time.Second, 1000, false},
		{kindSlow, 10 * time.Second, 1000, false},
		{kindTruncated, 10 * time.Second, 1000, false},
		{kindFlood, 0, 150, false},
		{kindFlood, time.Millisecond, 300, true},
		{kindFlood, 5 * time.Second, 1000, false},
		{kindForged, 0, 1, false},
		{kindForged, time.Second, 2, true},
		{kindOversized, 0, 5, false},
		{kindOversized, time.Second, 12, true},
		{"sold the same room twice", time.Second, 12, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			conduct := newConduct(slog.New(slog.NewTextHandler(io.Discard, nil)), time.Hour)
			banned := false
			for range c.n {
				banned = conduct.blame("x", c.kind) || banned
				time.Sleep(c.every)
			}
			if banned != c.ban {
				t.Errorf("%s, %d times, every %v: banned %v, want %v", c.kind, c.n, c.every, banned, c.ban)
			}
		})
	}
}

// TestBan: a ban is reported once, closes the connection, admits no new one, and ends
// by itself.
func TestBan(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(3)
		ends := s.full(places, func(o *Options) { o.BanFor = time.Minute })
		a, b, bad := ends[0], ends[1], ends[2]
		for range 20 {
			a.host.Blame(bad.id, "lied about its room")
		}
		await(t, a, "the link to end", func(l peer.Link) bool { return l.Peer == bad.id && !l.Up })
		eventually(t, "the connection to be closed", func() bool { return !a.connectedTo(places[2].raw()) })
		a.host.Send(bad.id, peer.Frame{Host: &peer.Host{Payload: []byte("x")}})
		failed := await(t, a, "the frame to come back", func(peer.SendFailed) bool { return true })
		if !strings.Contains(failed.Reason.Detail, "banned for its conduct until") {
			t.Errorf("got %q, want that the peer is banned", failed.Reason.Detail)
		}
		if n := strings.Count(a.log.String(), "was banned for its conduct"); n != 1 {
			t.Errorf("the ban was logged %d times, want once: %s", n, a.log)
		}
		c := conductOf(a, bad.id)
		if c.count("lied about its room") != 20 || c.BannedUntil.IsZero() {
			t.Errorf("got %+v, want 20 lies and a ban", c)
		}
		time.Sleep(30 * time.Second)
		if a.connectedTo(places[2].raw()) {
			t.Error("a banned peer is connected")
		}
		carries(t, a, b, "meanwhile")
		await(t, a, "the ban to end", func(l peer.Link) bool { return l.Peer == bad.id && l.Up })
		time.Sleep(2 * backoffLast) // for the other side to try
		carries(t, bad, a, "again")
	})
}

// TestBanOutlivesRoster: removing and adding a peer does not lift its ban.
func TestBanOutlivesRoster(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		ends := s.full(places)
		for range 20 {
			ends[0].host.Blame(places[1].id, "x")
		}
		for _, hosts := range [][]place{places[:1], places} {
			if err := ends[0].host.SetRoster(Roster{Hosts: addressesOf(hosts), Group: "test"}); err != nil {
				t.Fatal(err)
			}
		}
		if conductOf(ends[0], places[1].id).BannedUntil.IsZero() {
			t.Error("the ban is gone")
		}
	})
}

// TestBlameOfStrangers: blame for a peer that is not listed is dropped, so invented
// names take no memory.
func TestBlameOfStrangers(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		a := s.open(places[0], nil)
		a.host.Blame(places[1].id, "x")
		a.host.Blame("no id", "x")
		a.host.blame(p2p.ID("junk"), kindFlood)
		if got := a.host.Conduct(); len(got) != 0 {
			t.Errorf("got %v, want nothing", got)
		}
	})
}
