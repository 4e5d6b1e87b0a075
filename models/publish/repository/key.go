package repository

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parley/internal/atomicfile"
	"parley/models/publish/bundle"
)

// keyBytes bounds the file of a key.
const keyBytes = 16 << 10

// CreateKey creates a key that signs releases and its file, with mode 0600; chance is a
// random source such as crypto/rand.Reader. It does not overwrite a file.
func CreateKey(path string, chance io.Reader) (bundle.Private, error) {
	key, err := bundle.NewPrivate(chance)
	if err != nil {
		return bundle.Private{}, fmt.Errorf("make a key: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return bundle.Private{}, fmt.Errorf("%s is there already: name another file, a key is never written over", path)
	case err != nil:
		return bundle.Private{}, fmt.Errorf("make a key: %w", err)
	}
	_, err = file.Write(key.PEM())
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return bundle.Private{}, errors.Join(fmt.Errorf("make a key: %w", err), os.Remove(path))
	}
	return key, atomicfile.SyncDir(filepath.Dir(path))
}

// LoadKey reads the file of CreateKey. It rejects a file that other users may read,
// because the key may have leaked.
func LoadKey(path string) (bundle.Private, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return bundle.Private{}, fmt.Errorf("there is no key %s: make one with `parley key new %s`", path, path)
	case err != nil:
		return bundle.Private{}, fmt.Errorf("key: %w", err)
	case !info.Mode().IsRegular() || info.Size() > keyBytes:
		return bundle.Private{}, fmt.Errorf("%s is not the file of a key", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return bundle.Private{}, fmt.Errorf("key: %w", err)
	}
	key, err := bundle.ParsePrivate(text)
	if err != nil {
		return bundle.Private{}, fmt.Errorf("%s: %w", path, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return bundle.Private{}, fmt.Errorf("key %s may be read by others (mode %04o): run `chmod 600 %s`, and replace the key if somebody "+
			"may have copied it (docs/operations.md, \"A lost key\")", path, info.Mode().Perm(), path)
	}
	return key, nil
}
