package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Open opens the audit at a path, making it when it is not there. A file that
// is damaged, or none of this version, is moved aside and made anew.
func Open(path string, o Options) (*Store, error) {
	if o.Most <= 0 {
		o.Most = 200_000
	}
	if o.KeepFor <= 0 {
		o.KeepFor = 366 * 24 * time.Hour
	}
	s := &Store{o: o, queue: make(chan Entry, queueMax), stop: make(chan struct{})}
	_, missing := os.Stat(path)
	db, err := sound(path)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("open the audit %s: another process has it open (stop the other agent)", path)
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the audit: %w", err)
	}
	if err != nil {
		if s.Moved, err = aside(path); err != nil {
			return nil, fmt.Errorf("open the audit %s: it is damaged, and cannot be moved aside: %w", path, err)
		}
		if db, err = sound(path); err != nil {
			return nil, fmt.Errorf("open the audit %s: %w", path, err)
		}
	}
	s.db = db
	if (missing != nil || s.Moved != "") && o.Rebuild != nil {
		s.commit(o.Rebuild())
	}
	s.writing.Go(s.write)
	return s, nil
}

// aside moves a file that is of no use out of the way, for a person to look at.
func aside(path string) (string, error) {
	moved := fmt.Sprintf("%s.damaged-%d", path, time.Now().Unix())
	return moved, os.Rename(path, moved)
}

// sound opens a file and looks through all of it.
func sound(path string) (db *bolt.DB, err error) {
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
		for _, name := range [][]byte{bucketMeta, bucketEntries, bucketGuests} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketMeta).Put(keyVersion, version)
	})
}

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
		meta := tx.Bucket(bucketMeta)
		if meta == nil {
			return nil // it is new
		}
		if got := meta.Get(keyVersion); !bytes.Equal(got, version) || tx.Bucket(bucketEntries) == nil || tx.Bucket(bucketGuests) == nil {
			return fmt.Errorf("it is of version %q, this agent reads %q", got, version)
		}
		return tx.Bucket(bucketEntries).ForEach(func(_, data []byte) error {
			_, err := decode(data)
			return err
		})
	})
}
