package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
)

// reserve is a file that holds room on the disk. The zero value has none to hold.
type reserve struct {
	path string
	size int64
	held bool
}

// reserveName is added to the name of the journal.
const reserveName = ".reserve"

// take makes the file, whole and durable. Its bytes are of no meaning; they are
// not zeros, so that no file system stores less than them.
func (r *reserve) take() error {
	if r.size <= 0 || r.held {
		return nil
	}
	if info, err := os.Stat(r.path); err == nil && info.Size() == r.size {
		r.held = true
		return nil
	}
	if err := r.fill(); err != nil {
		return fmt.Errorf("keep %d bytes of room in %s: %w", r.size, r.path, errors.Join(err, r.remove()))
	}
	r.held = true
	return nil
}

func (r *reserve) fill() error {
	file, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.CopyN(file, rand.NewChaCha8([32]byte{}), r.size); err != nil {
		return errors.Join(err, file.Close())
	}
	return errors.Join(file.Sync(), file.Close())
}

// release gives the room back to the disk, and says whether there was any.
func (r *reserve) release() bool {
	if !r.held {
		return false
	}
	r.held = false
	return r.remove() == nil
}

func (r *reserve) remove() error {
	if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
