// Package atomicfile replaces files as a whole: a reader, and a machine that
// lost its power, find the old content or the new one, never half of it.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
)

// Write replaces the file, or creates it, with this mode whatever the umask is.
// Once Write returns nil the new content is durable. After an error the old file
// is in its place, except where only the directory could not be synced.
func Write(path string, data []byte, mode fs.FileMode) (err error) {
	file, err := stage(path, data, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Cleanup()) }()
	if err := file.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// Create is Write for a file that must not exist. Where it does the error is
// fs.ErrExist, also for the slower one of two processes.
func Create(path string, data []byte, mode fs.FileMode) (err error) {
	file, err := stage(path, data, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Cleanup()) }()
	if err := errors.Join(file.Sync(), os.Link(file.Name(), path)); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// Rewrite replaces the content of a file that exists, and keeps its mode. A symbolic
// link stays one: what it points to is rewritten.
func Rewrite(path string, data []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return Write(path, data, info.Mode().Perm())
}

// SyncDir makes the names in a directory durable, as far as its file system can: some
// network file systems have no such call.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}

// stage writes the data to a file beside the path. The library would look for a faster
// place by trying renames; beside the path is the one that always works.
func stage(path string, data []byte, mode fs.FileMode) (*renameio.PendingFile, error) {
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithStaticPermissions(mode))
	if err != nil {
		return nil, err
	}
	if _, err := file.Write(data); err != nil {
		return nil, errors.Join(err, file.Cleanup())
	}
	return file, nil
}
