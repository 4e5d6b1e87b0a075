// Package shelf keeps the blocks of package past in a directory, in a file for each day.
package shelf

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/hostagent/past"
)

const (
	suffix = ".past"
	layout = "20060102"
)

// Options bound what is kept. The day that is written is always kept.
type Options struct {
	KeepFor time.Duration
	Most    int64 // bytes
}

// Shelf is a directory of blocks. It has a lock, and any goroutine may use it.
type Shelf struct {
	dir     string
	options Options

	mu      sync.Mutex
	encoder past.Encoder
}

// Open opens the directory, and makes it if it is missing. A file whose end was torn by
// a crash is cut after its last whole block; cut says so.
func Open(dir string, o Options) (s *Shelf, cut []string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	s = &Shelf{dir: dir, options: o}
	days, err := s.days()
	if err != nil {
		return nil, nil, err
	}
	for _, d := range days {
		path := s.path(d.name)
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, nil, err
		}
		_, whole, torn := past.Read(data)
		if torn == nil {
			continue
		}
		if err := os.Truncate(path, int64(whole)); err != nil {
			return nil, nil, err
		}
		cut = append(cut, fmt.Sprintf("%s: %d of %d bytes are whole blocks: %v", path, whole, len(data), torn))
	}
	return s, cut, nil
}

// day is one file.
type day struct {
	name  string
	start time.Time
	size  int64
}

func (s *Shelf) path(name string) string { return filepath.Join(s.dir, name) }

// days returns the files, the oldest first. What others put there is left alone.
func (s *Shelf) days() (list []day, err error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		start, err := time.Parse(layout, strings.TrimSuffix(e.Name(), suffix))
		info, gone := e.Info()
		if err == nil && gone == nil && info.Mode().IsRegular() && strings.HasSuffix(e.Name(), suffix) {
			list = append(list, day{e.Name(), start, info.Size()})
		}
	}
	slices.SortFunc(list, func(a, b day) int { return cmp.Compare(a.name, b.name) })
	return list, nil
}

// Append writes a block, and removes the oldest days that are beyond the bounds. After an
// error the file is as it was, as far as the disk allows; the next Open cuts what is torn.
func (s *Shelf) Append(b past.Block) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	frame, err := s.encoder.Append(nil, b)
	if err != nil {
		return err
	}
	name := time.Unix(b.Start, 0).UTC().Format(layout) + suffix
	file, err := os.OpenFile(s.path(name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		if _, err = file.Write(frame); err != nil {
			err = errors.Join(err, file.Truncate(info.Size()))
		}
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return s.rotate(name, time.Unix(b.Start, 0))
}

func (s *Shelf) rotate(written string, now time.Time) error {
	days, err := s.days()
	if err != nil {
		return err
	}
	var size int64
	for _, d := range days {
		size += d.size
	}
	for _, d := range days {
		old := now.Sub(d.start) > s.options.KeepFor+24*time.Hour
		if d.name == written || !old && size <= s.options.Most {
			continue
		}
		if err := os.Remove(s.path(d.name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		size -= d.size
	}
	return nil
}

// Between returns the blocks that begin from one time on and before another, in the order
// in which they were written.
func (s *Shelf) Between(from, to time.Time) (blocks []past.Block, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	days, err := s.days()
	if err != nil {
		return nil, err
	}
	for _, d := range days {
		if !d.start.Before(to) || !d.start.AddDate(0, 0, 1).After(from) {
			continue
		}
		data, err := os.ReadFile(s.path(d.name))
		if err != nil {
			return nil, err
		}
		read, _, _ := past.Read(data) // a torn end is cut by the next Open
		for _, b := range read {
			if start := time.Unix(b.Start, 0); !start.Before(from) && start.Before(to) {
				blocks = append(blocks, b)
			}
		}
	}
	return blocks, nil
}
