package libp2p

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"
	ma "github.com/multiformats/go-multiaddr"

	"parley/lcc"
)

// heardNotices keeps what came, and judges it by its first word.
type heardNotices struct {
	mu   sync.Mutex
	list []string
}

func (h *heardNotices) options(o *Options) {
	o.Notice = func(from lcc.PeerID, data []byte) Verdict {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.list = append(h.list, string(from)+" "+string(data))
		switch {
		case bytes.HasPrefix(data, []byte("junk")):
			return Reject
		case bytes.HasPrefix(data, []byte("old")):
			return Ignore
		}
		return Accept
	}
}

func (h *heardNotices) count(text string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.list {
		if strings.HasSuffix(one, text) {
			n++
		}
	}
	return n
}

// A notice is handed on until all hosts have it, though each has few links; one
// that is rejected or ignored is not.
func TestNotices(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(24)
		heard := make([]heardNotices, len(places))
		var ends []*end
		for i, p := range places {
			ends = append(ends, s.open(p, addressesOf(places), few, heard[i].options))
		}
		time.Sleep(10 * time.Second)
		all := func(text string) bool {
			for i := range heard[1:] {
				if heard[1+i].count(text) != 1 {
					return false
				}
			}
			return true
		}
		if err := ends[0].host.Notify([]byte("new head")); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the notice to reach all hosts", func() bool { return all(string(ends[0].id) + " new head") })
		if heard[0].count("new head") != 0 {
			t.Error("a host judges its own notice")
		}
		large := strings.Repeat("x", NoticeBytes)
		if err := ends[1].host.Notify([]byte(large)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a large notice to come", func() bool { return heard[0].count(large) == 1 })
		if err := ends[0].host.Notify([]byte(large + "x")); err == nil || !strings.Contains(err.Error(), "more than 49152") {
			t.Errorf("got %v, want that the notice is too large", err)
		}
		// What is rejected goes no further than one step, and is blamed; what
		// is ignored goes no further and is nobody's fault.
		for _, text := range []string{"junk", "old"} {
			if err := ends[0].host.Notify([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Second)
		reached, blamed := 0, 0
		for i, e := range ends {
			reached += heard[i].count(" junk")
			blamed += int(conductOf(e, ends[0].id).count(kindMalformed))
		}
		if reached == 0 || reached == len(ends)-1 || blamed != reached {
			t.Errorf("%d hosts heard what is rejected and %d blame its publisher, want its neighbours and no others", reached, blamed)
		}
	})
}

// Without a driver that judges them, notices go nowhere.
func TestNoticesWithoutJudge(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		var last heardNotices
		places := s.places(3)
		hosts := addressesOf(places)
		// The first and the last know only the one between them.
		first := s.open(places[0], hosts[:2])
		s.open(places[1], hosts)
		s.open(places[2], hosts[1:], last.options)
		up(t, first)
		time.Sleep(10 * time.Second)
		if err := first.host.Notify([]byte("x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if last.count("x") != 0 {
			t.Error("a notice that nobody judged was handed on")
		}
	})
}

// learned keeps the envelopes that a host is told to keep.
type learned struct {
	mu   sync.Mutex
	kept map[lcc.PeerID][]byte
}

func (l *learned) options(o *Options) {
	o.Learned = func(id lcc.PeerID, envelope []byte) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.kept == nil {
			l.kept = map[lcc.PeerID][]byte{}
		}
		l.kept[id] = envelope
	}
}

func (l *learned) of(id lcc.PeerID) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept[id]
}

