package store

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/audit"
	"parley/internal/atomicfile"
)

// Signer signs checkpoints as a host. Its zero value signs nothing.
type Signer struct {
	Host string
	Sign func(text []byte) []byte
	// Verify says whether a host made a signature.
	Verify func(host string, text, signature []byte) bool
}

// fullCheckpoint is a checkpoint with the heads that its digest covers, as in the file
// beside the audit.
type fullCheckpoint struct {
	audit.Checkpoint
	Heads []Head `json:"heads"`
}

func digestOf(heads []Head) ([]byte, error) {
	data, err := json.Marshal(heads)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte("parley audit heads 1\x00"), data...))
	return sum[:], nil
}

// mark writes a checkpoint of the chain's current state.
func (s Signer) mark(c *chain, at time.Time) (p fullCheckpoint, err error) {
	p = fullCheckpoint{audit.Checkpoint{Host: s.Host, At: at.UTC().Round(0), Seq: c.tx.Bucket(bucketEntries).Sequence()}, c.list()}
	if p.Digest, err = digestOf(p.Heads); err != nil {
		return p, err
	}
	if s.Sign != nil {
		text, err := p.SignedText()
		if err != nil {
			return p, err
		}
		p.Signature = s.Sign(text)
	}
	data, err := json.Marshal(p.Checkpoint)
	if err != nil {
		return p, err
	}
	return p, c.tx.Bucket(bucketMeta).Put(keyCheckpoint, data)
}

// why returns what is wrong with a checkpoint of some heads; "" if nothing is.
func (s Signer) why(p audit.Checkpoint, heads []Head) string {
	digest, err := digestOf(heads)
	if err != nil {
		return err.Error()
	}
	text, err := p.SignedText()
	if err != nil {
		return err.Error()
	}
	switch {
	case string(digest) != string(p.Digest):
		return fmt.Sprintf("the streams do not match the checkpoint of %s", stamp(p.At))
	case s.Host != "" && p.Host != s.Host:
		return fmt.Sprintf("the checkpoint of %s is of the host %q, not of %q", stamp(p.At), p.Host, s.Host)
	case s.Verify != nil && !s.Verify(p.Host, text, p.Signature):
		return fmt.Sprintf("the checkpoint of %s is not signed by the host %q", stamp(p.At), p.Host)
	}
	return ""
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// inFile reads the checkpoint from a file's metadata; nil if there is none.
func inFile(tx *bolt.Tx) (*audit.Checkpoint, error) {
	data := tx.Bucket(bucketMeta).Get(keyCheckpoint)
	if data == nil {
		return nil, nil
	}
	p := &audit.Checkpoint{}
	return p, json.Unmarshal(data, p)
}

// CheckpointPath returns the path of the copy of an audit's last checkpoint.
func CheckpointPath(path string) string { return path + ".checkpoint" }

// beside reads the checkpoint beside an audit; nil if there is none.
func beside(path string) (*fullCheckpoint, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p := &fullCheckpoint{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// lay writes the checkpoint beside an audit atomically.
func lay(path string, p fullCheckpoint) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, data, 0o600)
}
