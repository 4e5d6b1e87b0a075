package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Compaction says when a journal is made shorter at its opening, and what is
// kept of it. The zero value keeps all.
type Compaction struct {
	// Above is the size in bytes from which on a journal is made shorter;
	// 0: never.
	Above int64
	// Keep returns the records that still matter, in their order. It is given
	// all of them.
	Keep func(records [][]byte) [][]byte
}

// shorter is where the records that are kept are written before they replace
// the journal.
const shorter = ".new"

// compact writes what is kept of a journal into a file of its own, durably, and
// only then puts it in the journal's place: a power cut at any moment leaves
// the one or the other, whole. It returns the file that is the journal now.
func (o Compaction) compact(file *os.File, path string, c content) (*os.File, content, error) {
	if o.Above <= 0 || o.Keep == nil || c.damage != nil || c.size < o.Above {
		return file, c, nil
	}
	kept := o.Keep(c.records)
	if len(kept) >= len(c.records) {
		return file, c, nil
	}
	data := []byte(magic)
	// The last record keeps its number, so that numbers go on.
	seq := c.last - uint64(len(kept))
	for _, record := range kept {
		seq++
		data = appendRecord(data, seq, record)
	}
	fresh, err := replace(path, data)
	if err != nil {
		return file, c, fmt.Errorf("make the journal shorter: %w", err)
	}
	// The old file is nobody's any more, its lock goes with it.
	_ = file.Close()
	return fresh, content{records: kept, size: int64(len(data)), last: seq}, nil
}

// replace puts a file with this content in the place of another, durably.
func replace(path string, data []byte) (_ *os.File, err error) {
	// What an earlier attempt left is of no use.
	if err := os.Remove(path + shorter); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path+shorter, os.O_RDWR|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
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
	if err := file.Sync(); err != nil {
		return nil, err
	}
	if err := os.Rename(path+shorter, path); err != nil {
		return nil, err
	}
	return file, syncDir(filepath.Dir(path))
}
