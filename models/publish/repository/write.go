package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/internal/atomicfile"
)

// fileMode is that of the repository's files, which hold nothing secret.
const fileMode = 0o644

// replaceFile writes a file whole, and makes its directory where it is missing.
func replaceFile(path string, data []byte) error {
	return writeWith(atomicfile.Write, path, data)
}

// createFile is replaceFile for a file that must not be there yet: of two processes
// one is told that it came late (fs.ErrExist).
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

// keepObject writes an object that may be there already: its name says what it is.
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
