package bundle

// This file has what hosts ask each other about chains. An answer is worth nothing
// before it is checked: releases by their signatures, objects by their digests.

// Request asks for one thing: exactly one of its fields is set.
type Request struct {
	Releases *ReleasesAfter `cbor:"1,keyasint,omitempty"`
	Object   *ObjectPart    `cbor:"2,keyasint,omitempty"`
	Status   bool           `cbor:"3,keyasint,omitempty"` // of all chains that the host follows
}

// ReleasesAfter asks for the releases of a publisher that follow a version.
type ReleasesAfter struct {
	Publisher string `cbor:"1,keyasint"`
	Version   uint64 `cbor:"2,keyasint"`
}

// ObjectPart asks for an object from an offset on, in bytes.
type ObjectPart struct {
	Digest Digest `cbor:"1,keyasint"`
	Offset int64  `cbor:"2,keyasint"`
}

// Answer answers a Request with what was asked for.
type Answer struct {
	Releases [][]byte `cbor:"1,keyasint,omitempty"` // each a Signed, encoded, in the order of the versions
	Part     []byte   `cbor:"2,keyasint,omitempty"` // of an object
	Status   []byte   `cbor:"3,keyasint,omitempty"` // JSON
}

// Limits of requests and answers.
const (
	RequestBytes = 1 << 10
	AnswerBytes  = 1 << 20
	// ReleasesMost bounds the releases of an answer; PartBytes the piece of an
	// object.
	ReleasesMost = 24
	PartBytes    = 512 << 10
)

// Encode returns the bytes that DecodeRequest reads.
func (r Request) Encode() []byte { return encode(r) }

// DecodeRequest reads a request. The error is a *Refusal.
func DecodeRequest(data []byte) (r Request, err error) {
	if err := decode("a request", data, RequestBytes, &r); err != nil {
		return Request{}, err
	}
	set := 0
	for _, is := range []bool{r.Releases != nil, r.Object != nil, r.Status} {
		if is {
			set++
		}
	}
	if set != 1 {
		return Request{}, Refuse(Malformed, "a request asks for one thing, this one for %d", set)
	}
	return r, nil
}

// Encode returns the bytes that DecodeAnswer reads.
func (a Answer) Encode() []byte { return encode(a) }

// DecodeAnswer reads an answer. The error is a *Refusal.
func DecodeAnswer(data []byte) (a Answer, err error) {
	if err := decode("an answer", data, AnswerBytes, &a); err != nil {
		return Answer{}, err
	}
	if len(a.Releases) > ReleasesMost || len(a.Part) > PartBytes {
		return Answer{}, Refuse(TooLarge, "an answer with %d releases and %d bytes of an object", len(a.Releases), len(a.Part))
	}
	return a, nil
}
