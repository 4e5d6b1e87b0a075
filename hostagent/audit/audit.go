package audit

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Entry is one thing that happened. Kind is deal (a deal came to a state),
// signed (another host bound itself; Data is what it said, with its signature),
// order (an operator ordered something) or policy (one came into force or was
// refused).
type Entry struct {
	At       time.Time     `json:"at"`
	Kind     string        `json:"kind"`
	Deal     string        `json:"deal,omitempty"` // also the trace id
	Guest    string        `json:"guest,omitempty"`
	Name     string        `json:"name,omitempty"` // the guest's
	Source   string        `json:"source,omitempty"`
	Target   string        `json:"target,omitempty"`
	Side     string        `json:"side,omitempty"`
	State    string        `json:"state,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Operator bool          `json:"operator,omitempty"`
	By       string        `json:"by,omitempty"`   // who gave an order, for people
	UID      *uint32       `json:"uid,omitempty"`  // of who gave an order
	PID      int32         `json:"pid,omitempty"`  // of the process that gave it
	Load     float64       `json:"load,omitempty"` // of this host, share
	Total    time.Duration `json:"total_ns,omitempty"`
	Downtime time.Duration `json:"downtime_ns,omitempty"`
	Bytes    int64         `json:"bytes,omitempty"`
	Ended    bool          `json:"ended,omitempty"` // the state is an end
	Data     []byte        `json:"data,omitempty"`
}

// Options say how much is kept. The zero value keeps a year, at most 200,000
// entries.
type Options struct {
	Most    int           // entries
	KeepFor time.Duration // age
	// Rebuild returns what is known from elsewhere, for a file that has to
	// be made anew. May be nil.
	Rebuild func() []Entry
}

// Store is an open audit. It is safe for concurrent use.
type Store struct {
	o       Options
	db      *bolt.DB
	queue   chan Entry
	dropped atomic.Uint64
	broken  atomic.Bool // a page was not what it should be: the file is left alone
	stop    chan struct{}
	writing sync.WaitGroup
	once    sync.Once
	// Moved is where a damaged file was moved to at Open; "" for none.
	Moved string
}

const (
	queueMax = 4096
	batchMax = 512
	// openWithin is how long another process may hold the file.
	openWithin = 2 * time.Second
)

var (
	bucketEntries = []byte("entries") // sequence to entry
	bucketGuests  = []byte("guests")  // guest, 0, sequence to nothing
	bucketMeta    = []byte("meta")
	keyVersion    = []byte("version")
	version       = []byte("1")
)

// Add keeps an entry. It does not wait: one that does not fit into the queue is
// dropped and counted.
func (s *Store) Add(e Entry) {
	select {
	case s.queue <- e:
	default:
		s.dropped.Add(1)
	}
}

// Dropped is how many entries were lost, because the disk was too slow or
// failed.
func (s *Store) Dropped() uint64 { return s.dropped.Load() }

// Close waits until what was added is written, and closes the file.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.stop) })
	s.writing.Wait()
	if s.broken.Load() {
		return nil // bbolt may wait for ever; the next start makes it anew
	}
	return s.db.Close()
}

// write is the goroutine that writes: what waits, in one transaction.
func (s *Store) write() {
	for {
		select {
		case e := <-s.queue:
			s.commit(s.more([]Entry{e}))
		case <-s.stop:
			for rest := s.more(nil); len(rest) > 0; rest = s.more(nil) {
				s.commit(rest)
			}
			return
		}
	}
}

func (s *Store) more(batch []Entry) []Entry {
	for len(batch) < batchMax {
		select {
		case e := <-s.queue:
			batch = append(batch, e)
		default:
			return batch
		}
	}
	return batch
}

func (s *Store) commit(batch []Entry) {
	if s.broken.Load() {
		s.dropped.Add(uint64(len(batch)))
		return
	}
	err := s.guarded(func() error {
		return s.db.Update(func(tx *bolt.Tx) error {
			for _, e := range batch {
				if err := put(tx, e); err != nil {
					return err
				}
			}
			return s.forget(tx)
		})
	})
	if err != nil {
		s.dropped.Add(uint64(len(batch)))
	}
}

func put(tx *bolt.Tx, e Entry) error {
	entries := tx.Bucket(bucketEntries)
	seq, err := entries.NextSequence()
	if err != nil {
		return err
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	key := binary.BigEndian.AppendUint64(nil, seq)
	if err := entries.Put(key, data); err != nil {
		return err
	}
	for _, name := range []string{e.Guest, e.Name} {
		if name != "" {
			if err := tx.Bucket(bucketGuests).Put(append(append([]byte(name), 0), key...), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// forget drops the oldest entries: those beyond the number, and those that are
// too old.
func (s *Store) forget(tx *bolt.Tx) error {
	entries := tx.Bucket(bucketEntries)
	last := entries.Sequence()
	horizon := time.Now().Add(-s.o.KeepFor)
	var gone [][]byte
	cursor := entries.Cursor()
	for key, data := cursor.First(); key != nil; key, data = cursor.Next() {
		e, err := decode(data)
		if err != nil {
			return err
		}
		if last-binary.BigEndian.Uint64(key) < uint64(s.o.Most) && e.At.After(horizon) {
			break
		}
		// Not here: a cursor that deletes loses its place.
		gone = append(gone, key)
		for _, name := range []string{e.Guest, e.Name} {
			if name != "" {
				if err := tx.Bucket(bucketGuests).Delete(append(append([]byte(name), 0), key...)); err != nil {
					return err
				}
			}
		}
	}
	for _, key := range gone {
		if err := entries.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// guarded is guarded for an open store: after a panic it is used no more.
func (s *Store) guarded(f func() error) error {
	err := guarded(f)
	if errors.Is(err, errPanic) {
		s.broken.Store(true)
	}
	return err
}

var errPanic = errors.New("the audit is damaged")

// guarded makes an error of a panic: bbolt panics where a page is not what it
// should be.
func guarded(f func() error) (err error) {
	// A file that is cut short while it is open faults where it is read.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, fmt.Errorf("%w: %v", errPanic, r))
		}
	}()
	return f()
}
