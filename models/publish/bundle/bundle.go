package bundle

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Bundle is a policy as a set of files.
type Bundle struct {
	Name   string // of the file or directory, without .lcc
	Files  []File // by path
	Digest [sha256.Size]byte
}

// File is one file of a bundle.
type File struct {
	Path   string // within the bundle, with forward slashes
	Text   []byte
	SHA256 [sha256.Size]byte
}

// Limits of a bundle.
const (
	FilesMax  = 64
	FileBytes = 64 << 10
)

// Load reads a policy from one .lcc file, or from the .lcc files directly in a
// directory. It does not follow links.
func Load(path string) (Bundle, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Bundle{}, fmt.Errorf("policy: there is no %s: set policy.file to an .lcc file or a directory of them", path)
	case err != nil:
		return Bundle{}, fmt.Errorf("policy: %w", err)
	}
	b := Bundle{Name: strings.TrimSuffix(filepath.Base(path), ".lcc")}
	if !info.IsDir() {
		file, err := read(path, filepath.Base(path))
		if err != nil {
			return Bundle{}, err
		}
		b.Files = []File{file}
	} else if b.Files, err = readDirectory(path); err != nil {
		return Bundle{}, err
	}
	b.Digest = DigestOfFiles(b.Files)
	return b, nil
}

func readDirectory(path string) ([]File, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	var files []File
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".lcc") {
			continue
		}
		file, err := read(filepath.Join(path, entry.Name()), entry.Name())
		if err != nil {
			return nil, err
		}
		if files = append(files, file); len(files) > FilesMax {
			return nil, fmt.Errorf("policy: %s holds more than %d .lcc files", path, FilesMax)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("policy: %s holds no .lcc file", path)
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	return files, nil
}

func read(path, name string) (File, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return File{}, fmt.Errorf("policy: %w", err)
	case !info.Mode().IsRegular():
		return File{}, fmt.Errorf("policy: %s is not a file: links are not followed, copy it", path)
	case info.Size() > FileBytes:
		return File{}, fmt.Errorf("policy: %s has %d bytes, more than %d", path, info.Size(), FileBytes)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return File{}, fmt.Errorf("policy: %w", err)
	}
	return FileOf(filepath.ToSlash(name), text), nil
}

// FileOf returns a file with a text.
func FileOf(path string, text []byte) File {
	return File{Path: path, Text: text, SHA256: sha256.Sum256(text)}
}

// DigestOfFiles covers paths, lengths and digests, so different sets have different
// digests.
func DigestOfFiles(files []File) [sha256.Size]byte {
	h := sha256.New()
	for _, f := range files {
		line := binary.BigEndian.AppendUint64(nil, uint64(len(f.Path)))
		line = append(line, f.Path...)
		line = binary.BigEndian.AppendUint64(line, uint64(len(f.Text)))
		// Writing to a hash never fails.
		_, _ = h.Write(append(line, f.SHA256[:]...))
	}
	return [sha256.Size]byte(h.Sum(nil))
}
