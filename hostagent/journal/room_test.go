package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A disk that was full takes records again when there is room: what did not fit is cut
// off and answered, nothing in between is lost, and no restart is needed.
func TestFullAndRoomAgain(t *testing.T) {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		m := &faulty{}
		f := onFaulty(m)
		mustAdd(t, f, "first")
		for range 3 {
			m.writeErr = fmt.Errorf("write journal: %w", full)
			if err := add(t, f, "does not fit")[0]; !errors.Is(err, ErrFull) || !errors.Is(err, full) {
				t.Errorf("Append to a full disk: got error %v, want %v", err, ErrFull)
			}
			m.writeErr = nil
			mustAdd(t, f, "fits")
		}
		if err := f.Err(); err != nil {
			t.Errorf("Err: got %v, want none: the disk has room", err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		c := read(m.synced.Bytes())
		if got := texts(c.records); !same(got, []string{"first", "fits", "fits", "fits"}) || c.damage != nil {
			t.Errorf("on the disk: got %q, damage %v, want what was answered without an error", got, c.damage)
		}
	}
}

// A partial record that cannot be cut off, or a sync without room, is final.
func TestFullForGood(t *testing.T) {
	for name, spoil := range map[string]func(*faulty){
		"it cannot be cut off": func(m *faulty) { m.writeErr, m.cutErr = syscall.ENOSPC, syscall.EIO },
		"the sync has no room": func(m *faulty) { m.syncErr = syscall.ENOSPC },
	} {
		t.Run(name, func(t *testing.T) {
			m := &faulty{}
			f := onFaulty(m)
			spoil(m)
			if err := add(t, f, "lost")[0]; err == nil || errors.Is(err, ErrFull) {
				t.Errorf("Append: got error %v, want one that is final", err)
			}
			m.writeErr, m.cutErr, m.syncErr = nil, nil, nil
			if err := add(t, f, "later")[0]; err == nil || f.Err() == nil {
				t.Errorf("Append after it: got error %v, want none taken any more", err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// tight is a medium that is full while the reserve exists.
type tight struct {
	faulty
	reserve string
}

func (m *tight) Write(b []byte) (int, error) {
	m.writeErr = nil
	if _, err := os.Stat(m.reserve); err == nil {
		m.writeErr = syscall.ENOSPC
	}
	return m.faulty.Write(b)
}

// The reserve is released for records on a full disk, which is reported once, and
// created again when there is room.
func TestReserve(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	m := &tight{reserve: path + reserveName}
	m.written.WriteString(magic)
	f := newFile(path, m, content{size: int64(len(magic))})
	f.reserve = reserve{path: path + reserveName, size: 1 << 16}
	reported := make(chan string, 10)
	f.room = func(why string) { reported <- why }
	f.look()
	if info, err := os.Stat(path + reserveName); err != nil || info.Size() != 1<<16 || info.Mode().Perm() != 0o600 {
		t.Fatalf("the reserve: got %v, %v, want 64 KiB of mode 0600", info, err)
	}
	f.written.Go(f.write)
	mustAdd(t, f, "an end", "another end")
	if got := <-reported; !strings.Contains(got, "the disk is full") || !strings.Contains(got, "make room in") {
		t.Errorf("told: got %q, want that the disk is full and what to do", got)
	}
	if _, err := os.Stat(path + reserveName); err == nil {
		t.Error("the reserve is still there")
	}
	mustAdd(t, f, "a third end")
	f.Retry()
	if got := <-reported; got != "" {
		t.Errorf("told: got %q, want that there is room again", got)
	}
	if _, err := os.Stat(path + reserveName); err != nil {
		t.Errorf("the reserve was not made again: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if len(reported) != 0 {
		t.Errorf("told beside: %q", <-reported)
	}
	if got := texts(read(m.synced.Bytes()).records); len(got) != 3 {
		t.Errorf("on the disk: got %q, want three records", got)
	}
}

// A journal whose reserve cannot be created opens, and reports that.
func TestNoReserve(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.MkdirAll(filepath.Join(path+reserveName, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	var reported []string
	f, err := Open(path, Options{Reserve: 1000, Room: func(why string) { reported = append(reported, why) }})
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, f, "a record")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if len(reported) != 1 || !strings.Contains(reported[0], "no room to spare") {
		t.Errorf("told: got %q, want once that there is no reserve", reported)
	}
}

// What prevents a compaction prevents nothing else: the long journal remains in use, at
// its opening and later, and nothing of the attempt remains.
func TestCompactFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	data, _, _ := thousand()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	inTheWay := filepath.Join(path+shorter, "in the way")
	if err := os.MkdirAll(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	var warned []error
	f, err := Open(path, Options{
		Above: 1000, Keep: func(all [][]byte) [][]byte { return all[len(all)-3:] },
		Warn: func(err error) { warned = append(warned, err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Records()) != 1000 || len(warned) == 0 || !strings.Contains(errors.Join(warned...).Error(), "stays as it is") {
		t.Errorf("got %d records, warned %v, want all and a word", len(f.Records()), warned)
	}
	mustAdd(t, f, "more")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(path + shorter); err != nil {
		t.Fatal(err)
	}
	if got, damage := reopened(t, path); len(got) != 1001 || damage != nil {
		t.Errorf("afterwards: got %d records, damage %v, want all of them", len(got), damage)
	}
}

// A journal stays short while it is open, whatever is written into it.
func TestCompactWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	f, err := Open(path, Options{
		Above: 4000, Keep: func(all [][]byte) [][]byte { return all[max(0, len(all)-5):] },
		Warn: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	longest := int64(0)
	for i := range 2000 {
		mustAdd(t, f, fmt.Sprintf("record %d", i))
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		longest = max(longest, info.Size())
	}
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second opening of the shorter file: got %v, want it refused", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if longest > 5000 {
		t.Errorf("the journal grew to %d bytes, want 4000 and a record", longest)
	}
	got, damage := reopened(t, path)
	if damage != nil || len(got) < 5 || got[len(got)-1] != "record 1999" || got[len(got)-5] != "record 1995" {
		t.Errorf("afterwards: got %q, damage %v, want the last records", got, damage)
	}
	if !bytes.HasPrefix([]byte(got[0]), []byte("record ")) {
		t.Errorf("the first record: got %q", got[0])
	}
}
