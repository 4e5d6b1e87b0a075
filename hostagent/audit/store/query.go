package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/audit"
)

// Query returns the matching entries, the latest first. Entries added a moment ago may
// be missing.
func (s *Store) Query(f audit.Filter) (list []audit.Entry, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	if s.broken.Load() {
		return nil, s.unusable()
	}
	err = s.guarded(func() error {
		return s.db.View(func(tx *bolt.Tx) error {
			if f.Guest != "" {
				return ofGuest(tx, f, &list)
			}
			return all(tx, f, &list)
		})
	})
	return list, err
}

func all(tx *bolt.Tx, f audit.Filter, list *[]audit.Entry) error {
	cursor := tx.Bucket(bucketEntries).Cursor()
	for key, data := cursor.Last(); key != nil && len(*list) < f.Limit; key, data = cursor.Prev() {
		e, err := decode(data)
		if err != nil {
			return err
		}
		if f.Passes(e) {
			*list = append(*list, e)
		}
	}
	return nil
}

// ofGuest uses the index of one guest.
func ofGuest(tx *bolt.Tx, f audit.Filter, list *[]audit.Entry) error {
	prefix := append([]byte(f.Guest), 0)
	end := binary.BigEndian.AppendUint64(bytes.Clone(prefix), 1<<63)
	cursor := tx.Bucket(bucketGuests).Cursor()
	key, _ := cursor.Seek(end)
	if key == nil {
		key, _ = cursor.Last()
	} else {
		key, _ = cursor.Prev()
	}
	for ; bytes.HasPrefix(key, prefix) && len(*list) < f.Limit; key, _ = cursor.Prev() {
		e, err := decode(tx.Bucket(bucketEntries).Get(key[len(prefix):]))
		if err != nil {
			return err
		}
		if f.Passes(e) {
			*list = append(*list, e)
		}
	}
	return nil
}

func decodeStored(data []byte) (s stored, err error) {
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("an entry of the audit: %w", err)
	}
	return s, nil
}

func decode(data []byte) (e audit.Entry, err error) {
	if err := json.Unmarshal(data, &e); err != nil {
		return e, fmt.Errorf("an entry of the audit: %w", err)
	}
	return e, nil
}
