package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/internal/atomicfile"
)

// fileMode is the mode of the repository's files, which hold no secrets.
const fileMode = 0o644

// replaceFile writes a file as a whole, and creates its directory when it is missing.
func replaceFile(path string, data []byte) error {
	return writeWith(atomicfile.Write, path, data)
}

// createFile is replaceFile for a file that must not exist yet: the slower of two
// processes gets fs.ErrExist.
func createFile(path string, data []byte) error {
	return writeWith(atomicfile.Create, path, data)
}

func writeWith(write func(string, []byte, fs.FileMode) error, path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("directory of %s: %w", path, err)
	}
	if err := write(path, data, fileMode); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// keepObject writes an object unless it exists already; its name is its digest.
func keepObject(path string, data []byte) error {
	if have, err := os.ReadFile(path); err == nil && string(have) == string(data) {
		return nil
	}
	return replaceFile(path, data)
}

func isThere(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
