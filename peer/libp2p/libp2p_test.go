package libp2p

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"

	"parley/lcc"
	"parley/peer"
)

// end is one end of a test's network.
type end struct {
	host   *Host
	id     lcc.PeerID
	events chan peer.Event
	log    *lines
}

// lines is a log that may be written from any goroutine.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newKey(t *testing.T) (crypto.PrivKey, lcc.PeerID) {
	t.Helper()
	key, err := LoadOrCreateKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	id, err := KeyID(key)
	if err != nil {
		t.Fatal(err)
	}
	return key, id
}

func openEnd(t *testing.T, key crypto.PrivKey, id lcc.PeerID, peers ...Address) *end {
	t.Helper()
	return openEndWith(t, key, id, func(o *Options) { o.Peers = peers })
}

// openEndWith opens a host on loopback.
func openEndWith(t *testing.T, key crypto.PrivKey, id lcc.PeerID, edit ...func(*Options)) *end {
	t.Helper()
	e := &end{id: id, events: make(chan peer.Event, 1024), log: &lines{}}
	o := Options{
		Key: key, Incarnation: 1, Listen: []string{"/ip4/127.0.0.1/tcp/0"}, Group: "test",
		Events: func(ev peer.Event) { e.events <- ev },
		Logger: slog.New(slog.NewTextHandler(e.log, nil)),
	}
	for _, f := range edit {
		f(&o)
	}
	host, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := host.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	e.host = host
	return e
}

func (e *end) address() Address { return Address{ID: e.id, Multiaddrs: e.host.Addrs()} }

// await returns the first event that a function accepts.
func await[T peer.Event](t *testing.T, e *end, what string, accept func(T) bool) T {
	t.Helper()
	limit := time.After(2 * time.Minute)
	for {
		select {
		case ev := <-e.events:
			if wanted, ok := ev.(T); ok && accept(wanted) {
				return wanted
			}
		case <-limit:
			t.Fatalf("gave up waiting for %s", what)
		}
	}
}

func up(t *testing.T, e *end) {
	t.Helper()
	await(t, e, "a connection", func(l peer.Link) bool { return l.Up })
}

func pair(t *testing.T) (a, b *end) {
	t.Helper()
	keyA, idA := newKey(t)
	keyB, idB := newKey(t)
	a = openEnd(t, keyA, idA, Address{ID: idB})
	b = openEnd(t, keyB, idB, a.address())
	if err := a.host.AddAddrs(idB, b.host.Addrs()); err != nil {
		t.Fatal(err)
	}
	up(t, a)
	up(t, b)
	return a, b
}

func TestFramesAndAdverts(t *testing.T) {
	a, b := pair(t)
	a.host.Send(b.id, peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("hello")}})
	got := await(t, b, "a frame", func(ev peer.Arrived) bool { return true })
	if got.From != a.id || string(got.Frame.Host.Payload) != "hello" {
		t.Errorf("got %q from %s, want hello from %s", got.Frame.Host.Payload, got.From, a.id)
	}
	advert := peer.Advert{Peer: b.id, Incarnation: 1, Seq: 1, Plays: []peer.Play{{Roles: []lcc.Term{lcc.Atom("idle")}}}}
	// The topic's mesh forms in its own time: an advert is told until heard,
	// as a peer does.
	limit := time.After(20 * time.Second)
	for seq := uint64(1); ; seq++ {
		advert.Seq = seq
		b.host.Publish(advert)
		select {
		case ev := <-a.events:
			heard, ok := ev.(peer.Heard)
			if !ok {
				continue
			}
			if heard.Advert.Peer != b.id || len(heard.Advert.Plays) != 1 {
				t.Errorf("got %v, want the advert of %s", heard.Advert, b.id)
			}
			return
		case <-time.After(200 * time.Millisecond):
		case <-limit:
			t.Fatal("no advert was heard")
		}
	}
}

// A peer that is not listed is refused by the one that does not list it, with a
// message that says what to do; the frame comes back.
func TestUnlisted(t *testing.T) {
	keyA, idA := newKey(t)
	keyB, idB := newKey(t)
	a := openEnd(t, keyA, idA) // lists nobody
	b := openEnd(t, keyB, idB, a.address())
	limit := time.After(20 * time.Second)
	for !strings.Contains(a.log.String(), string(idB)) {
		select {
		case ev := <-b.events:
			if link, ok := ev.(peer.Link); ok && link.Up {
				t.Fatal("a peer that is not listed counts as connected")
			}
		case <-time.After(50 * time.Millisecond):
		case <-limit:
			t.Fatalf("nothing was said of the peer that was refused: %s", a.log)
		}
	}
	if !strings.Contains(a.log.String(), "add it under `peers` in the configuration") {
		t.Errorf("got %s, want what to do", a.log)
	}
	if a.host.Counts().Refused == 0 {
		t.Error("the refusal was not counted")
	}
	b.host.Send(idA, peer.Frame{Host: &peer.Host{Payload: []byte("x")}})
	failed := await(t, b, "the frame to come back", func(peer.SendFailed) bool { return true })
	if failed.Reason.Code != lcc.ReasonUnreachable {
		t.Errorf("got %v, want %s", failed.Reason, lcc.ReasonUnreachable)
	}
	a.host.Send(idB, peer.Frame{Host: &peer.Host{Payload: []byte("x")}})
	await(t, a, "the frame to come back", func(peer.SendFailed) bool { return true })
}

// A peer that goes and comes back is connected again, without anybody's help.
func TestReconnect(t *testing.T) {
	keyA, idA := newKey(t)
	keyB, idB := newKey(t)
	a := openEnd(t, keyA, idA, Address{ID: idB})
	b := openEnd(t, keyB, idB, a.address())
	up(t, a)
	if err := b.host.Close(); err != nil {
		t.Fatal(err)
	}
	await(t, a, "the connection to break", func(l peer.Link) bool { return !l.Up })
	again := openEnd(t, keyB, idB, a.address())
	up(t, a)
	up(t, again)
}

// Junk on a stream ends that stream and nothing else.
func TestJunk(t *testing.T) {
	a, b := pair(t)
	for id, l := range a.host.links.byPeer {
		stream, err := a.host.host.NewStream(t.Context(), id, protocolID)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.host.greet(stream); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Write([]byte{0xff, 0xff, 0xff, 0xff}); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Read(make([]byte, 1)); err == nil {
			t.Error("a stream that announces a frame of 4 GiB stays open")
		}
		_ = l
	}
	a.host.Send(b.id, peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: []byte("still here")}})
	await(t, b, "a frame after the junk", func(ev peer.Arrived) bool { return string(ev.Frame.Host.Payload) == "still here" })
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "key")
	first, err := LoadOrCreateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode: got %o, want 600", got)
	}
	again, err := LoadOrCreateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Equals(again) {
		t.Error("the key changed from one start to the next")
	}
	for name, spoil := range map[string]func() error{
		"chmod 600":  func() error { return os.Chmod(path, 0o640) },
		"is damaged": func() error { return os.WriteFile(path, []byte("junk"), 0o600) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadOrCreateKey(path); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want an error with %q", err, name)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
