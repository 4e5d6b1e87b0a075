package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/audit"
)

// foundBefore is the prefix of a fault that an agent found when it opened the file.
const foundBefore = "found at "

// faultsMost bounds the faults reported for one audit.
const faultsMost = 50

func (r *verification) fault(format string, args ...any) {
	if len(r.Faults) < faultsMost {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}

// verification is a report in progress.
type verification struct{ audit.Report }

// link is how far a stream has been verified.
type link struct {
	n    uint64
	hash []byte
}

// verify verifies all chains of a file. It repeats faults found earlier, because an
// agent continues with an audit that fails verification.
func verify(tx *bolt.Tx, s Signer, copied *fullCheckpoint) (audit.Report, error) {
	r := verification{audit.Report{Faults: []string{}}}
	c, err := loadChain(tx)
	if err != nil {
		return r.Report, err
	}
	earlier, err := faultsIn(tx)
	if err != nil {
		return r.Report, err
	}
	for _, f := range earlier {
		r.fault(foundBefore+"%s: %s", stamp(f.At), f.Text)
	}
	links := map[string]*link{}
	for name, h := range c.heads {
		links[name] = &link{h.Pruned, h.PrunedHash}
		r.Forgotten += h.Pruned
	}
	r.Streams = len(c.heads)
	if err := tx.Bucket(bucketEntries).ForEach(func(key, data []byte) error {
		r.Entries++
		return r.follow(links, binary.BigEndian.Uint64(key), data)
	}); err != nil {
		return r.Report, err
	}
	for _, name := range c.names() {
		h, l := c.heads[name], links[name]
		switch {
		case l.n != h.Last:
			r.fault("%s: the entries %d to %d are missing", name, l.n+1, h.Last)
		case !bytes.Equal(l.hash, h.LastHash):
			r.fault("%s: the entry %d was changed", name, h.Last)
		}
	}
	if r.Checkpoint, err = inFile(tx); err != nil {
		return r.Report, err
	}
	if r.Checkpoint == nil {
		if r.Entries > 0 {
			r.fault("there is no checkpoint")
		}
	} else if why := s.why(*r.Checkpoint, c.list()); why != "" {
		r.fault("%s", why)
	}
	r.compare(tx, c, s, copied)
	return r.Report, nil
}

// follow verifies the link of one entry.
func (r *verification) follow(links map[string]*link, seq uint64, data []byte) error {
	e, err := decodeStored(data)
	if err != nil {
		return err
	}
	if e.Seq != seq {
		r.fault("the entry %d is in the place of the entry %d", e.Seq, seq)
	}
	l := links[e.Stream]
	if l == nil {
		l = &link{}
		links[e.Stream] = l
		r.fault("%s: nothing says how far this stream goes", e.Stream)
	}
	switch {
	case e.N > l.n+1:
		r.fault("%s: the entries %d to %d are missing", e.Stream, l.n+1, e.N-1)
	case e.N <= l.n:
		r.fault("%s: the entry %d stands behind the entry %d", e.Stream, e.N, l.n)
	case !bytes.Equal(e.Prev, l.hash):
		r.fault("%s: the entry %d, or the one before it, was changed", e.Stream, e.N)
	}
	l.n, l.hash = e.N, hashOf(data)
	return nil
}

// compare compares a file with the checkpoint beside it, or with one from elsewhere.
func (r *verification) compare(tx *bolt.Tx, c *chain, s Signer, copied *fullCheckpoint) {
	if copied == nil {
		return
	}
	if why := s.why(copied.Checkpoint, copied.Heads); why != "" {
		r.fault("beside the audit: %s", why)
		return
	}
	at := stamp(copied.At)
	for _, was := range copied.Heads {
		h := c.heads[was.Stream]
		switch {
		case was.Last == 0:
		case h == nil || h.Last < was.Last:
			r.fault("%s: the audit is older than the checkpoint of %s, or was cut: its entry %d is not there", was.Stream, at, was.Last)
		case h.Pruned == was.Last && !bytes.Equal(h.PrunedHash, was.LastHash):
			r.fault("%s: the entry %d is not the one of the checkpoint of %s", was.Stream, was.Last, at)
		case h.Pruned < was.Last:
			data := tx.Bucket(bucketEntries).Get(tx.Bucket(bucketOrder).Get(orderKey(was.Stream, was.Last)))
			if data == nil || !bytes.Equal(hashOf(data), was.LastHash) {
				r.fault("%s: the entry %d is not the one of the checkpoint of %s", was.Stream, was.Last, at)
			}
		}
	}
}

// noted is a fault that an agent found when it opened the file.
type noted struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// notedMost bounds how many of them are kept.
const notedMost = 16

func faultsIn(tx *bolt.Tx) (list []noted, err error) {
	if data := tx.Bucket(bucketMeta).Get(keyFaults); data != nil {
		err = json.Unmarshal(data, &list)
	}
	return list, err
}

// note stores faults, because the next checkpoint would hide them.
func note(tx *bolt.Tx, at time.Time, faults []string) error {
	list, err := faultsIn(tx)
	if err != nil {
		return err
	}
	for _, f := range faults {
		known := slices.ContainsFunc(list, func(n noted) bool { return n.Text == f })
		if len(list) < notedMost && !known {
			list = append(list, noted{at, f})
		}
	}
	data, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return tx.Bucket(bucketMeta).Put(keyFaults, data)
}

// Verify verifies the audit, as far as it is written.
func (s *Store) Verify() (r audit.Report, err error) {
	copied, err := beside(s.checkpoint)
	if err != nil {
		return r, err
	}
	return s.verify(copied)
}

func (s *Store) verify(copied *fullCheckpoint) (r audit.Report, err error) {
	if s.broken.Load() {
		return r, s.unusable()
	}
	err = s.guarded(func() error {
		return s.db.View(func(tx *bolt.Tx) error {
			r, err = verify(tx, s.o.Signer, copied)
			return err
		})
	})
	return r, err
}

// VerifyFile verifies an audit that no agent has open. If the checkpoint file exists
// the audit is compared with it.
func VerifyFile(path, checkpoint string, s Signer) (r audit.Report, err error) {
	copied, err := beside(checkpoint)
	if err != nil {
		return r, err
	}
	err = guarded(func() error {
		db, err := bolt.Open(path, 0o400, &bolt.Options{Timeout: openWithin, ReadOnly: true})
		if err != nil {
			return fmt.Errorf("open the audit %s (while its agent runs, ask the agent): %w", path, err)
		}
		defer func() { _ = db.Close() }() // it was only read
		return db.View(func(tx *bolt.Tx) error {
			if err := sound(tx); err != nil {
				return err
			}
			r, err = verify(tx, s, copied)
			return err
		})
	})
	return r, err
}
