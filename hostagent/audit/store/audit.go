package store

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/audit"
)

// kindAudit is an entry about the audit itself.
const kindAudit = "audit"

// Options say how much is kept. The zero value keeps a year, at most 200,000 entries
// and 128 MiB of them.
type Options struct {
	Most    int           // entries
	Bytes   int64         // of entries; the file may be about twice as long
	KeepFor time.Duration // age
	Signer  Signer        // of checkpoints
	// Rebuild returns entries known from elsewhere, for a file that must be created
	// again. May be nil.
	Rebuild func() []audit.Entry
	// OnCheckpoint is called with each checkpoint that is written beside the audit. It is
	// called from the store's goroutine and must not block. May be nil.
	OnCheckpoint func(audit.Checkpoint)
}

// Store is an open audit. It is safe for concurrent use.
type Store struct {
	o          Options
	path       string
	checkpoint string // the file beside it
	quota      quota
	clock      clock
	db         *bolt.DB
	queue      chan *audit.Entry
	dropped    atomic.Uint64
	broken     atomic.Bool // bbolt panicked, or Full: the file is not used any more
	stop       chan struct{}
	writing    sync.WaitGroup
	once       sync.Once
	// Moved is where a damaged file was moved to by Open; "" if none was.
	Moved string
	// Full is why nothing is stored until the next start; nil if entries are stored.
	Full error
	// Faults lists the faults that Open found.
	Faults []string

	// Owned by the goroutine that writes.
	last fullCheckpoint
	laid time.Time // when the last checkpoint was written beside the audit
}

const (
	queueMax = 4096
	batchMax = 512
	// openWithin is how long Open waits for another process to release the file.
	openWithin = 2 * time.Second
	// layEvery is how often a checkpoint is written beside the audit while it is open.
	layEvery = 10 * time.Minute
)

var (
	bucketEntries = []byte("entries") // sequence to entry
	bucketGuests  = []byte("guests")  // guest, 0, sequence to nothing
	bucketStreams = []byte("streams") // stream to its head
	bucketOrder   = []byte("order")   // stream, 0, number in it to sequence
	bucketMeta    = []byte("meta")
	keyVersion    = []byte("version")
	keyCheckpoint = []byte("checkpoint")
	keyFaults     = []byte("faults")
	version       = []byte("2")
)

// Add stores an entry. It does not wait: an entry that does not fit into the queue is
// dropped and counted.
func (s *Store) Add(e audit.Entry) {
	select {
	case s.queue <- &e:
	default:
		s.dropped.Add(1)
	}
}

// Dropped returns how many entries were lost because the disk was too slow or failed.
func (s *Store) Dropped() uint64 { return s.dropped.Load() }

// Close waits until all added entries are written, and closes the file.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.stop) })
	s.writing.Wait()
	if s.broken.Load() {
		return nil // bbolt may wait forever; the next start creates the file again
	}
	s.lay()
	return s.db.Close()
}

// write is the writing goroutine: it writes all waiting entries in one transaction.
func (s *Store) write() {
	for {
		select {
		case e := <-s.queue:
			s.commit(s.more([]audit.Entry{*e}))
		case <-s.stop:
			for rest := s.more(nil); len(rest) > 0; rest = s.more(nil) {
				s.commit(rest)
			}
			return
		}
	}
}

func (s *Store) more(batch []audit.Entry) []audit.Entry {
	for len(batch) < batchMax {
		select {
		case e := <-s.queue:
			batch = append(batch, *e)
		default:
			return batch
		}
	}
	return batch
}

func (s *Store) commit(batch []audit.Entry) {
	if s.broken.Load() {
		s.dropped.Add(uint64(len(batch)))
		return
	}
	var marked fullCheckpoint
	err := s.guarded(func() error {
		return s.db.Update(func(tx *bolt.Tx) (err error) {
			marked, err = s.add(tx, batch)
			return err
		})
	})
	if err != nil {
		s.dropped.Add(uint64(len(batch)))
		return
	}
	s.last = marked
	if s.clock.now().Sub(s.laid).Abs() >= layEvery {
		s.lay()
	}
}

// add stores entries, drops those beyond the quota, and signs the resulting state of
// the streams.
func (s *Store) add(tx *bolt.Tx, batch []audit.Entry) (fullCheckpoint, error) {
	c, err := loadChain(tx)
	if err != nil {
		return fullCheckpoint{}, err
	}
	for _, e := range batch {
		if err := c.put(cut(e)); err != nil {
			return fullCheckpoint{}, err
		}
	}
	now := s.clock.time()
	if err := errors.Join(s.quota.age(c, len(batch), now), s.quota.trim(c), c.save()); err != nil {
		return fullCheckpoint{}, err
	}
	return s.o.Signer.mark(c, now)
}

// lay writes the last checkpoint beside the audit. On a failure the previous one
// remains, which is still valid.
func (s *Store) lay() {
	if s.last.Digest == nil || lay(s.checkpoint, s.last) != nil {
		return
	}
	s.laid = s.clock.now()
	if s.o.OnCheckpoint != nil {
		s.o.OnCheckpoint(s.last.Checkpoint)
	}
}

// guarded is the function guarded for an open store: after a panic the store is not
// used any more.
func (s *Store) guarded(f func() error) error {
	err := guarded(f)
	if errors.Is(err, errPanic) {
		s.broken.Store(true)
	}
	return err
}

var errPanic = errors.New("the audit is damaged")

// unusable returns why a broken store answers nothing.
func (s *Store) unusable() error {
	if s.Full != nil {
		return s.Full
	}
	return errPanic
}

// guarded converts a panic to an error: bbolt panics on a damaged page.
func guarded(f func() error) (err error) {
	// A file that is truncated while it is open faults when it is read.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, fmt.Errorf("%w: %v", errPanic, r))
		}
	}()
	return f()
}
