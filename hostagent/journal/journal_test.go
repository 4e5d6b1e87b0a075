package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/race"
)

// add appends records and waits until each is answered.
func add(t *testing.T, f *File, records ...string) (errs []error) {
	t.Helper()
	answers := make(chan error, len(records))
	for _, r := range records {
		f.Append([]byte(r), func(err error) { answers <- err })
	}
	for range records {
		errs = append(errs, <-answers)
	}
	return errs
}

func mustAdd(t *testing.T, f *File, records ...string) {
	t.Helper()
	if err := errors.Join(add(t, f, records...)...); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func reopened(t *testing.T, path string) (records []string, damage error) {
	t.Helper()
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	return texts(f.Records()), f.Err()
}

func texts(records [][]byte) []string {
	list := make([]string, len(records))
	for i, r := range records {
		list[i] = string(r)
	}
	return list
}

func same(a, b []string) bool { return fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b) }

var sample = []string{"offered", "", "armed\x00\x00", strings.Repeat("long ", 130), "done"}

// sampleFile returns a file with the sample records, and the end of each.
func sampleFile() (data []byte, ends []int) {
	data = []byte(magic)
	for i, r := range sample {
		data = appendRecord(data, uint64(i+1), []byte(r))
		ends = append(ends, len(data))
	}
	return data, ends
}

func TestAppendAndReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	f := open(t, path)
	if got := f.Records(); len(got) != 0 {
		t.Errorf("records of a new journal: got %q, want none", got)
	}
	mustAdd(t, f, sample[:3]...)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = open(t, path)
	if got := texts(f.Records()); !same(got, sample[:3]) {
		t.Errorf("records: got %q, want %q", got, sample[:3])
	}
	mustAdd(t, f, sample[3:]...)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got, damage := reopened(t, path); !same(got, sample) || damage != nil {
		t.Errorf("records: got %q with error %v, want %q", got, damage, sample)
	}
	want, _ := sampleFile()
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("file: got %q, error %v, want %q", got, err, want)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode: got %o, want 600", got)
	}
}

// TestTruncated: wherever a power cut truncates the file, every complete record is
// kept, the rest is cut off, and the next record can be read back.
func TestTruncated(t *testing.T) {
	data, ends := sampleFile()
	path := filepath.Join(t.TempDir(), "journal")
	for length := range len(data) + 1 {
		if err := os.WriteFile(path, data[:length], 0o600); err != nil {
			t.Fatal(err)
		}
		whole := 0
		for whole < len(ends) && ends[whole] <= length {
			whole++
		}
		f, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(f.Records()); !same(got, sample[:whole]) || f.Err() != nil {
			t.Fatalf("cut to %d bytes: got records %q with error %v, want %q", length, got, f.Err(), sample[:whole])
		}
		mustAdd(t, f, "next")
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		want := append(append([]string(nil), sample[:whole]...), "next")
		if got, damage := reopened(t, path); !same(got, want) || damage != nil {
			t.Fatalf("cut to %d bytes and appended to: got %q with error %v, want %q", length, got, damage, want)
		}
	}
}

// TestFlipped: every single flipped bit is detected, and no valid record before it is
// lost.
func TestFlipped(t *testing.T) {
	data, ends := sampleFile()
	for at := range data {
		for bit := range 8 {
			flipped := bytes.Clone(data)
			flipped[at] ^= 1 << bit
			c := read(flipped)
			if c.damage == nil {
				t.Errorf("bit %d of byte %d: got no damage, want it noticed", bit, at)
			}
			whole := 0
			for whole < len(ends) && at >= len(magic) && ends[whole] <= at {
				whole++
			}
			if got := texts(c.records); !same(got, sample[:whole]) {
				t.Errorf("bit %d of byte %d: got records %q, want %q", bit, at, got, sample[:whole])
			}
		}
	}
}

// TestZeros: a file system may have extended a file before its data was on the disk.
func TestZeros(t *testing.T) {
	data, ends := sampleFile()
	for at := range data {
		if at > ends[2] && at%sectorBytes != 0 {
			continue // within a sector all or nothing is written
		}
		holed := append(bytes.Clone(data[:at]), make([]byte, len(data)-at)...)
		if at < len(magic) {
			continue // a journal is created and synced before it is used
		}
		c := read(holed)
		onBorder := at%sectorBytes == 0
		for _, end := range append(ends, len(magic)) {
			onBorder = onBorder || end == at
		}
		if onBorder && c.damage != nil {
			t.Errorf("zeros from byte %d on: got %v, want them cut off", at, c.damage)
		}
		if int64(at) < c.size {
			t.Errorf("zeros from byte %d on: got %d good bytes, want no more than that", at, c.size)
		}
	}
}

func TestDamaged(t *testing.T) {
	if race.Detector {
		t.Skip("one goroutine")
	}
	data, ends := sampleFile()
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"another file":  {[]byte("#!/bin/sh\nexit 0\n"), "it does not begin with"},
		"middle record": {flip(data, ends[1]+headerBytes), "after 2 good records: a record does not match its checksum"},
		"length":        {flip(data, ends[1]), "after 2 good records: the header of a record does not match"},
		"last record":   {flip(data, len(data)-2), "after 4 good records: a record does not match its checksum"},
		"gap":           {append(bytes.Clone(data[:ends[0]]), data[ends[1]:]...), "record 3 follows record 1"},
		"twice":         {append(bytes.Clone(data), data[ends[0]:]...), "record 2 follows record 5"},
		"too long":      {append(bytes.Clone(data), appendRecord(nil, 6, make([]byte, recordMax+1))...), "a record of 1048577 bytes"},
		"junk":          {append(bytes.Clone(data), strings.Repeat("junk", 9)...), "the header of a record does not match"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal")
			if err := os.WriteFile(path, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			f := open(t, path)
			if err := f.Err(); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "move the file away") {
				t.Errorf("Err: got %v, want one that says %q and what to do", err, c.want)
			}
			if err := add(t, f, "new")[0]; err == nil || err.Error() != f.Err().Error() {
				t.Errorf("Append: got error %v, want %v", err, f.Err())
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, c.data) {
				t.Errorf("file afterwards: got %d bytes, error %v, want it untouched", len(got), err)
			}
		})
	}
}

func flip(data []byte, at int) []byte {
	data = bytes.Clone(data)
	data[at] ^= 0x10
	return data
}

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	open(t, path)
	if f, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "another process has it open") {
		t.Errorf("Open of a journal that is open: got %v, error %v, want one that says so", f, err)
	}
}

func TestOpenNowhere(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "missing", "journal"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open in a directory that is not there: got error %v, want %v", err, os.ErrNotExist)
	}
}
