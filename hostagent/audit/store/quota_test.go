package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent/audit"
)

// counts returns how many entries of each kind and host are kept.
func counts(t *testing.T, s *Store) map[string]int {
	t.Helper()
	list, err := s.Query(audit.Filter{Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, e := range list {
		n[e.Kind+" "+e.Source]++
	}
	return n
}

// flooded adds entries in batches, as the writer does.
func flooded(s *Store, n int, e audit.Entry) {
	batch := make([]audit.Entry, batchMax)
	for i := range batch {
		batch[i] = e
	}
	for ; n > 0; n -= batchMax {
		s.commit(batch)
	}
}

// A host that sends as much as it can displaces only its own entries, and the file does
// not grow with what it sends.
func TestFloodOfOneHost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{Most: 4000, Bytes: 4 << 20})
	for range 20 {
		s.commit([]audit.Entry{
			{At: time.Now(), Kind: "order", State: "pause"},
			{At: time.Now(), Kind: "policy", State: "in force"},
			{At: time.Now(), Kind: "deal", Side: "source", Source: "h1"},
			{At: time.Now(), Kind: "deal", Side: "target", Source: "h2"},
			{At: time.Now(), Kind: "signed", Source: "h2"},
		})
	}
	flooded(s, 10_000, audit.Entry{At: time.Now(), Kind: "signed", Source: "evil", Data: bytes.Repeat([]byte("x"), 1000)})
	flooded(s, 10_000, audit.Entry{At: time.Now(), Kind: "deal", Side: "target", Source: "evil", Guest: "g"})
	got := counts(t, s)
	for _, of := range []string{"order ", "policy ", "deal h1", "deal h2", "signed h2"} {
		if got[of] != 20 {
			t.Errorf("%s: got %d entries, want all 20", of, got[of])
		}
	}
	if n := got["signed evil"] + got["deal evil"]; n == 0 || n > 4000/hostMost {
		t.Errorf("of the host that floods: got %d entries, want some, and %d at most", n, 4000/hostMost)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 12<<20 {
		t.Errorf("the file: got %d bytes, %v, want 12 MiB at most", info.Size(), err)
	}
	closed(t, s)
}

// Many hosts together displace neither orders nor a host that sends little.
func TestFloodOfManyHosts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{Most: 2000})
	for range 20 {
		s.commit([]audit.Entry{{At: time.Now(), Kind: "order"}, {At: time.Now(), Kind: "deal", Side: "source"},
			{At: time.Now(), Kind: "signed", Source: "quiet"}})
	}
	for i := range 20 {
		flooded(s, 1000, audit.Entry{At: time.Now(), Kind: "signed", Source: "evil" + strings.Repeat("!", i)})
	}
	got := counts(t, s)
	if got["order "] != 20 || got["deal "] != 20 || got["signed quiet"] != 20 {
		t.Errorf("got %d orders, %d deals and %d of the quiet host, want all 20 of each", got["order "], got["deal "], got["signed quiet"])
	}
	total := 0
	for _, n := range got {
		total += n
	}
	if total > 2000 {
		t.Errorf("got %d entries, want 2000 at most", total)
	}
	closed(t, s)
}

// The length of an entry is bounded.
func TestLongEntry(t *testing.T) {
	e := cut(audit.Entry{Reason: strings.Repeat("é", textMost), Data: make([]byte, dataMost+1)})
	if e.Data != nil || !strings.Contains(e.Reason, "too long") {
		t.Errorf("got %d bytes of data, reason %q, want none and why", len(e.Data), e.Reason)
	}
	if e = cut(audit.Entry{Name: strings.Repeat("é", textMost)}); len(e.Name) > textMost+3 || !strings.HasSuffix(e.Name, "é...") {
		t.Errorf("got a name of %d bytes, want it cut", len(e.Name))
	}
}

// A clock that is ahead does not empty the audit: set while the agent runs it changes
// nothing, and set before its start it drops a few entries with each new one.
func TestClockAhead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{KeepFor: time.Hour})
	for range 100 {
		s.commit([]audit.Entry{{At: time.Now(), Kind: "order"}})
	}
	ahead := func() time.Time { return time.Now().Add(400 * 24 * time.Hour) }
	s.clock.now = ahead
	for range 10 {
		s.commit([]audit.Entry{{At: ahead(), Kind: "order"}})
	}
	if got := counts(t, s)["order "]; got != 110 {
		t.Errorf("after the clock was set ahead: got %d entries, want all 110", got)
	}
	s.clock.wall = ahead().Round(0)
	s.commit([]audit.Entry{{At: ahead(), Kind: "order"}})
	if got := counts(t, s)["order "]; got != 111-agedMost {
		t.Errorf("after a start with a clock that is ahead: got %d entries, want all but %d", got, agedMost)
	}
	closed(t, s)
}

// A file that is half empty is compacted when it is opened, and keeps its content.
func TestCompacted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{})
	flooded(s, 4*batchMax, audit.Entry{At: time.Now(), Kind: "order", Data: make([]byte, 2000)})
	closed(t, s)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{Most: 100})
	s.commit([]audit.Entry{{At: time.Now(), Kind: "order"}})
	closed(t, s)
	s = open(t, path, Options{Most: 100})
	after, err := os.Stat(path)
	if err != nil || after.Size() > before.Size()/4 {
		t.Errorf("got %d bytes, %v, of %d, want a quarter at most", after.Size(), err, before.Size())
	}
	if got := counts(t, s)["order "]; got != 100 || len(s.Faults) != 0 {
		t.Errorf("got %d entries and faults %q, want 100 and none", got, s.Faults)
	}
	closed(t, s)
}
