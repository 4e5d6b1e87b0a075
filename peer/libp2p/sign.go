package libp2p

import (
	"sync"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
)

// signer signs with a host's identity key and verifies with the keys in peer ids: an
// Ed25519 peer id contains its public key.
type signer struct {
	key  crypto.PrivKey
	keys sync.Map // lcc.PeerID to crypto.PubKey
}

// SignWith returns a signature by an identity key, equal to that of its host.
func SignWith(key crypto.PrivKey, text []byte) []byte { return (&signer{key: key}).Sign(text) }

// VerifyBy reports whether a signature of a text is a peer's. It needs no network.
func VerifyBy(id string, text, signature []byte) bool {
	return (&signer{}).Verify(lcc.PeerID(id), text, signature)
}

// Sign signs as this host. Sign and Verify are safe for concurrent use.
func (h *Host) Sign(text []byte) []byte { return h.signer.Sign(text) }

// Verify reports whether a signature of a text is a peer's.
func (h *Host) Verify(id lcc.PeerID, text, signature []byte) bool {
	return h.signer.Verify(id, text, signature)
}

// Sign returns a signature by the host's identity key.
func (s *signer) Sign(text []byte) []byte {
	signature, err := s.key.Sign(text)
	if err != nil {
		panic(err) // an Ed25519 key in memory signs any text
	}
	return signature
}

// Verify reports whether a signature was made by the key in a peer's id.
func (s *signer) Verify(id lcc.PeerID, text, signature []byte) bool {
	key, ok := s.keys.Load(id)
	if !ok {
		decoded, err := peer.Decode(string(id))
		if err != nil {
			return false
		}
		public, err := decoded.ExtractPublicKey()
		if err != nil {
			return false // an id without a key is not that of a Parley host
		}
		key, _ = s.keys.LoadOrStore(id, public)
	}
	good, err := key.(crypto.PubKey).Verify(text, signature)
	return err == nil && good
}
