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

// Open opens the audit at a path, and creates it if it is missing. A file that is
// damaged, or of another version, is moved aside and created again. A file that fails
// verification is kept, with an entry about that. If the disk has no room for the file
// the store keeps nothing, and Full says so.
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
		queue: make(chan *audit.Entry, queueMax), stop: make(chan struct{}),
	}
	info, err := os.Stat(path)
	isNew := err != nil || info.Size() == 0
	// Read before anything is written, because the next checkpoint replaces it.
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

// without leaves the audit closed until the next start: a full disk is not damage.
// Added entries are dropped and counted. An incomplete new file is removed, so that a
// later one is built from the journal.
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

// isFull says whether an error means that the disk is full.
func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// open opens the file, upgrades it to this version, and compacts it if necessary.
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

// examine verifies the audit. Faults are reported, kept, and stored as an entry,
// because the next checkpoint would hide them.
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
	s.commit([]audit.Entry{{At: now, Kind: kindAudit, State: "is inconsistent", Reason: strings.Join(s.Faults, "; ")}})
}

// fresh returns the faults that were not recorded before.
func fresh(faults []string) (list []string) {
	for _, f := range faults {
		if !strings.HasPrefix(f, foundBefore) {
			list = append(list, f)
		}
	}
	return list
}

// aside moves an unusable file out of the way, for a person to look at.
func aside(path string) (string, error) {
	moved := fmt.Sprintf("%s.damaged-%d", path, time.Now().Unix())
	return moved, os.Rename(path, moved)
}

// openSound opens a file and checks all of it.
func openSound(path string) (db *bolt.DB, err error) {
	err = guarded(func() error {
		db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: openWithin})
		if err != nil {
			return err
		}
		// Check before anything is written: a damaged file is kept as it is.
		if err := check(db); err != nil {
			return err
		}
		return prepare(db)
	})
	if err != nil && db != nil {
		// The file is given up; its lock is released.
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

// check checks every page and decodes every entry.
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

// sound says whether a file is of this version or the previous one, and can be decoded.
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
