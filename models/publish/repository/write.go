package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile writes a file whole under another name and gives it its name then, so
// that a crash leaves the old text or the new one.
func replaceFile(path string, data []byte) error {
	temp, err := tempFile(path, data)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(temp))
	}
	return syncDir(filepath.Dir(path))
}

// createFile is replaceFile for a file that must not be there yet: of two processes
// one is told that it came late (fs.ErrExist).
func createFile(path string, data []byte) error {
	temp, err := tempFile(path, data)
	if err != nil {
		return err
	}
	err = os.Link(temp, path)
	if err = errors.Join(err, os.Remove(temp)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncDir(filepath.Dir(path))
}

// keepObject writes an object that may be there already: its name says what it is.
func keepObject(path string, data []byte) error {
	if have, err := os.ReadFile(path); err == nil && string(have) == string(data) {
		return nil
	}
	return replaceFile(path, data)
}

func tempFile(path string, data []byte) (name string, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("directory of %s: %w", path, err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".parley-*")
	if err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// syncDir makes the names in a directory durable. A file system that cannot is left
// at that.
func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("directory %s: %w", dir, err)
	}
	_ = file.Sync() // see above
	return file.Close()
}

func isThere(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
