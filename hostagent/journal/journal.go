package journal

import (
	"errors"
	"fmt"
	"os"
	"parley/internal/atomicfile"
	"path/filepath"
	"sync"
	"syscall"
)

// ErrClosed answers an Append to a closed file.
var ErrClosed = errors.New("the journal is closed")

// ErrFull answers an Append for which the disk had no room. Later ones are tried again.
var ErrFull = errors.New("the disk is full")

// Options set when a journal is compacted, and what is kept free for it. The zero value
// keeps all records and no reserve.
type Options struct {
	// Above is the size in bytes from which on the journal is compacted; 0: never.
	Above int64
	// Keep returns the records that are still needed, in order. It gets all of them,
	// and is called by Open or from the journal's goroutine.
	Keep func(records [][]byte) [][]byte
	// Reserve is how many bytes are kept free for when the disk is full.
	Reserve int64
	// Room is called with why there is no room to spare, and with "" when there is
	// again. Like Warn it must not block. May be nil.
	Room func(why string)
	// Warn is called with failures that stop nothing. May be nil.
	Warn func(error)
}

// File is an open journal. It is safe for concurrent use.
type File struct {
	path    string
	records [][]byte
	written sync.WaitGroup // the goroutine that writes

	mu      sync.Mutex
	waiting []entry
	err     error // why nothing is appended any more
	closed  bool
	filled  chan struct{} // holds one value while an entry may wait
	again   chan struct{} // holds one value while Retry is pending

	// Owned by the goroutine that writes.
	medium  medium
	size    int64 // of the complete records
	seq     uint64
	buffer  []byte
	short   *compaction
	reserve reserve
	room    func(why string)
	full    bool // there is no room to spare, and room was called
}

type entry struct {
	record []byte
	done   func(error)
}

// medium is the part of *os.File that is used, so that a test can make it fail.
type medium interface {
	Write([]byte) (int, error)
	Sync() error
	Truncate(size int64) error
	Close() error
}

// Open opens the journal at path. It creates the file if it is missing, with mode 0600,
// because it contains tokens of deals. What a power cut left is cut off. A damaged
// journal is opened for reading: see Err. If another process has the journal open, Open
// fails.
func Open(path string, o Options) (*File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	c, err := prepare(file, path)
	if err != nil {
		_ = file.Close() // the first error is the one to return
		return nil, fmt.Errorf("open the journal %s: %w", path, err)
	}
	short := newCompaction(path, o)
	if err := short.tidy(); err != nil {
		short.warn(err)
	}
	if c.damage == nil && short.wanted(c.size) {
		if file, c, err = short.do(file, c); err != nil {
			_ = file.Close()
			return nil, fmt.Errorf("open the journal %s: %w", path, err)
		}
	}
	if c.damage != nil {
		c.damage = fmt.Errorf("the journal %s is damaged at %w: no new deal is begun; check the disk, "+
			"make sure that each guest runs on one host, move the file away and restart the agent", path, c.damage)
	}
	f := newFile(path, file, c)
	f.short, f.reserve = short, reserve{path: path + reserveName, size: o.Reserve}
	if o.Room != nil {
		f.room = o.Room
	}
	if f.err == nil {
		f.look()
	}
	f.written.Go(f.write)
	return f, nil
}

func prepare(file *os.File, path string) (content, error) {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return content{}, fmt.Errorf("another process has it open (stop the other agent): %w", err)
	}
	// Another process may have replaced the file with a shorter one meanwhile.
	if mine, err := file.Stat(); err != nil {
		return content{}, err
	} else if there, err := os.Stat(path); err != nil || !os.SameFile(mine, there) {
		return content{}, errors.New("another process has just replaced it (stop the other agent)")
	}
	if err := file.Chmod(0o600); err != nil {
		return content{}, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return content{}, err
	}
	c := read(data)
	if c.damage != nil || c.size == int64(len(data)) && c.size > 0 {
		return c, nil
	}
	if err := file.Truncate(c.size); err != nil {
		return content{}, fmt.Errorf("cut off a record that was not written whole: %w", err)
	}
	if c.size == 0 {
		if _, err := file.WriteString(magic); err != nil {
			return content{}, err
		}
		c.size = int64(len(magic))
	}
	if err := file.Sync(); err != nil {
		return content{}, err
	}
	return c, atomicfile.SyncDir(filepath.Dir(path))
}

func newFile(path string, m medium, c content) *File {
	return &File{
		path: path, records: c.records, medium: m, size: c.size, seq: c.last, err: c.damage,
		filled: make(chan struct{}, 1), again: make(chan struct{}, 1),
		short: newCompaction(path, Options{}), room: func(string) {},
	}
}

