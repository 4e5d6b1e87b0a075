package bundle

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Root defines the keys that count, and how many of them must sign. A new root has the
// next version and is signed under the old root and under itself (TUF's rule for root
// rotation).
type Root struct {
	Version   uint64 `cbor:"1,keyasint" json:"version"`
	Keys      []Key  `cbor:"2,keyasint" json:"keys"` // by name
	Threshold int    `cbor:"3,keyasint" json:"threshold"`
	// Beats are keys that sign only heartbeats, so that they can be on a machine that
	// is always on. The keys in Keys may sign heartbeats, too.
	Beats []Key `cbor:"4,keyasint,omitempty" json:"beats,omitempty"`
}

// Key is a key with the name of its holder.
type Key struct {
	Name   string `cbor:"1,keyasint" json:"name"`
	Public Public `cbor:"2,keyasint" json:"public"`
}

// keysMax bounds the keys of a root.
const keysMax = 32

// Validate returns an error that says what is invalid in a root.
func (r Root) Validate() error {
	switch {
	case r.Version == 0:
		return errors.New("root: its version is 0: the first is 1")
	case len(r.Keys) == 0 || len(r.Keys)+len(r.Beats) > keysMax:
		return fmt.Errorf("root: it has %d keys: give 1 to %d", len(r.Keys)+len(r.Beats), keysMax)
	case r.Threshold < 1 || r.Threshold > len(r.Keys):
		return fmt.Errorf("root: %d of %d keys must sign: give a threshold from 1 to the number of keys", r.Threshold, len(r.Keys))
	}
	seen := map[string]bool{}
	for _, key := range append(slices.Clone(r.Keys), r.Beats...) {
		if err := checkName("root: key", key.Name); err != nil {
			return err
		}
		if len(key.Public) != 32 {
			return fmt.Errorf("root: key %s has %d bytes, not 32", key.Name, len(key.Public))
		}
		for _, same := range []string{key.Name, string(key.Public)} {
			if seen[same] {
				return fmt.Errorf("root: key %s, or its name, is listed twice", key.Name)
			}
			seen[same] = true
		}
	}
	if !slices.IsSortedFunc(r.Keys, byName) || !slices.IsSortedFunc(r.Beats, byName) {
		return errors.New("root: the keys do not stand in the order of their names")
	}
	return nil
}

func byName(a, b Key) int { return cmp.Compare(a.Name, b.Name) }

// Sorted returns the root with its keys sorted by name.
func (r Root) Sorted() Root {
	r.Keys, r.Beats = slices.Clone(r.Keys), slices.Clone(r.Beats)
	slices.SortFunc(r.Keys, byName)
	slices.SortFunc(r.Beats, byName)
	return r
}

// signedBy returns the names of the keys with a valid signature. A key counts once.
func (r Root) signedBy(s Signed, purpose string) (names []string) {
	for _, key := range r.Keys {
		for _, sig := range s.Signatures {
			if sig.Key == key.Public.ID() && key.Public.verify(purpose, s.Body, sig.Bytes) {
				names = append(names, key.Name)
				break
			}
		}
	}
	return names
}

// beats returns the key with an id that may sign heartbeats.
func (r Root) beats(id KeyID) (Key, bool) {
	for _, key := range append(slices.Clone(r.Beats), r.Keys...) {
		if key.Public.ID() == id {
			return key, true
		}
	}
	return Key{}, false
}
