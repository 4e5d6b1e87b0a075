package site

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"parley/lcc"
)

// Signed is a question whose answer is signed by the host that gives it, since another host
// carries it to the one that asks.
type Signed struct {
	Asker lcc.PeerID `json:"asker"` // who asks; the host that carries the question is another
	Nonce []byte     `json:"nonce"` // new for each look, so that no earlier answer fits
	// Ask is the question itself: for the State if it is empty, about a wanted guest, or about spare room.
	Ask json.RawMessage `json:"ask,omitempty"`
}

const (
	nonceBytes   = 16
	signedPrefix = "parley answer 1\n" // of the signed text
)

// Question returns the question itself. Only those that change nothing, and are answered to
// every host of the owner alike, are carried by others.
func (s Signed) Question() (Question, error) {
	q, err := DecodeQuestion(s.Ask)
	switch {
	case err != nil:
		return Question{}, err
	case len(s.Nonce) != nonceBytes:
		return Question{}, fmt.Errorf("the nonce has %d bytes, want %d", len(s.Nonce), nonceBytes)
	case s.Asker == "" || len(s.Asker) > peerIDBytes:
		return Question{}, errors.New("it does not say which host asks")
	case len(s.Ask) > 0 && q.Wanted == nil && !q.Spare:
		return Question{}, errors.New("a question of this kind is not carried by another host: ask directly")
	}
	return q, nil
}

// text is what a host signs: its answer, to whom and to which question.
func (s Signed) text(answer []byte) []byte {
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(s.Asker), s.Nonce, s.Ask, answer} {
		_, _ = sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part)))) // a hash takes everything
		_, _ = sum.Write(part)
	}
	return sum.Sum([]byte(signedPrefix))
}

// Vouched is an answer with the signature of the host that gives it.
type Vouched struct {
	Answer    []byte `json:"answer"`
	Signature []byte `json:"signature"`
}

// Vouch encodes the answer to a question, signed.
func (s Signed) Vouch(answer []byte, sign func(text []byte) []byte) ([]byte, error) {
	return json.Marshal(Vouched{answer, sign(s.text(answer))})
}

// of says whether a host has given the answer to the question.
func (v Vouched) of(host lcc.PeerID, s Signed, verify func(host lcc.PeerID, text, signature []byte) bool) bool {
	return verify(host, s.text(v.Answer), v.Signature)
}
