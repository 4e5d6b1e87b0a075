package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/hostagent/audit"
)

func open(t *testing.T, path string, o Options) *Store {
	t.Helper()
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func query(t *testing.T, s *Store, f audit.Filter) (text string) {
	t.Helper()
	list, err := s.Query(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		text += e.Deal + " "
	}
	return strings.TrimSpace(text)
}

var noon = time.Now().Add(-time.Hour).UTC().Truncate(time.Second)

func fill(s *Store) {
	for i := range 10 {
		s.Add(audit.Entry{
			At: noon.Add(time.Duration(i) * time.Minute), Kind: "deal", Deal: fmt.Sprintf("d%d", i), Ended: i%2 == 1,
			Guest: fmt.Sprintf("id%d", i%3), Name: fmt.Sprintf("web%d", i%3), Source: "a", Target: []string{"b", "c"}[i%2],
			State: []string{"offered", "done"}[i%2], Data: []byte{byte(i)},
		})
	}
}

// Added entries are found by each property, also after a restart.
func TestQuery(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{})
	fill(s)
	closed(t, s)
	s = open(t, path, Options{Rebuild: func() []audit.Entry { t.Error("a sound file was made anew"); return nil }})
	defer closed(t, s)
	for name, c := range map[string]struct {
		filter audit.Filter
		want   string
	}{
		"all, the latest first": {audit.Filter{}, "d9 d8 d7 d6 d5 d4 d3 d2 d1 d0"},
		"a few":                 {audit.Filter{Limit: 2}, "d9 d8"},
		"a guest by name":       {audit.Filter{Guest: "web1"}, "d7 d4 d1"},
		"a guest by id":         {audit.Filter{Guest: "id2"}, "d8 d5 d2"},
		"half a name":           {audit.Filter{Guest: "web"}, ""},
		"a host":                {audit.Filter{Host: "c", Limit: 3}, "d9 d7 d5"},
		"a state":               {audit.Filter{State: "done", Guest: "web0"}, "d9 d3"},
		"ends":                  {audit.Filter{Ended: true, Limit: 1}, "d9"},
		"since":                 {audit.Filter{Since: noon.Add(8 * time.Minute)}, "d9 d8"},
		"until":                 {audit.Filter{Until: noon.Add(time.Minute)}, "d1 d0"},
		"a deal":                {audit.Filter{Deal: "d5"}, "d5"},
		"another kind":          {audit.Filter{Kind: "order"}, ""},
	} {
		if got := query(t, s, c.filter); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if list, err := s.Query(audit.Filter{Deal: "d5"}); err != nil || !bytes.Equal(list[0].Data, []byte{5}) ||
		!list[0].At.Equal(noon.Add(5*time.Minute)) {
		t.Errorf("got %+v, %v, want what was added", list, err)
	}
}

// The oldest entries are dropped, by number and by age, with their index. Entries that
// are too old are dropped a few at a time with each new one.
func TestForget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{Most: 4})
	fill(s)
	closed(t, s)
	s = open(t, path, Options{})
	if got := query(t, s, audit.Filter{}); got != "d9 d8 d7 d6" {
		t.Errorf("what is left by number: got %q, want the latest four", got)
	}
	closed(t, s)
	s = open(t, path, Options{KeepFor: time.Hour - 8*time.Minute - 30*time.Second})
	for i := range 2 {
		s.Add(audit.Entry{At: time.Now(), Kind: "deal", Deal: fmt.Sprintf("new%d", i), Guest: "id0"})
	}
	closed(t, s)
	s = open(t, path, Options{})
	defer closed(t, s)
	if got := query(t, s, audit.Filter{}); got != "new1 new0 d9" {
		t.Errorf("what is left: got %q, want what is young enough", got)
	}
	if got := query(t, s, audit.Filter{Guest: "id0"}); got != "new1 new0 d9" {
		t.Errorf("what is left of a guest: got %q", got)
	}
	if got := query(t, s, audit.Filter{Guest: "id2"}); got != "" {
		t.Errorf("the index of what is gone: got %q", got)
	}
}

