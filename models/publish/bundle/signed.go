package bundle

import (
	"cmp"
	"slices"
)

// Signed is a release as it travels: its bytes and the signatures over them. Who
// signs adds to Signatures and leaves Body as it is.
type Signed struct {
	Body       []byte      `cbor:"1,keyasint"`
	Signatures []Signature `cbor:"2,keyasint"` // by key
}

// Signature is one key's.
type Signature struct {
	Key   KeyID  `cbor:"1,keyasint"`
	Bytes []byte `cbor:"2,keyasint"`
}

// The purposes of signatures.
const (
	releasePurpose   = "release 1"
	heartbeatPurpose = "heartbeat 1"
	haltPurpose      = "halt 1"
)

// SignedBytes is the most that a signed release may have.
const SignedBytes = 32 << 10

// Encode returns the bytes that DecodeSigned reads.
func (s Signed) Encode() []byte { return encode(s) }

// DecodeSigned reads a signed release without believing it.
func DecodeSigned(data []byte) (s Signed, err error) {
	if err := decode("a signed release", data, SignedBytes, &s); err != nil {
		return Signed{}, err
	}
	if len(s.Signatures) > keysMax {
		return Signed{}, Refuse(TooLarge, "a release with %d signatures, more than %d", len(s.Signatures), keysMax)
	}
	return s, nil
}

// Digest is what the next release calls Previous: of the body alone, because
// signatures may be added to it.
func (s Signed) Digest() Digest { return DigestOf(s.Body) }

// Sign adds a signature of a key, or does nothing where it is there.
func (s Signed) Sign(k Private) Signed {
	id := k.Public().ID()
	s.Signatures = slices.DeleteFunc(slices.Clone(s.Signatures), func(sig Signature) bool { return sig.Key == id })
	s.Signatures = append(s.Signatures, Signature{id, k.sign(releasePurpose, s.Body)})
	slices.SortFunc(s.Signatures, func(a, b Signature) int { return cmp.Compare(a.Key, b.Key) })
	return s
}

// SignedBy returns the names of the keys of a root that have signed.
func (s Signed) SignedBy(r Root) []string { return r.signedBy(s, releasePurpose) }
