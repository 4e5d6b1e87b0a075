package journal

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/race"
)

// thousand returns a file of a thousand records, their content and the end of each.
func thousand() (data []byte, records [][]byte, ends []int) {
	data = []byte(magic)
	for i := range 1000 {
		record := []byte(fmt.Sprintf("%x", i*i*i))[:1+i%6%len(fmt.Sprintf("%x", i*i*i))]
		data = appendRecord(data, uint64(i+1), record)
		records, ends = append(records, record), append(ends, len(data))
	}
	return data, records, ends
}

// prefix says whether the records of a file are the first of those that were written,
// and how many.
func prefix(got, want [][]byte) (int, bool) {
	if len(got) > len(want) {
		return 0, false
	}
	for i := range got {
		if !bytes.Equal(got[i], want[i]) {
			return i, false
		}
	}
	return len(got), true
}

// TestEveryTruncation: a file of a thousand records that is truncated anywhere keeps
// every complete record, and is not damaged: what is missing was never answered.
func TestEveryTruncation(t *testing.T) {
	if race.Detector {
		t.Skip("one goroutine")
	}
	data, records, ends := thousand()
	whole := 0
	for length := range len(data) + 1 {
		for whole < len(ends) && ends[whole] <= length {
			whole++
		}
		c := read(data[:length])
		if n, ok := prefix(c.records, records); !ok || n != whole || c.damage != nil {
			t.Fatalf("cut to %d bytes: got %d records (right: %v), damage %v, want the first %d", length, n, ok, c.damage, whole)
		}
	}
}

// TestEveryFlip flips every single bit of a file of a thousand records. Each flip is
// detected, no record before it is lost, and no record is read that was not written.
func TestEveryFlip(t *testing.T) {
	if testing.Short() {
		t.Skip("a quarter of a million flips take some seconds")
	}
	data, records, ends := thousand()
	var flips, missed atomic.Int64
	var workers sync.WaitGroup
	for worker := range 2 {
		workers.Go(func() {
			mine := bytes.Clone(data)
			for at := worker; at < len(mine); at += 2 {
				whole := 0
				for at >= len(magic) && whole < len(ends) && ends[whole] <= at {
					whole++
				}
				for bit := range 8 {
					mine[at] ^= 1 << bit
					c := read(mine)
					mine[at] ^= 1 << bit
					flips.Add(1)
					if n, ok := prefix(c.records, records); !ok || n != whole || c.damage == nil {
						if missed.Add(1) < 10 {
							t.Errorf("bit %d of byte %d: got %d records (right: %v), damage %v, want the first %d and damage", bit, at, n, ok, c.damage, whole)
						}
					}
				}
			}
		})
	}
	workers.Wait()
	t.Logf("%d flips of %d bytes", flips.Load(), len(data))
}

// TestCompact: a journal that has grown too long is compacted when it is opened; the
// numbers of its records continue.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	data, records, _ := thousand()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	keep := Options{Above: 1000, Keep: func(all [][]byte) [][]byte { return all[len(all)-3:] }}
	for range 2 { // the second time there is nothing to do
		f, err := Open(path, keep)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Records(); len(got) < 3 || !bytes.Equal(got[0], records[997]) || f.Err() != nil {
			t.Fatalf("records: got %q, error %v, want the last three", got, f.Err())
		}
		mustAdd(t, f, "next")
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got, damage := reopened(t, path)
	if want := append(texts(records[997:]), "next", "next"); !same(got, want) || damage != nil {
		t.Errorf("afterwards: got %q, damage %v, want %q", got, damage, want)
	}
	if _, err := os.Stat(path + shorter); err == nil {
		t.Error("the file for the shorter journal was left behind")
	}
}

// TestCompactIsCutShort: wherever a power cut interrupts the writing of the shorter
// journal, the old one is complete, and the next opening compacts it again.
func TestCompactIsCutShort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	data, records, _ := thousand()
	keep := Options{Above: 1000, Keep: func(all [][]byte) [][]byte { return all[len(all)-3:] }}
	half := []byte(magic)
	for i, record := range records[997:] {
		half = appendRecord(half, uint64(998+i), record)
	}
	for length := range len(half) + 1 {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+shorter, half[:length], 0o600); err != nil {
			t.Fatal(err)
		}
		if got, damage := reopened(t, path); len(got) != 1000 || damage != nil {
			t.Fatalf("cut after %d bytes: got %d records, damage %v, want all", length, len(got), damage)
		}
		f, err := Open(path, keep)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Records(); len(got) != 3 {
			t.Fatalf("cut after %d bytes and opened again: got %d records, want 3", length, len(got))
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCompactDamaged: a damaged journal is left as it is, for a person to look at.
func TestCompactDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	data, _, _ := thousand()
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, Options{Above: 1, Keep: func([][]byte) [][]byte { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if f.Err() == nil {
		t.Error("got no error of a damaged journal")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
		t.Errorf("the damaged file was changed (error %v)", err)
	}
}
