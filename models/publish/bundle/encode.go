package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"parley/internal/cborstrict"
)

// Digest is a SHA-256.
type Digest [sha256.Size]byte

// DigestOf returns the digest of bytes.
func DigestOf(data []byte) Digest { return sha256.Sum256(data) }

// String returns the digest as 64 hexadecimal digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Short returns the first 12 digits, for people.
func (d Digest) Short() string { return d.String()[:12] }

// ParseDigest reads 64 hexadecimal digits.
func ParseDigest(text string) (d Digest, err error) {
	data, err := hex.DecodeString(text)
	if err != nil || len(data) != len(d) {
		return d, Refuse(Malformed, "%q is not a digest of 64 hexadecimal digits", text)
	}
	return Digest(data), nil
}

// MarshalText makes JSON show a digest in its text form.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses the output of MarshalText.
func (d *Digest) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDigest(string(text))
	return err
}

var writer, reader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: 1 << 17, Pairs: 32})

// encode returns the canonical bytes of a value.
func encode(value any) []byte {
	data, err := writer.Marshal(value)
	if err != nil {
		panic(err) // all types of this package can be encoded
	}
	return data
}

// decode decodes a value. It rejects more than most bytes, and bytes that encode would
// not produce: a signer must know everything that it signs.
func decode(what string, data []byte, most int, into any) error {
	if len(data) > most {
		return Refuse(TooLarge, "%s has %d bytes, more than %d", what, len(data), most)
	}
	if err := reader.Unmarshal(data, into); err != nil {
		return Refuse(Malformed, "%s cannot be read: %v", what, err)
	}
	if again, err := writer.Marshal(into); err != nil || !bytes.Equal(again, data) {
		return Refuse(NotCanonical, "%s is not in the canonical encoding", what)
	}
	return nil
}

// textMax bounds names and notes.
const textMax = 1 << 10

func checkName(what, name string) error {
	if name == "" || len(name) > 64 {
		return fmt.Errorf("%s %q: give a name of 1 to 64 characters", what, name)
	}
	for _, r := range name {
		ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
		if !ok {
			return fmt.Errorf("%s %q: letters, digits, and the characters - _ . only", what, name)
		}
	}
	return nil
}
