package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
)

// reserve is a file that keeps room on the disk. The zero value keeps none.
type reserve struct {
	path string
	size int64
	held bool
}

// reserveName is the suffix of the reserve's file name.
const reserveName = ".reserve"

// take creates the file, complete and durable. Its content is meaningless, but not
// zeros, so that no file system stores it in less space.
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
