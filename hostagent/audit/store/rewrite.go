package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/audit"
	"parley/internal/atomicfile"
)

// versionBefore is the version without streams: such a file is rewritten when it is
// opened.
var versionBefore = []byte("1")

// rewritten is the suffix of the file that replaces the audit.
const rewritten = ".new"

// upgrade rewrites a file of the previous version, whose entries were not chained.
func (s *Store) upgrade() error {
	old := false
	if err := s.db.View(func(tx *bolt.Tx) error {
		old = bytes.Equal(tx.Bucket(bucketMeta).Get(keyVersion), versionBefore)
		return nil
	}); err != nil || !old {
		return err
	}
	return s.rewrite(func(fresh *bolt.DB) error {
		if err := prepare(fresh); err != nil {
			return err
		}
		var batch []audit.Entry
		flush := func() error {
			defer func() { batch = batch[:0] }()
			return fresh.Update(func(tx *bolt.Tx) (err error) {
				s.last, err = s.add(tx, batch)
				return err
			})
		}
		err := s.db.View(func(tx *bolt.Tx) error {
			return tx.Bucket(bucketEntries).ForEach(func(_, data []byte) error {
				e, err := decode(data)
				if err != nil {
					return err
				}
				if batch = append(batch, e); len(batch) < batchMax {
					return nil
				}
				return flush()
			})
		})
		return errors.Join(err, flush())
	})
}

const (
	// compactLeast is the minimum size of a file to compact.
	compactLeast = 1 << 20
	// compactAtOnce is how many bytes are copied in one transaction.
	compactAtOnce = 4 << 20
)

// compact rewrites a file that is half empty, because bbolt never shrinks a file. On a
// failure the file remains in use as it is.
func (s *Store) compact() error {
	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	if info.Size() < compactLeast {
		return nil
	}
	tx, err := s.db.Begin(true) // the free pages are counted when one ends
	if err != nil {
		return err
	}
	used := tx.Size() // the file is longer by what bbolt has prepared for later
	if err := tx.Rollback(); err != nil {
		return err
	}
	if free := int64(s.db.Stats().FreePageN) * int64(s.db.Info().PageSize); free < used/2 {
		return nil
	}
	err = s.rewrite(func(fresh *bolt.DB) error { return bolt.Compact(fresh, s.db, compactAtOnce) })
	if s.db == nil {
		return err
	}
	return nil
}

// rewrite fills a new file and replaces the audit with it. After an error the old file
// is open as before, or db is nil.
func (s *Store) rewrite(fill func(fresh *bolt.DB) error) error {
	path := s.path + rewritten
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	fresh, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: openWithin})
	if err != nil {
		return err
	}
	err = errors.Join(fill(fresh), fresh.Close())
	if err == nil {
		err = os.Rename(path, s.path)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(path))
	}
	if err := s.db.Close(); err != nil {
		return err
	}
	s.db, err = bolt.Open(s.path, 0o600, &bolt.Options{Timeout: openWithin})
	return errors.Join(err, atomicfile.SyncDir(filepath.Dir(s.path)))
}
