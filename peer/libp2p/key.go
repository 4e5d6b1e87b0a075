package libp2p

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"

	"parley/internal/atomicfile"
	"parley/lcc"
)

// LoadOrCreateKey reads a host's identity key from a file, or creates an Ed25519 key
// and the file with mode 0600. It rejects a file that other users may read, because the
// key may have leaked.
func LoadOrCreateKey(path string) (crypto.PrivKey, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return createKey(path)
	case err != nil:
		return nil, fmt.Errorf("identity key: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("identity key %s is not a file: name another with `key:`", path)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("identity key %s may be read by others (mode %04o): run `chmod 600 %s`, and make a new key if somebody may "+
			"have copied it", path, info.Mode().Perm(), path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("identity key: %w: run the agent as the owner of the file", err)
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err == nil {
		var key crypto.PrivKey
		if key, err = crypto.UnmarshalPrivateKey(data); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("identity key %s is damaged (%w): restore it from a copy; or move it away, start the agent for a new "+
		"identity, and list that at the other hosts", path, err)
}

// createKey writes the whole file under another name first, so that a crash leaves no
// partial key behind.
func createKey(path string) (crypto.PrivKey, error) {
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make an identity key: %w", err)
	}
	data, err := crypto.MarshalPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make an identity key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("directory of the identity key: %w", err)
	}
	// It fails when another process was faster.
	if err := atomicfile.Create(path, []byte(base64.StdEncoding.EncodeToString(data)+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("identity key: %w", err)
	}
	return key, nil
}

// KeyID returns the peer id of a key.
func KeyID(key crypto.PrivKey) (lcc.PeerID, error) {
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("peer id of the key: %w", err)
	}
	return nameOf(id), nil
}

// nameOf converts a peer id to the core's form.
func nameOf(id peer.ID) lcc.PeerID { return lcc.PeerID(id.String()) }