// Records returns what the file contained when it was opened, oldest first, up to the
// damage if it is damaged. The caller must not change them.
func (f *File) Records() [][]byte { return f.records }

// Err returns why the journal takes no records (any more); nil if it does. The text
// tells a person what to do.
func (f *File) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Append writes a record after those of earlier calls. It does not wait: done is called
// once the record is durable, or with why it is not, in the order of the calls, and
// must not block. It is called from a goroutine of the journal; after Close, by Append
// itself.
func (f *File) Append(record []byte, done func(error)) {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		done(ErrClosed)
		return
	}
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, entry{record, done})
	select {
	case f.filled <- struct{}{}:
	default: // signalled already
	}
}

// Retry makes the journal check whether there is room again, if there was none. It does
// not wait.
func (f *File) Retry() {
	select {
	case f.again <- struct{}{}:
	default: // pending already
	}
}

// Close waits until all appended records are answered, and closes the file.
func (f *File) Close() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil
	}
	f.closed = true
	close(f.filled)
	f.mu.Unlock()
	f.written.Wait()
	if err := f.medium.Close(); err != nil {
		return fmt.Errorf("close the journal %s: %w", f.path, err)
	}
	return nil
}

// write is the writing goroutine: it writes all waiting records with one sync.
func (f *File) write() {
	for open := true; open; {
		select {
		case _, open = <-f.filled:
		case <-f.again:
			if f.full && f.Err() == nil {
				f.look()
			}
			continue
		}
		f.mu.Lock()
		batch, err := f.waiting, f.err
		f.waiting = nil
		f.mu.Unlock()
		if len(batch) == 0 {
			continue
		}
		if err == nil {
			err = f.commit(batch)
		}
		for _, e := range batch {
			e.done(err)
		}
		if err == nil && f.short.wanted(f.size) {
			f.shorten()
		}
	}
}

// commit makes a batch durable. If there is no room it releases the reserve and tries
// once more.
func (f *File) commit(batch []entry) error {
	f.buffer = f.buffer[:0]
	seq := f.seq
	var err error
	for _, e := range batch {
		if len(e.record) > recordMax {
			return f.fail(fmt.Errorf("a record of %d bytes, more than %d", len(e.record), recordMax))
		}
		seq++
		f.buffer = appendRecord(f.buffer, seq, e.record)
	}
	if err = f.put(); errors.Is(err, ErrFull) {
		released := f.reserve.release()
		f.reportRoom(fmt.Sprintf("%v: make room in %s; what is in flight is still recorded as far as it fits", err, filepath.Dir(f.path)))
		if released {
			err = f.put()
		}
	}
	switch {
	case errors.Is(err, ErrFull):
		return fmt.Errorf("the journal %s: %w; make room", f.path, err)
	case err != nil:
		return f.fail(err)
	}
	f.seq = seq
	f.size += int64(len(f.buffer))
	return nil
}

// put writes the buffer and syncs. If the disk is full, the part written is cut off
// again.
func (f *File) put() error {
	_, err := f.medium.Write(f.buffer)
	switch {
	case err == nil:
		return f.medium.Sync()
	case !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EDQUOT):
		return err
	}
	if cut := f.medium.Truncate(f.size); cut != nil {
		return fmt.Errorf("%w, and what was written of a record is not cut off: %w", err, cut)
	}
	return fmt.Errorf("%w: %w", ErrFull, err)
}

// fail records that nothing is appended any more.
func (f *File) fail(err error) error {
	err = fmt.Errorf("the journal %s takes no more records: %w; make room or repair the disk, and restart the agent", f.path, err)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
	return err
}

// look tries to take the reserve again, and reports the outcome to room.
func (f *File) look() {
	if err := f.reserve.take(); err != nil {
		f.reportRoom(fmt.Sprintf("there is no room to spare for the journal: %v", err))
		return
	}
	if f.full {
		f.full = false
		f.room("")
	}
}

// reportRoom reports once that there is no room.
func (f *File) reportRoom(why string) {
	if !f.full {
		f.full = true
		f.room(why)
	}
}

// shorten compacts the journal while it is open.
func (f *File) shorten() {
	file, ok := f.medium.(*os.File)
	if !ok {
		return
	}
	data, err := os.ReadFile(f.path)
	c := read(data)
	if err == nil && (c.damage != nil || c.size != f.size) {
		err = errors.Join(fmt.Errorf("it cannot be read back as written: %d bytes are good of %d", c.size, f.size), c.damage)
	}
	if err != nil {
		f.short.next = 2 * f.size
		f.short.warn(fmt.Errorf("make the journal %s shorter: %w; it stays as it is", f.path, err))
		return
	}
	file, c, err = f.short.do(file, c)
	f.medium, f.size = file, c.size
	if err != nil {
		f.short.warn(f.fail(err))
	}
}
