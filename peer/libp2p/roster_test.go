package libp2p

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/peer"
)

// TestRemovedHost: a host that is removed from the roster is cut off at once: its
// connections are closed, frames for it come back, it cannot return, and its forwarded
// messages are ignored.
func TestRemovedHost(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(3)
		ends := s.full(places)
		a, b, gone := ends[0], ends[1], ends[2]
		var seq uint64
		hears(t, a, gone, &seq)
		without := Roster{Hosts: addressesOf(places[:2]), Group: "test"}
		if err := a.host.SetRoster(without); err != nil {
			t.Fatal(err)
		}
		await(t, a, "the link to end", func(l peer.Link) bool { return l.Peer == gone.id && !l.Up })
		eventually(t, "the connection to be closed", func() bool { return !a.connectedTo(places[2].raw()) })
		a.host.Send(gone.id, peer.Frame{Host: &peer.Host{Payload: []byte("x")}})
		failed := await(t, a, "the frame to come back", func(peer.SendFailed) bool { return true })
		if failed.Reason.Detail != errNotListed.Error() {
			t.Errorf("got %q, want %q", failed.Reason.Detail, errNotListed)
		}
		// It tries again by itself, and b, which still lists it, hands on
		// what it says.
		eventually(t, "it to be refused", func() bool { return a.host.Counts().Refused > 0 })
		hears(t, b, gone, &seq)
		var other uint64
		hears(t, a, b, &other)
		for len(a.events) > 0 {
			switch ev := (<-a.events).(type) {
			case peer.Heard:
				if ev.Advert.Peer == gone.id {
					t.Error("an advert of a host that is not listed was heard")
				}
			case peer.Arrived:
				t.Errorf("a frame of %s arrived", ev.From)
			}
		}
		carries(t, a, b, "go on")
		if a.connectedTo(places[2].raw()) {
			t.Error("a host that is not listed is connected")
		}
	})
}

// TestAddedHost: an added host and the existing ones find each other.
func TestAddedHost(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(3)
		ends := s.full(places[:2])
		all := Roster{Hosts: addressesOf(places), Group: "test"}
		late := s.open(places[2], all.Hosts)
		for _, e := range ends {
			if err := e.host.SetRoster(all); err != nil {
				t.Fatal(err)
			}
		}
		for _, e := range ends {
			await(t, e, "the new host", func(l peer.Link) bool { return l.Peer == late.id && l.Up })
			carries(t, e, late, "welcome")
		}
	})
}

// TestRosterReplacesAddresses: the addresses of a roster replace those of an earlier
// one.
func TestRosterReplacesAddresses(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		nowhere := Address{ID: places[1].id, Multiaddrs: []string{s.listen()}}
		a := s.open(places[0], []Address{nowhere})
		b := s.open(places[1], []Address{{ID: places[0].id}})
		await(t, a, "a failed dial", func(l peer.Link) bool { return !l.Up })
		if err := a.host.SetRoster(Roster{Hosts: addressesOf(places), Group: "test"}); err != nil {
			t.Fatal(err)
		}
		up(t, a)
		if got := a.host.addresses(places[1].raw()); len(got) != 1 || got[0].String() != places[1].listen {
			t.Errorf("got the addresses %v, want %s alone", got, places[1].listen)
		}
		carries(t, a, b, "found")
	})
}

// A host that changes its group hears the adverts of the new one and no longer
// those of the old one, though both were there before it came.
func TestGroupChanges(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(3)
		hosts := addressesOf(places)
		red := s.open(places[0], hosts, func(o *Options) { o.Group = "red" })
		blue := s.open(places[1], hosts, func(o *Options) { o.Group = "blue" })
		mover := s.open(places[2], hosts, func(o *Options) { o.Group = "red" })
		up(t, mover)
		up(t, mover)
		var reds, blues, movers uint64
		hears(t, mover, red, &reds)
		if err := mover.host.SetRoster(Roster{Hosts: hosts, Group: "blue"}); err != nil {
			t.Fatal(err)
		}
		hears(t, mover, blue, &blues)
		hears(t, blue, mover, &movers)
		for len(mover.events) > 0 {
			<-mover.events
		}
		for range 5 {
			reds++
			red.host.Publish(advertOf(red.id, reds))
			hears(t, mover, blue, &blues)
		}
		for len(mover.events) > 0 {
			if heard, ok := (<-mover.events).(peer.Heard); ok && heard.Advert.Peer == red.id {
				t.Error("an advert of the group that was left was heard")
			}
		}
		// And back: the topic that was left can be joined again.
		if err := mover.host.SetRoster(Roster{Hosts: hosts, Group: "red"}); err != nil {
			t.Fatal(err)
		}
		hears(t, mover, red, &reds)
	})
}

// Adverts of hosts that the roster does not have in the group are ignored.
func TestAdvertsOfTheGroupOnly(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(3)
		ends := s.full(places)
		near := Roster{Hosts: addressesOf(places), Group: "test", Near: []lcc.PeerID{places[0].id, places[1].id}}
		if err := ends[0].host.SetRoster(near); err != nil {
			t.Fatal(err)
		}
		var seq, other uint64
		hears(t, ends[1], ends[2], &other)
		hears(t, ends[0], ends[1], &seq)
		time.Sleep(time.Second)
		for len(ends[0].events) > 0 {
			if heard, ok := (<-ends[0].events).(peer.Heard); ok && heard.Advert.Peer == ends[2].id {
				t.Error("an advert of a host outside the group was heard")
			}
		}
	})
}

// TestBadRoster: an invalid roster changes nothing, and the error says what is wrong.
func TestBadRoster(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		ends := s.full(places)
		good := addressesOf(places)
		for want, bad := range map[string]Roster{
			"is not a peer id":      {Hosts: []Address{{ID: "x"}}},
			"is not an address":     {Hosts: []Address{{ID: places[1].id, Multiaddrs: []string{"10.0.0.1:4200"}}}},
			"is not listed":         {Hosts: good[:1], Near: []lcc.PeerID{places[1].id}},
			"give at most 200":      {Hosts: good, Group: strings.Repeat("g", 201)},
			"parley agent --print-": {Hosts: []Address{{ID: ""}}},
		} {
			if err := ends[0].host.SetRoster(bad); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want an error with %q", err, want)
			}
		}
		carries(t, ends[0], ends[1], "as before")
	})
}

// TestStandingLinksOfAHost: every host of a large roster keeps few links, and reaches
// the others on demand.
func TestStandingLinksOfAHost(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(14)
		var ends []*end
		for _, p := range places {
			ends = append(ends, s.open(p, addressesOf(places), func(o *Options) { o.LinksMax = linksMin }))
		}
		first := ends[0]
		for range linksMin {
			up(t, first)
		}
		first.host.links.mu.RLock()
		links := len(first.host.links.byPeer)
		first.host.links.mu.RUnlock()
		if links != linksMin {
			t.Errorf("got %d links, want %d", links, linksMin)
		}
		r := first.host.roster.Load()
		other := slices.IndexFunc(places[1:], func(p place) bool { return !r.hosts[p.raw()].standing })
		carries(t, first, ends[1+other], "on demand")
	})
}

// Options that cannot work are refused.
func TestOptions(t *testing.T) {
	key, _ := newKey(t)
	events := func(peer.Event) {}
	for want, o := range map[string]Options{
		"are needed":       {Key: key},
		"at least 8":       {Key: key, Events: events, LinksMax: 7},
		"must be positive": {Key: key, Events: events, BanFor: -1},
		"to listen on":     {Key: key, Events: events, Listen: []string{"localhost:4200"}},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
