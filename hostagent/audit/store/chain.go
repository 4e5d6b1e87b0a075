package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/audit"
)

// The streams that do not belong to another host.
const (
	streamOrders   = "orders"
	streamDeals    = "deals"
	streamPolicies = "policies"
	hostPrefix     = "host "
)

// streamOf returns the stream of an entry: what another host causes belongs to that
// host's stream.
func streamOf(e audit.Entry) string {
	switch {
	case e.Kind == "signed":
		return hostPrefix + e.Source
	case (e.Kind == "deal" || e.Kind == "outcome") && e.Side == "target" && e.Source != "":
		return hostPrefix + e.Source
	case e.Kind == "deal" || e.Kind == "outcome":
		return streamDeals
	case e.Kind == "order" || e.Kind == kindAudit:
		return streamOrders
	}
	return streamPolicies
}

// stored is an entry as it is in the file, with its position.
type stored struct {
	audit.Entry
	Seq    uint64 `json:"seq"`            // among all entries
	Stream string `json:"stream"`         // that contains the entry
	N      uint64 `json:"n"`              // its number in the stream
	Prev   []byte `json:"prev,omitempty"` // hash of the previous entry in the stream
}

// Head is the state of a stream: its entries up to Pruned are dropped, the last one is
// Last.
type Head struct {
	Stream     string `json:"stream"`
	Pruned     uint64 `json:"pruned"`
	PrunedHash []byte `json:"pruned_hash,omitempty"`
	Last       uint64 `json:"last"`
	LastHash   []byte `json:"last_hash,omitempty"`
	Bytes      int64  `json:"bytes"` // of the stored entries
}

func (h Head) count() int { return int(h.Last - h.Pruned) }

// overhead is roughly what an entry needs beside its text: its keys.
const overhead = 160

func hashOf(data []byte) []byte {
	sum := sha256.Sum256(append([]byte("parley audit entry 1\x00"), data...))
	return sum[:]
}

// chain is the streams of a file within a transaction; save writes the changed heads
// back.
type chain struct {
	tx      *bolt.Tx
	heads   map[string]*Head
	changed map[string]bool
}

// loadChain reads the heads of all streams.
func loadChain(tx *bolt.Tx) (*chain, error) {
	c := &chain{tx: tx, heads: map[string]*Head{}, changed: map[string]bool{}}
	err := tx.Bucket(bucketStreams).ForEach(func(name, data []byte) error {
		h := &Head{}
		if err := json.Unmarshal(data, h); err != nil {
			return fmt.Errorf("the head of the stream %q: %w", name, err)
		}
		c.heads[string(name)] = h
		return nil
	})
	return c, err
}

// names returns the names of the streams, sorted.
func (c *chain) names() []string { return slices.Sorted(maps.Keys(c.heads)) }

func orderKey(stream string, n uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(stream), 0), n)
}

func guestKey(name string, key []byte) []byte { return append(append([]byte(name), 0), key...) }

// put appends an entry to its stream.
func (c *chain) put(e audit.Entry) error {
	entries := c.tx.Bucket(bucketEntries)
	seq, err := entries.NextSequence()
	if err != nil {
		return err
	}
	name := streamOf(e)
	h := c.heads[name]
	if h == nil {
		h = &Head{Stream: name}
		c.heads[name] = h
	}
	data, err := json.Marshal(stored{Entry: e, Seq: seq, Stream: name, N: h.Last + 1, Prev: h.LastHash})
	if err != nil {
		return err
	}
	key := binary.BigEndian.AppendUint64(nil, seq)
	if err := entries.Put(key, data); err != nil {
		return err
	}
	h.Last++
	h.LastHash = hashOf(data)
	h.Bytes += int64(len(data)) + overhead
	c.changed[name] = true
	for _, guest := range []string{e.Guest, e.Name} {
		if guest != "" {
			if err := c.tx.Bucket(bucketGuests).Put(guestKey(guest, key), nil); err != nil {
				return err
			}
		}
	}
	return c.tx.Bucket(bucketOrder).Put(orderKey(name, h.Last), key)
}

// first returns the oldest stored entry of a stream; nil if there is none.
func (c *chain) first(name string) (key, data []byte) {
	h := c.heads[name]
	if h == nil || h.count() == 0 {
		return nil, nil
	}
	key = c.tx.Bucket(bucketOrder).Get(orderKey(name, h.Pruned+1))
	if key == nil {
		return nil, nil
	}
	return key, c.tx.Bucket(bucketEntries).Get(key)
}

// prune drops the oldest entry of a stream. Its hash is kept.
func (c *chain) prune(name string) error {
	h := c.heads[name]
	key, data := c.first(name)
	h.Pruned++
	c.changed[name] = true
	if key == nil || data == nil {
		h.PrunedHash = nil // the entry was removed by someone: Verify reports the gap
		return nil
	}
	// Put and Delete must not modify the memory of a key passed to them.
	key, data = bytes.Clone(key), bytes.Clone(data)
	h.PrunedHash = hashOf(data)
	h.Bytes = max(0, h.Bytes-int64(len(data))-overhead)
	e, err := decode(data)
	if err != nil {
		return err
	}
	for _, guest := range []string{e.Guest, e.Name} {
		if guest != "" {
			if err := c.tx.Bucket(bucketGuests).Delete(guestKey(guest, key)); err != nil {
				return err
			}
		}
	}
	if err := c.tx.Bucket(bucketOrder).Delete(orderKey(name, h.Pruned)); err != nil {
		return err
	}
	return c.tx.Bucket(bucketEntries).Delete(key)
}

// save writes the heads that have changed.
func (c *chain) save() error {
	for _, name := range slices.Sorted(maps.Keys(c.changed)) {
		data, err := json.Marshal(c.heads[name])
		if err != nil {
			return err
		}
		if err := c.tx.Bucket(bucketStreams).Put([]byte(name), data); err != nil {
			return err
		}
	}
	return nil
}

// list returns the heads of all streams, sorted by name.
func (c *chain) list() (list []Head) {
	for _, name := range c.names() {
		list = append(list, *c.heads[name])
	}
	return list
}
