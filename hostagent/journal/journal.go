package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// ErrClosed answers an Append to a file that is closed.
var ErrClosed = errors.New("the journal is closed")

// File is an open journal. It is safe for concurrent use.
type File struct {
	path    string
	records [][]byte
	written sync.WaitGroup // the goroutine that writes

	mu      sync.Mutex
	waiting []entry
	err     error // nothing is appended any more
	closed  bool
	filled  chan struct{} // holds one value while something may wait

	// Owned by the goroutine that writes.
	medium medium
	seq    uint64
	buffer []byte
}

type entry struct {
	record []byte
	done   func(error)
}

// medium is what is needed of an *os.File, so that a test can let it fail.
type medium interface {
	Write([]byte) (int, error)
	Sync() error
	Close() error
}

// Open opens the journal at path, making it when it is not there, with mode
// 0600: tokens of deals are in it. What a power cut left is cut off. A damaged
// journal is opened to be read: see Err. A journal that another process has
// open is an error.
func Open(path string) (*File, error) { return OpenCompact(path, Compaction{}) }

// OpenCompact is Open for a journal that is made shorter first where it has grown
// too long. One that cannot be made shorter is an error.
func OpenCompact(path string, o Compaction) (*File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	c, err := prepare(file, path)
	if err != nil {
		_ = file.Close() // the first error is the one to tell
		return nil, fmt.Errorf("open the journal %s: %w", path, err)
	}
	file, c, err = o.compact(file, path, c)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("open the journal %s: %w", path, err)
	}
	if c.damage != nil {
		c.damage = fmt.Errorf("the journal %s is damaged at %w: no new deal is begun; check the disk, "+
			"make sure that each guest runs on one host, move the file away and start the agent again", path, c.damage)
	}
	return start(path, file, c), nil
}

func prepare(file *os.File, path string) (content, error) {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return content{}, fmt.Errorf("another process has it open (stop the other agent): %w", err)
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
	}
	if err := file.Sync(); err != nil {
		return content{}, err
	}
	return c, syncDir(filepath.Dir(path))
}

// syncDir makes a new file's name durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func start(path string, m medium, c content) *File {
	f := &File{
		path: path, records: c.records, medium: m, seq: c.last, err: c.damage,
		filled: make(chan struct{}, 1),
	}
	f.written.Go(f.write)
	return f
}

// Records returns what the file held when it was opened, oldest first; up to
// the damage when it is damaged. The caller does not change them.
func (f *File) Records() [][]byte { return f.records }

// Err says why the journal takes no records (any more); nil when it does. The
// text tells a person what to do.
func (f *File) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Append writes a record after those of earlier calls. It does not wait: done
// is called once the record is durable, or with why it is not, in the order of
// the calls, and must not block. It is called from a goroutine of the
// journal's; after Close, by Append itself.
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
	default: // it is told already
	}
}

// Close waits until all that was appended is answered, and closes the file.
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

// write is the goroutine that writes: all that waits, with one sync.
func (f *File) write() {
	for open := true; open; {
		_, open = <-f.filled
		f.mu.Lock()
		batch, err := f.waiting, f.err
		f.waiting = nil
		f.mu.Unlock()
		if len(batch) == 0 {
			continue
		}
		if err == nil {
			if err = f.commit(batch); err != nil {
				err = fmt.Errorf("the journal %s takes no more records: %w; make room or mend the disk, and start the agent again", f.path, err)
				f.mu.Lock()
				f.err = err
				f.mu.Unlock()
			}
		}
		for _, e := range batch {
			e.done(err)
		}
	}
}

func (f *File) commit(batch []entry) error {
	f.buffer = f.buffer[:0]
	for _, e := range batch {
		if len(e.record) > recordMax {
			return fmt.Errorf("a record of %d bytes, more than %d", len(e.record), recordMax)
		}
		f.seq++
		f.buffer = appendRecord(f.buffer, f.seq, e.record)
	}
	if _, err := f.medium.Write(f.buffer); err != nil {
		return err
	}
	return f.medium.Sync()
}
