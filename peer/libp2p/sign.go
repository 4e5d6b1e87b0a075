package libp2p

import (
	"sync"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
)

// signer signs with a host's identity key and checks with those that the peers'
// ids hold: an Ed25519 peer id is its public key.
type signer struct {
	key  crypto.PrivKey
	keys sync.Map // lcc.PeerID to crypto.PubKey
}

// SignWith returns a signature by an identity key, as the host that has it makes.
func SignWith(key crypto.PrivKey, text []byte) []byte { return (&signer{key: key}).Sign(text) }

// VerifyBy says whether a signature of a text is a peer's, without a network.
func VerifyBy(id string, text, signature []byte) bool {
	return (&signer{}).Verify(lcc.PeerID(id), text, signature)
}

// Sign signs as this host. It is safe for concurrent use, as is Verify.
func (h *Host) Sign(text []byte) []byte { return h.signer.Sign(text) }

// Verify says whether a signature of a text is a peer's.
func (h *Host) Verify(id lcc.PeerID, text, signature []byte) bool {
	return h.signer.Verify(id, text, signature)
}

// Sign returns a signature by the host's identity key.
func (s *signer) Sign(text []byte) []byte {
	signature, err := s.key.Sign(text)
	if err != nil {
		panic(err) // an Ed25519 key in memory signs whatever it is given
	}
	return signature
}

// Verify says whether a signature was made by the key that a peer's id holds.
func (s *signer) Verify(id lcc.PeerID, text, signature []byte) bool {
	key, ok := s.keys.Load(id)
	if !ok {
		decoded, err := peer.Decode(string(id))
		if err != nil {
			return false
		}
		public, err := decoded.ExtractPublicKey()
		if err != nil {
			return false // an id that holds no key is none of a Parley host
		}
		key, _ = s.keys.LoadOrStore(id, public)
	}
	good, err := key.(crypto.PubKey).Verify(text, signature)
	return err == nil && good
}
