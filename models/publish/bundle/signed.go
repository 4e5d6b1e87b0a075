package bundle

import (
	"cmp"
	"slices"
)

// Signed is the transport form of a release: its bytes and their signatures. A signer
// adds to Signatures and leaves Body unchanged.
type Signed struct {
	Body       []byte      `cbor:"1,keyasint"`
	Signatures []Signature `cbor:"2,keyasint"` // by key
}

// Signature is the signature of one key.
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

// SignedBytes is the maximum length of a signed release.
const SignedBytes = 32 << 10

// Encode encodes a signed release for DecodeSigned.
func (s Signed) Encode() []byte { return encode(s) }

// DecodeSigned decodes a signed release without trusting it.
func DecodeSigned(data []byte) (s Signed, err error) {
	if err := decode("a signed release", data, SignedBytes, &s); err != nil {
		return Signed{}, err
	}
	if len(s.Signatures) > keysMax {
		return Signed{}, Refuse(TooLarge, "a release with %d signatures, more than %d", len(s.Signatures), keysMax)
	}
	return s, nil
}

// Digest is what the next release has as Previous. It covers only the body, because
// signatures may be added.
func (s Signed) Digest() Digest { return DigestOf(s.Body) }

// Sign adds the signature of a key, in place of an earlier one.
func (s Signed) Sign(k Private) Signed {
	id := k.Public().ID()
	s.Signatures = slices.DeleteFunc(slices.Clone(s.Signatures), func(sig Signature) bool { return sig.Key == id })
	s.Signatures = append(s.Signatures, Signature{id, k.sign(releasePurpose, s.Body)})
	slices.SortFunc(s.Signatures, func(a, b Signature) int { return cmp.Compare(a.Key, b.Key) })
	return s
}

// SignedBy returns the names of the keys of a root that have signed.
func (s Signed) SignedBy(r Root) []string { return r.signedBy(s, releasePurpose) }
