package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"parley/internal/atomicfile"
	"path/filepath"
	"syscall"
)

// shorter is the suffix of the file to which the kept records are written before it
// replaces the journal.
const shorter = ".new"

// compaction shortens a journal that has grown too long. The zero value never does.
type compaction struct {
	path  string
	above int64
	keep  func(records [][]byte) [][]byte
	warn  func(error)
	next  int64 // the size from which on it is tried next
}

func newCompaction(path string, o Options) *compaction {
	c := &compaction{path: path, above: o.Above, keep: o.Keep, warn: o.Warn, next: o.Above}
	if c.keep == nil {
		c.above = 0
	}
	if c.warn == nil {
		c.warn = func(error) {}
	}
	return c
}

// wanted says whether a journal of this size is to be compacted now.
func (o *compaction) wanted(size int64) bool { return o.above > 0 && size >= o.next }

// do compacts a journal, and returns the file that is the journal now. If the long
// journal remains in place, the failure is only reported to warn. An error means that
// it is unknown which of the two files would survive a power cut.
func (o *compaction) do(file *os.File, c content) (*os.File, content, error) {
	o.next = 2 * c.size
	kept := o.keep(c.records)
	if len(kept) >= len(c.records) {
		return file, c, nil
	}
	data := []byte(magic)
	// The last record keeps its number, so that the numbers continue.
	seq := c.last - uint64(len(kept))
	for _, record := range kept {
		seq++
		data = appendRecord(data, seq, record)
	}
	fresh, err := o.prepare(data)
	if err == nil {
		if err = os.Rename(o.path+shorter, o.path); err != nil {
			err = errors.Join(err, fresh.Close())
		}
	}
	if err != nil {
		o.warn(fmt.Errorf("make the journal %s shorter: %w; it stays as it is", o.path, errors.Join(err, o.tidy())))
		return file, c, nil
	}
	// The old file is unlinked; its lock goes with it.
	_ = file.Close()
	o.next = max(o.above, 2*int64(len(data)))
	c = content{records: kept, size: int64(len(data)), last: seq}
	return fresh, c, atomicfile.SyncDir(filepath.Dir(o.path))
}

// tidy removes what a failed or interrupted attempt has left.
func (o *compaction) tidy() error {
	if err := os.Remove(o.path + shorter); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// prepare writes a file with this content durably, beside the journal.
func (o *compaction) prepare(data []byte) (_ *os.File, err error) {
	if err := o.tidy(); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(o.path+shorter, os.O_RDWR|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close())
		}
	}()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, err
	}
	if _, err := file.Write(data); err != nil {
		return nil, err
	}
	return file, file.Sync()
}
