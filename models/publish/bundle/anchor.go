package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Anchor is what a host trusts of a publisher initially: its name, the root keys, and
// the latest verified position in its chain. It is a file that an operator puts on each
// host. Version 0 is the position before the first release.
type Anchor struct {
	Publisher string `json:"publisher" cbor:"1,keyasint"`
	Root      Root   `json:"root" cbor:"2,keyasint"`
	Version   uint64 `json:"version" cbor:"3,keyasint"`
	Digest    Digest `json:"digest" cbor:"4,keyasint"` // of the release at Version; zero at 0
}

// Validate returns an error that says what is invalid in an anchor.
func (a Anchor) Validate() error {
	if err := checkName("publisher", a.Publisher); err != nil {
		return err
	}
	if (a.Version == 0) != (a.Digest == Digest{}) {
		return fmt.Errorf("anchor of %s: a version without a digest, or a digest without a version", a.Publisher)
	}
	return a.Root.Validate()
}

// Next checks that a release is the next one, and returns it with the anchor at its
// position. The error is a *Refusal: other_publisher, rollback, equivocation, gap,
// fork, no_quorum, wrong_root, no_quorum_new, or a fault of the release itself. Next
// does not check expiry: an expired release still has a position in the chain.
func (a Anchor) Next(s Signed) (Release, Anchor, error) {
	r, err := s.Release()
	if err != nil {
		return Release{}, a, err
	}
	if err := a.place(s, r); err != nil {
		return Release{}, a, err
	}
	if err := a.quorum(s, a.Root, NoQuorum); err != nil {
		return Release{}, a, err
	}
	next := Anchor{Publisher: a.Publisher, Root: a.Root, Version: r.Version, Digest: s.Digest()}
	if r.Root != nil {
		if r.Root.Version != a.Root.Version+1 {
			return Release{}, a, Refuse(WrongRoot, "release %d brings root %d, and root %d is in force", r.Version, r.Root.Version, a.Root.Version)
		}
		if err := a.quorum(s, *r.Root, NoQuorumNew); err != nil {
			return Release{}, a, err
		}
		next.Root = *r.Root
	}
	return r, next, nil
}

// place says why a release is not at the next position.
func (a Anchor) place(s Signed, r Release) error {
	switch {
	case r.Publisher != a.Publisher:
		return Refuse(OtherPublisher, "a release of %s, where one of %s is expected", r.Publisher, a.Publisher)
	case r.Version == a.Version && s.Digest() != a.Digest:
		return Refuse(Equivocation, "there are two releases %d of %s: %s is in force here, %s came. Whoever holds its keys has signed two "+
			"histories, or the keys are in other hands", r.Version, r.Publisher, a.Digest.Short(), s.Digest().Short())
	case r.Version <= a.Version:
		return Refuse(Rollback, "release %d of %s, and %d is in force", r.Version, r.Publisher, a.Version)
	case r.Version > a.Version+1:
		return Refuse(Gap, "release %d of %s, and %d is in force: those between come first", r.Version, r.Publisher, a.Version)
	case r.Previous != a.Digest:
		return Refuse(Fork, "release %d of %s follows %s, and %s is in force", r.Version, r.Publisher, r.Previous.Short(), a.Digest.Short())
	}
	return nil
}

func (a Anchor) quorum(s Signed, root Root, code Code) error {
	names := s.SignedBy(root)
	if len(names) < root.Threshold {
		return Refuse(code, "%d of %d signatures that root %d of %s demands", len(names), root.Threshold, root.Version, a.Publisher)
	}
	return nil
}

// Vouches reports whether enough keys of the current root have signed a release, at any
// position in the chain. It may be false for a valid release after a change of keys
// that is not known yet.
func (a Anchor) Vouches(s Signed) bool { return a.quorum(s, a.Root, NoQuorum) == nil }

// anchorBytes bounds the file of an anchor.
const anchorBytes = 64 << 10

// MarshalFile returns the anchor as the content of a file.
func (a Anchor) MarshalFile() []byte {
	data, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		panic(err) // all its fields can be encoded
	}
	return append(data, '\n')
}

// ParseAnchor parses the output of MarshalFile.
func ParseAnchor(data []byte) (a Anchor, err error) {
	if len(data) > anchorBytes {
		return a, Refuse(TooLarge, "an anchor of %d bytes, more than %d", len(data), anchorBytes)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&a); err != nil {
		return a, Refuse(Malformed, "this is not the anchor of a publisher, as `parley cluster show --anchor` prints it: %v", err)
	}
	return a, a.Validate()
}