// A host that moved says so itself, and is found by hosts that were never
// connected to it, though their roster has the old address; also after they
// start anew with what they were told to keep.
func TestMovedHost(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(24)
		var ends []*end
		books := make([]learned, len(places))
		for i, p := range places {
			ends = append(ends, s.open(p, addressesOf(places), few, books[i].options))
		}
		a, b, atA, atB := stranger(t, ends, places)
		time.Sleep(10 * time.Second)
		if err := b.host.Close(); err != nil {
			t.Fatal(err)
		}
		moved := place{atB.key, atB.id, s.listen()}
		again := s.open(moved, addressesOf(places), few)
		index := 0
		for i := range ends {
			if ends[i] == a {
				index = i
			}
		}
		eventually(t, "the announcement", func() bool { return books[index].of(b.id) != nil })
		if a.connectedTo(atB.raw()) {
			t.Fatal("they are connected already")
		}
		carries(t, a, again, "at your new address")

		if err := a.host.Close(); err != nil {
			t.Fatal(err)
		}
		restarted := s.open(atA, addressesOf(places), few, func(o *Options) {
			o.Known = [][]byte{[]byte("junk"), books[index].of(b.id)}
		})
		if !strings.Contains(restarted.log.String(), "cannot be read") {
			t.Error("nothing was said of the envelope that is junk")
		}
		carries(t, restarted, again, "still known")
	})
}

// A host whose addresses are those of the roster announces nothing.
func TestNothingToAnnounce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		var book learned
		s.full(s.places(3), book.options)
		time.Sleep(time.Minute)
		if len(book.kept) != 0 {
			t.Errorf("%d hosts announced the addresses that the roster has", len(book.kept))
		}
	})
}

// Announcements that are forged, old, from the far future or too long change
// nothing.
func TestAnnouncements(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(3)
		a := s.full(places)[0]
		one, other := places[1], places[2]
		seal := func(by place, of p2p.ID, seq uint64, addrs ...string) []byte {
			r := &p2p.PeerRecord{PeerID: of, Seq: seq}
			for _, text := range addrs {
				r.Addrs = append(r.Addrs, ma.StringCast(text))
			}
			sealed, err := record.Seal(r, by.key)
			if err != nil {
				t.Fatal(err)
			}
			data, err := sealed.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		now := uint64(time.Now().UnixNano())
		many := make([]string, addressesMax+1)
		for i := range many {
			many[i] = "/ip4/10.0.0.9/tcp/4200"
		}
		good := seal(one, one.raw(), now, "/ip4/10.0.0.9/tcp/4200", "/dns4/victim.example/tcp/25", "/ip4/10.0.0.9/udp/4200/quic-v1",
			"/ip4/10.0.0.9/tcp/4200/p2p/"+string(other.id)+"/p2p-circuit")
		broken := append([]byte(nil), good...)
		broken[len(broken)-1] ^= 1
		for _, c := range []struct {
			name     string
			from     place
			envelope []byte
			want     Verdict
		}{
			{"junk", one, []byte("junk"), Reject},
			{"a broken seal", one, broken, Reject},
			{"of another peer", one, seal(other, other.raw(), now), Reject},
			{"sealed by another peer", one, seal(other, one.raw(), now), Reject},
			{"too many", one, seal(one, one.raw(), now, many...), Reject},
			{"from the far future", one, seal(one, one.raw(), now+uint64(48*time.Hour)), Ignore},
			{"good", one, good, Accept},
			{"the same again", one, good, Ignore},
			{"older", one, seal(one, one.raw(), now-1), Ignore},
		} {
			if got := a.host.judge(c.from.raw(), noticeAddresses, c.envelope); got != c.want {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
		got := a.host.addresses(one.raw())
		if len(got) != 3 || got[0].String() != "/ip4/10.0.0.9/tcp/4200" || got[1].String() != "/ip4/10.0.0.9/udp/4200/quic-v1" {
			t.Errorf("got the addresses %v, want the two plain ones and that of the roster", got)
		}
		if c := conductOf(a, one.id); c.count(kindForged) != 1 || c.count(kindMalformed) != 4 {
			t.Errorf("got %+v, want one forged and four malformed", c)
		}
		if a.host.judge(one.raw(), 200, nil) != Ignore {
			t.Error("a kind of notice that only a later version knows is not ignored")
		}
	})
}
