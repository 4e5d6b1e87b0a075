package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"parley/hostagent/audit"
)

// Open opens the audit at a path, making it when it is not there. A file that
// is damaged, or none of this version, is moved aside and made anew. One that does
// not hold together is kept, with a word in it about that. Where the disk has no room
// for it the store keeps nothing, and Full says so.
func Open(path string, o Options) (*Store, error) {
	if o.Most <= 0 {
		o.Most = 200_000
	}
	if o.Bytes <= 0 {
		o.Bytes = 128 << 20
	}
	if o.KeepFor <= 0 {
		o.KeepFor = 366 * 24 * time.Hour
	}
	s := &Store{
		o: o, path: path, checkpoint: CheckpointPath(path), clock: newClock(),
		quota: quota{entries: o.Most, bytes: o.Bytes, keepFor: o.KeepFor},
		queue: make(chan audit.Entry, queueMax), stop: make(chan struct{}),
	}
	info, err := os.Stat(path)
	isNew := err != nil || info.Size() == 0
	// Read before anything is written: the next checkpoint takes its place.
	copied, unread := beside(s.checkpoint)
	err = s.open()
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("open the audit %s: another process has it open (stop the other agent)", path)
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the audit: %w", err)
	}
	if isFull(err) {
		return s, s.without(err, isNew)
	}
	if err != nil {
		if s.Moved, err = aside(path); err != nil {
			return nil, fmt.Errorf("open the audit %s: it is damaged, and cannot be moved aside: %w", path, err)
		}
		if err = s.open(); isFull(err) {
			return s, s.without(err, true)
		} else if err != nil {
			return nil, fmt.Errorf("open the audit %s: %w", path, err)
		}
	}
	if isNew || s.Moved != "" {
		if o.Rebuild != nil {
			s.commit(o.Rebuild())
		}
	}
	s.examine(copied, unread)
	s.writing.Go(s.write)
	return s, nil
}

// without leaves the audit closed until the next start: there is no room for it, which
// is no damage. What is added is dropped and counted. A file that was only begun is
// removed, so that a later one is made from the journal.
func (s *Store) without(full error, begun bool) error {
	s.Full = fmt.Errorf("open the audit %s: %w", s.path, full)
	s.broken.Store(true)
	if begun {
		if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("open the audit: %w", errors.Join(full, err))
		}
	}
	s.writing.Go(s.write)
	return nil
}

// isFull says whether an error is that of a disk without room.
func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// open opens the file whole, of this version, and no longer than it has to be.
func (s *Store) open() (err error) {
	if s.db, err = openSound(s.path); err != nil {
		return err
	}
	if err = s.upgrade(); err == nil {
		err = s.compact()
	}
	if err != nil {
		_ = guarded(s.db.Close)
	}
	return err
}

// examine looks whether the audit holds together. What does not is told, kept, and
// noted as an entry: the next checkpoint would hide it.
func (s *Store) examine(copied *fullCheckpoint, unread error) {
	r, err := s.verify(copied)
	for _, err := range []error{err, unread} {
		if err != nil {
			r.Faults = append(r.Faults, err.Error())
		}
	}
	s.Faults = r.Faults
	if len(s.Faults) == 0 {
		return
	}
	now := s.clock.now()
	if err := s.guarded(func() error {
		return s.db.Update(func(tx *bolt.Tx) error { return note(tx, now, fresh(s.Faults)) })
	}); err != nil {
		s.Faults = append(s.Faults, err.Error())
	}
	s.commit([]audit.Entry{{At: now, Kind: kindAudit, State: "does not hold together", Reason: strings.Join(s.Faults, "; ")}})
}

// fresh are the faults that were not noted before.
func fresh(faults []string) (list []string) {
	for _, f := range faults {
		if !strings.HasPrefix(f, foundBefore) {
			list = append(list, f)
		}
	}
	return list
}

// aside moves a file that is of no use out of the way, for a person to look at.
func aside(path string) (string, error) {
	moved := fmt.Sprintf("%s.damaged-%d", path, time.Now().Unix())
	return moved, os.Rename(path, moved)
}

// openSound opens a file and looks through all of it.
func openSound(path string) (db *bolt.DB, err error) {
	err = guarded(func() error {
		db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: openWithin})
		if err != nil {
			return err
		}
		// Looked at before anything is written: what is damaged is kept as it is.
		if err := check(db); err != nil {
			return err
		}
		return prepare(db)
	})
	if err != nil && db != nil {
		// It is given up; its lock goes with it.
		_ = guarded(db.Close)
	}
	return db, err
}

func prepare(db *bolt.DB) error {
	fresh := false
	err := db.View(func(tx *bolt.Tx) error {
		fresh = tx.Bucket(bucketMeta) == nil
		return nil
	})
	if err != nil || !fresh {
		return err
	}
	return db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketMeta).Put(keyVersion, version)
	})
}

var buckets = [][]byte{bucketMeta, bucketEntries, bucketGuests, bucketStreams, bucketOrder}

// check looks at every page and reads every entry.
func check(db *bolt.DB) error {
	return db.View(func(tx *bolt.Tx) error {
		var first error
		for err := range tx.Check() {
			first = errors.Join(first, err)
		}
		if first != nil {
			return first
		}
		if tx.Bucket(bucketMeta) == nil {
			return nil // it is new
		}
		return sound(tx)
	})
}

// sound says whether a file is of this version or the one before, and can be read.
func sound(tx *bolt.Tx) error {
	meta := tx.Bucket(bucketMeta)
	if meta == nil {
		return errors.New("it is empty")
	}
	got := meta.Get(keyVersion)
	if bytes.Equal(got, versionBefore) && tx.Bucket(bucketEntries) != nil {
		return tx.Bucket(bucketEntries).ForEach(func(_, data []byte) error {
			_, err := decode(data)
			return err
		})
	}
	for _, name := range buckets {
		if tx.Bucket(name) == nil || !bytes.Equal(got, version) {
			return fmt.Errorf("it is of version %q, this agent reads %q", got, version)
		}
	}
	if _, err := loadChain(tx); err != nil {
		return err
	}
	return tx.Bucket(bucketEntries).ForEach(func(_, data []byte) error {
		_, err := decodeStored(data)
		return err
	})
}
