package follow

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"parley/internal/atomicfile"
	"parley/models/publish/bundle"
)

// store keeps releases, objects and the followers' states as files. Each file is
// replaced as a whole; objects are named by their digests. Any goroutine may read; only
// the loop writes.
type store struct{ dir string }

func openStore(dir string) (*store, error) {
	s := &store{dir}
	if err := os.MkdirAll(s.objects(), 0o700); err != nil {
		return nil, fmt.Errorf("files of the publishers: %w", err)
	}
	return s, nil
}

func (s *store) objects() string { return filepath.Join(s.dir, "objects") }

// chain returns the directory of a publisher. bundle has checked that the name has no
// separator; the prefix keeps it from being a dot.
func (s *store) chain(publisher string) string { return filepath.Join(s.dir, "of-"+publisher) }

func (s *store) add(publisher string) error {
	if err := os.MkdirAll(filepath.Join(s.chain(publisher), "releases"), 0o700); err != nil {
		return fmt.Errorf("files of the publisher %s: %w", publisher, err)
	}
	return nil
}

func (s *store) release(publisher string, version uint64) string {
	return filepath.Join(s.chain(publisher), "releases", strconv.FormatUint(version, 10))
}

func (s *store) putRelease(publisher string, version uint64, data []byte) error {
	return atomicfile.Write(s.release(publisher, version), data, 0o600)
}

// getRelease returns a release, or nil when there is none.
func (s *store) getRelease(publisher string, version uint64) ([]byte, error) {
	return maybe(os.ReadFile(s.release(publisher, version)))
}

func (s *store) putState(publisher string, data []byte) error {
	return atomicfile.Write(filepath.Join(s.chain(publisher), "state"), data, 0o600)
}

// state returns the state that putState wrote last, or nil.
func (s *store) state(publisher string) ([]byte, error) {
	return maybe(os.ReadFile(filepath.Join(s.chain(publisher), "state")))
}

func (s *store) putObject(d bundle.Digest, data []byte) error {
	if _, ok := s.object(d); ok {
		return nil
	}
	return atomicfile.Write(filepath.Join(s.objects(), d.String()), data, 0o600)
}

// object returns an object that matches its digest; a corrupt one counts as missing.
func (s *store) object(d bundle.Digest) ([]byte, bool) {
	data, err := os.ReadFile(filepath.Join(s.objects(), d.String()))
	if err != nil || bundle.DigestOf(data) != d {
		return nil, false
	}
	return data, true
}

// sweep deletes the objects that are no longer named.
func (s *store) sweep(named map[bundle.Digest]bool) error {
	entries, err := os.ReadDir(s.objects())
	for _, e := range entries {
		if d, bad := bundle.ParseDigest(e.Name()); bad == nil && !named[d] {
			err = errors.Join(err, os.Remove(filepath.Join(s.objects(), e.Name())))
		}
	}
	return err
}

func maybe(data []byte, err error) ([]byte, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}
