package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/audit"
)

// hostSigner signs with a hash that only it knows.
func hostSigner(host string) Signer {
	sign := func(of string, text []byte) []byte {
		sum := sha256.Sum256(append([]byte("secret of "+of), text...))
		return sum[:]
	}
	return Signer{
		Host: host,
		Sign: func(text []byte) []byte { return sign(host, text) },
		Verify: func(of string, text, signature []byte) bool {
			return bytes.Equal(sign(of, text), signature)
		},
	}
}

// kept is an audit with orders and deals of this host and of two others, some of them
// dropped.
func kept(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "audit.db")
	s := open(t, path, Options{Most: 40, Signer: hostSigner("h1")})
	for i := range 60 {
		e := audit.Entry{At: noon.Add(time.Duration(i) * time.Second), Deal: fmt.Sprint("d", i), Kind: "deal", Source: "h1", Side: "source",
			Guest: "web"}
		switch i % 3 {
		case 1:
			e = audit.Entry{At: e.At, Kind: "signed", Source: fmt.Sprint("h", 2+i%2), Data: []byte("said")}
		case 2:
			e = audit.Entry{At: e.At, Kind: "order", State: "pause", By: "alice"}
		}
		s.Add(e)
	}
	closed(t, s)
	if r := verified(t, path); len(r.Faults) > 0 || r.Entries != 40 || r.Forgotten != 20 {
		t.Fatalf("untouched: got %+v, want 40 entries, 20 forgotten and no fault", r)
	}
	return path
}