func rebuilt() []audit.Entry { return []audit.Entry{{At: noon, Deal: "from the journal"}} }

// Damage never ends the agent: the file is moved aside and rebuilt from the journal, or
// what is read is correct.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "audit.db")
	s := open(t, path, Options{})
	fill(s)
	closed(t, s)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	attempt := func(what string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, path, Options{Rebuild: rebuilt})
		got := query(t, s, audit.Filter{})
		if s.Moved != "" && got != "from the journal" || s.Moved == "" && len(s.Faults) == 0 && got != "d9 d8 d7 d6 d5 d4 d3 d2 d1 d0" {
			t.Errorf("%s: moved to %q, and got %q", what, s.Moved, got)
		}
		closed(t, s)
		if s.Moved != "" {
			if kept, err := os.ReadFile(s.Moved); err != nil || !bytes.Equal(kept, data) {
				t.Errorf("%s: the damaged file was not kept as it was (%v)", what, err)
			}
			if err := os.Remove(s.Moved); err != nil {
				t.Fatal(err)
			}
		}
	}
	attempt("not a file of ours", []byte("this is not a database"))
	for length := 0; length < len(good); length += 997 {
		if length > 0 { // an empty file counts as new
			attempt(fmt.Sprintf("cut to %d bytes", length), good[:length])
		}
	}
	step := 1009
	if testing.Short() {
		step = 8209
	}
	for at := 0; at < len(good); at += step {
		data := bytes.Clone(good)
		data[at] ^= 1 << (at % 8)
		attempt(fmt.Sprintf("a bit of byte %d flipped", at), data)
	}
}

// A full disk is neither damage nor a reason not to start: added entries are dropped
// and counted, and a start with room rebuilds the audit from the journal.
func TestNoRoomForTheAudit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	if err := os.Symlink("/dev/full", path); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, Options{Rebuild: rebuilt})
	if !errors.Is(s.Full, syscall.ENOSPC) || s.Moved != "" {
		t.Errorf("got %v, moved to %q, want that the disk is full and nothing moved", s.Full, s.Moved)
	}
	s.Add(audit.Entry{At: noon, Deal: "d0"})
	if _, err := s.Query(audit.Filter{}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("query: got %v, want that the disk is full", err)
	}
	if _, err := s.Verify(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("verify: got %v, want that the disk is full", err)
	}
	closed(t, s)
	if got := s.Dropped(); got != 1 {
		t.Errorf("got %d entries dropped, want 1", got)
	}
	s = open(t, path, Options{Rebuild: rebuilt})
	if got := query(t, s, audit.Filter{}); s.Full != nil || got != "from the journal" {
		t.Errorf("with room: got %q, %v, want what the journal knows", got, s.Full)
	}
	closed(t, s)
}

// Open fails while another agent has the file open.
func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{})
	defer closed(t, s)
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("got %v, want that another process has it", err)
	}
}

// Entries that do not fit are counted and delay nothing.
func TestDropped(t *testing.T) {
	s := &Store{queue: make(chan *audit.Entry, 2)}
	for range 5 {
		s.Add(audit.Entry{})
	}
	if got := s.Dropped(); got != 3 {
		t.Errorf("dropped: got %d, want 3", got)
	}
}

// Entries added before Close are stored, however many.
func TestCloseKeepsAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{})
	for i := range 3000 {
		s.Add(audit.Entry{At: time.Now(), Deal: fmt.Sprint(i)})
	}
	closed(t, s)
	again := open(t, path, Options{})
	defer closed(t, again)
	list, err := again.Query(audit.Filter{Limit: 10_000})
	if err != nil || len(list)+int(s.Dropped()) != 3000 {
		t.Errorf("got %d entries and %d dropped, %v, want 3000 in all", len(list), s.Dropped(), err)
	}
}
