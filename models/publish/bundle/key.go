package bundle

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"strings"
)

// KeyID identifies a public key by the first 16 hexadecimal digits of its SHA-256.
type KeyID string

// Public is an Ed25519 public key, 32 bytes.
type Public []byte

// ID returns the id of the key.
func (p Public) ID() KeyID {
	sum := sha256.Sum256(p)
	return KeyID(hex.EncodeToString(sum[:8]))
}

// publicPrefix names the kind of key, so that others can follow.
const publicPrefix = "ed25519:"

// String returns the key as one word, for ParsePublic.
func (p Public) String() string { return publicPrefix + base64.StdEncoding.EncodeToString(p) }

// MarshalText makes JSON show the key in its text form.
func (p Public) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText parses the output of MarshalText.
func (p *Public) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePublic(string(text))
	return err
}

// ParsePublic parses the output of String.
func ParsePublic(text string) (Public, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), publicPrefix)
	data, err := base64.StdEncoding.DecodeString(rest)
	if !ok || err != nil || len(data) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%q is not a public key such as `parley key show FILE` prints: ed25519: and 44 characters", text)
	}
	return data, nil
}

// Private is a key that signs releases. It is stored in the usual PKCS #8 PEM form, so
// that other tools can handle it.
type Private struct{ key ed25519.PrivateKey }

// NewPrivate makes a key from a random source such as crypto/rand.Reader.
func NewPrivate(chance io.Reader) (Private, error) {
	_, key, err := ed25519.GenerateKey(chance)
	return Private{key}, err
}

// Public returns the public half.
func (k Private) Public() Public { return Public(k.key.Public().(ed25519.PublicKey)) }

// sign signs a text for one purpose.
func (k Private) sign(purpose string, body []byte) []byte {
	return ed25519.Sign(k.key, separated(purpose, body))
}

func (p Public) verify(purpose string, body, signature []byte) bool {
	return len(p) == ed25519.PublicKeySize && ed25519.Verify(ed25519.PublicKey(p), separated(purpose, body), signature)
}

// separated returns the signed text: it begins with its purpose.
func separated(purpose string, body []byte) []byte {
	return append([]byte("parley "+purpose+"\n"), body...)
}

// PEM returns the private key as text.
func (k Private) PEM() []byte {
	data, err := x509.MarshalPKCS8PrivateKey(k.key)
	if err != nil {
		panic(err) // an Ed25519 key can be marshalled
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: data})
}

// ParsePrivate parses the output of PEM.
func ParsePrivate(text []byte) (Private, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return Private{}, errors.New("this is not a private key in PEM form: make one with `parley key new FILE`")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Private{}, fmt.Errorf("private key: %w", err)
	}
	ed, ok := key.(ed25519.PrivateKey)
	if !ok {
		return Private{}, fmt.Errorf("this is a %T: a key that signs policies is an Ed25519 key", key)
	}
	return Private{ed}, nil
}