func verified(t *testing.T, path string) audit.Report {
	t.Helper()
	r, err := VerifyFile(path, CheckpointPath(path), hostSigner("h1"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// edit changes a file as someone without the key could.
func edit(t *testing.T, path string, change func(tx *bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(change); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// nth returns the key and the text of the nth stored entry of a stream, from the
// oldest.
func nth(t *testing.T, tx *bolt.Tx, stream string, n int) (key, data []byte) {
	t.Helper()
	cursor := tx.Bucket(bucketEntries).Cursor()
	for key, data := cursor.First(); key != nil; key, data = cursor.Next() {
		s, err := decodeStored(data)
		if err != nil {
			t.Fatal(err)
		}
		if s.Stream != stream {
			continue
		}
		if n == 0 {
			return bytes.Clone(key), bytes.Clone(data)
		}
		n--
	}
	t.Fatalf("the stream %s has no such entry", stream)
	return nil, nil
}

// Every change of an audit without the host's key is detected, and the report says
// where.
func TestTampered(t *testing.T) {
	entries := func(tx *bolt.Tx) *bolt.Bucket { return tx.Bucket(bucketEntries) }
	remove := func(stream string, n int) func(t *testing.T, tx *bolt.Tx) error {
		return func(t *testing.T, tx *bolt.Tx) error {
			key, _ := nth(t, tx, stream, n)
			return entries(tx).Delete(key)
		}
	}
	rewriteHead := func(tx *bolt.Tx, stream string, change func(h *Head)) error {
		h := &Head{}
		if err := json.Unmarshal(tx.Bucket(bucketStreams).Get([]byte(stream)), h); err != nil {
			return err
		}
		change(h)
		data, err := json.Marshal(h)
		if err != nil {
			return err
		}
		return tx.Bucket(bucketStreams).Put([]byte(stream), data)
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, tx *bolt.Tx) error
		want   string
	}{
		"an order is changed": {func(t *testing.T, tx *bolt.Tx) error {
			key, data := nth(t, tx, "orders", 3)
			return entries(tx).Put(key, bytes.Replace(data, []byte("alice"), []byte("mallo"), 1))
		}, "or the one before it, was changed"},
		"the last order is changed": {func(t *testing.T, tx *bolt.Tx) error {
			h := &Head{}
			if err := json.Unmarshal(tx.Bucket(bucketStreams).Get([]byte("orders")), h); err != nil {
				return err
			}
			key, data := nth(t, tx, "orders", h.count()-1)
			return entries(tx).Put(key, bytes.Replace(data, []byte("alice"), []byte("mallo"), 1))
		}, "was changed"},
		"an order is removed":      {remove("orders", 3), "are missing"},
		"what a host said is gone": {remove("host h2", 2), "host h2: the entries"},
		"the first is removed":     {remove("deals", 0), "deals: the entries"},
		"two are exchanged": {func(t *testing.T, tx *bolt.Tx) error {
			a, first := nth(t, tx, "orders", 1)
			b, second := nth(t, tx, "orders", 2)
			if err := entries(tx).Put(a, second); err != nil {
				return err
			}
			return entries(tx).Put(b, first)
		}, "is in the place of"},
		"two of two streams are exchanged": {func(t *testing.T, tx *bolt.Tx) error {
			a, first := nth(t, tx, "orders", 2)
			b, second := nth(t, tx, "deals", 2)
			if err := entries(tx).Put(a, second); err != nil {
				return err
			}
			return entries(tx).Put(b, first)
		}, "is in the place of"},
		"one is invented": {func(t *testing.T, tx *bolt.Tx) error {
			data, err := json.Marshal(stored{Entry: audit.Entry{Kind: "order"}, Seq: 61, Stream: "orders", N: 21})
			if err != nil {
				return err
			}
			return entries(tx).Put(binary.BigEndian.AppendUint64(nil, 61), data)
		}, "orders:"},
		"the tail is cut, and the head with it": {func(t *testing.T, tx *bolt.Tx) error {
			_, before := nth(t, tx, "orders", 3)
			for range 100 {
				key, data := entries(tx).Cursor().Last()
				if s, err := decodeStored(data); err != nil || s.Seq == 0 {
					return err
				} else if s.Stream == "orders" && bytes.Equal(data, before) {
					break
				} else if s.Stream != "orders" {
					break
				}
				if err := entries(tx).Delete(bytes.Clone(key)); err != nil {
					return err
				}
			}
			return rewriteHead(tx, "orders", func(h *Head) { h.Last--; h.LastHash = nil })
		}, "do not match the checkpoint"},
		"forgotten by hand, with a head that says so": {func(t *testing.T, tx *bolt.Tx) error {
			key, data := nth(t, tx, "host h3", 0)
			if err := entries(tx).Delete(key); err != nil {
				return err
			}
			return rewriteHead(tx, "host h3", func(h *Head) { h.Pruned++; h.PrunedHash = hashOf(data) })
		}, "do not match the checkpoint"},
		"a checkpoint by somebody else": {func(t *testing.T, tx *bolt.Tx) error {
			c, err := loadChain(tx)
			if err != nil {
				return err
			}
			other := hostSigner("mallory")
			other.Host = "h1"
			_, err = other.mark(c, noon)
			return err
		}, "is not signed by the host"},
	} {
		t.Run(name, func(t *testing.T) {
			path := kept(t)
			edit(t, path, func(tx *bolt.Tx) error { return c.change(t, tx) })
			r := verified(t, path)
			if len(r.Faults) == 0 || !strings.Contains(strings.Join(r.Faults, "\n"), c.want) {
				t.Fatalf("got %q, want %q among them", r.Faults, c.want)
			}
			// An agent that continues with the file reports the faults, and does not
			// hide them.
			s := open(t, path, Options{Most: 40, Signer: hostSigner("h1")})
			if len(s.Faults) == 0 {
				t.Error("the agent that opened it noticed nothing")
			}
			for range 100 {
				s.Add(audit.Entry{At: noon, Kind: "order", State: "resume"})
			}
			closed(t, s)
			if r := verified(t, path); len(r.Faults) == 0 || !strings.HasPrefix(r.Faults[0], foundBefore) {
				t.Errorf("after the agent has gone on: got %q, want what was found before", r.Faults)
			}
		})
	}
}

// An older copy of the audit does not match the checkpoint beside it.
func TestRestored(t *testing.T) {
	path := kept(t)
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, path, Options{Most: 40, Signer: hostSigner("h1")})
	s.Add(audit.Entry{At: noon, Kind: "order", State: "drain"})
	closed(t, s)
	if r := verified(t, path); len(r.Faults) != 0 {
		t.Fatalf("before: got %q", r.Faults)
	}
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, path); len(r.Faults) == 0 || !strings.Contains(r.Faults[0], "is older than the checkpoint") {
		t.Errorf("an older copy: got %q, want that it is older", r.Faults)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{Most: 40, Signer: hostSigner("h1")})
	if len(s.Faults) == 0 {
		t.Error("an audit that was taken away and begun anew: nothing is told")
	}
	closed(t, s)
}

// An audit of the previous version is upgraded, keeps its order, and is then chained.
func TestUpgrade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.db")
	edit(t, path, func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketEntries, bucketGuests} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		for i := range 1200 {
			data, err := json.Marshal(audit.Entry{At: noon, Kind: "deal", Deal: fmt.Sprint("d", i), Guest: "web"})
			if err != nil {
				return err
			}
			if err := tx.Bucket(bucketEntries).Put(binary.BigEndian.AppendUint64(nil, uint64(i+7)), data); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketMeta).Put(keyVersion, versionBefore)
	})
	s := open(t, path, Options{Signer: hostSigner("h1")})
	if s.Moved != "" || len(s.Faults) != 0 {
		t.Errorf("got moved to %q, faults %q, want it taken over", s.Moved, s.Faults)
	}
	if got := query(t, s, audit.Filter{Guest: "web", Limit: 3}); got != "d1199 d1198 d1197" {
		t.Errorf("got %q, want the entries in their order", got)
	}
	closed(t, s)
	if r := verified(t, path); len(r.Faults) != 0 || r.Entries != 1200 {
		t.Errorf("got %+v, want 1200 entries and no fault", r)
	}
}
