package shelf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent/past"
)

func block(day int) past.Block {
	return past.Block{Start: int64(day) * 86400, Step: 300, Samples: 1, Host: past.Host{Name: "h"},
		Guests: []past.Series{{Guest: past.Guest{ID: "a"}, CPU: []uint16{1}, Memory: []uint16{2}}}}
}

func open(t *testing.T, dir string, o Options) (*Shelf, []string) {
	t.Helper()
	s, cut, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return s, cut
}

func days(t *testing.T, s *Shelf, since time.Time) (list []int) {
	t.Helper()
	blocks, err := s.Between(since, time.Unix(1<<40, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		list = append(list, int(b.Start/86400))
	}
	return list
}

func TestRotation(t *testing.T) {
	s, _ := open(t, t.TempDir(), Options{KeepFor: 3 * 24 * time.Hour, Most: 1 << 20})
	for day := range 10 {
		if err := s.Append(block(day)); err != nil {
			t.Fatal(err)
		}
	}
	if got := days(t, s, time.Unix(0, 0)); len(got) != 5 || got[0] != 5 {
		t.Errorf("got the days %v, want the last five", got)
	}
	if got := days(t, s, time.Unix(8*86400+300, 0)); len(got) != 1 || got[0] != 9 {
		t.Errorf("got the days %v, want what begins after the time", got)
	}
	if got, err := s.Between(time.Unix(6*86400, 0), time.Unix(8*86400, 0)); err != nil || len(got) != 2 || got[1].Start != 7*86400 {
		t.Errorf("got %v, %v, want two days", got, err)
	}
	s, _ = open(t, s.dir, Options{KeepFor: 3 * 24 * time.Hour, Most: 1})
	if err := s.Append(block(10)); err != nil {
		t.Fatal(err)
	}
	if got := days(t, s, time.Unix(0, 0)); len(got) != 1 || got[0] != 10 {
		t.Errorf("got the days %v, want the day that is written alone", got)
	}
}

// A crash in the middle of a write loses the block that was written, and it is said.
func TestTornFile(t *testing.T) {
	s, _ := open(t, t.TempDir(), Options{KeepFor: time.Hour, Most: 1 << 20})
	for range 2 {
		if err := s.Append(block(3)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(s.dir, "19700104.past")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()-1); err != nil {
		t.Fatal(err)
	}
	s, cut := open(t, s.dir, s.options)
	if len(cut) != 1 || !strings.Contains(cut[0], path) {
		t.Errorf("got %q, want the file that is cut", cut)
	}
	if err := s.Append(block(3)); err != nil {
		t.Fatal(err)
	}
	if got := days(t, s, time.Unix(0, 0)); len(got) != 2 {
		t.Errorf("got %d blocks, want the one before and the one after", len(got))
	}
	if _, cut := open(t, s.dir, s.options); cut != nil {
		t.Errorf("got %q, want nothing torn", cut)
	}
}
