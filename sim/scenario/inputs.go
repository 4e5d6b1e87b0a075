package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Input is a file that a run depends on.
type Input struct {
	Name   string
	SHA256 string // in hexadecimal digits
}

// Inputs returns the scenario's file, and then its traces in the order in which they
// are named.
func (s *Scenario) Inputs() ([]Input, error) {
	list := []Input{{s.file, s.digest}}
	for entry := range s.Guests {
		path, err := s.tracePath(entry)
		if err != nil {
			return nil, err
		}
		if path == "" || slices.ContainsFunc(list[1:], func(i Input) bool { return i.Name == path }) {
			continue
		}
		digest, err := digestOf(path)
		if err != nil {
			return nil, s.wrong([]any{"guests", entry, "load", "file"}, "%v", err)
		}
		list = append(list, Input{path, digest})
	}
	return list, nil
}

// digestOf is the digest of a file, or of a directory: that of a line for each of its
// files, with digest and name as sha256sum prints them.
func digestOf(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return digestOfFile(path)
	}
	hash := sha256.New()
	err = filepath.WalkDir(path, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		digest, err := digestOfFile(name)
		fmt.Fprintf(hash, "%s  %s\n", digest, filepath.ToSlash(strings.TrimPrefix(name, path)))
		return err
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}

func digestOfFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
