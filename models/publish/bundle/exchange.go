package bundle

// This file defines the questions of hosts to each other about chains. An answer is not
// trusted: releases are checked by their signatures, objects by their digests.

// Request asks one question: exactly one of its fields is set.
type Request struct {
	Releases *ReleasesAfter `cbor:"1,keyasint,omitempty"`
	Object   *ObjectPart    `cbor:"2,keyasint,omitempty"`
	Status   bool           `cbor:"3,keyasint,omitempty"` // of all chains that the host follows
}

// ReleasesAfter requests the releases of a publisher after a version.
type ReleasesAfter struct {
	Publisher string `cbor:"1,keyasint"`
	Version   uint64 `cbor:"2,keyasint"`
}

// ObjectPart requests an object from a byte offset on.
type ObjectPart struct {
	Digest Digest `cbor:"1,keyasint"`
	Offset int64  `cbor:"2,keyasint"`
}

// Answer is the answer to a Request.
type Answer struct {
	Releases [][]byte `cbor:"1,keyasint,omitempty"` // each an encoded Signed, in version order
	Part     []byte   `cbor:"2,keyasint,omitempty"` // of an object
	Status   []byte   `cbor:"3,keyasint,omitempty"` // JSON
}

// Limits of requests and answers.
const (
	RequestBytes = 1 << 10
	AnswerBytes  = 1 << 20
	// ReleasesMost bounds the releases in an answer: who answers sends no more, an answer
	// with more is refused, and a chain takes no more of one. PartBytes bounds the part of
	// an object.
	ReleasesMost = 24
	PartBytes    = 512 << 10
)

// Encode encodes a request for DecodeRequest.
func (r Request) Encode() []byte { return encode(r) }

// DecodeRequest decodes a request. The error is a *Refusal.
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

// Encode encodes an answer for DecodeAnswer.
func (a Answer) Encode() []byte { return encode(a) }

// DecodeAnswer decodes an answer. The error is a *Refusal.
func DecodeAnswer(data []byte) (a Answer, err error) {
	if err := decode("an answer", data, AnswerBytes, &a); err != nil {
		return Answer{}, err
	}
	if len(a.Releases) > ReleasesMost || len(a.Part) > PartBytes {
		return Answer{}, Refuse(TooLarge, "an answer with %d releases and %d bytes of an object", len(a.Releases), len(a.Part))
	}
	return a, nil
}
