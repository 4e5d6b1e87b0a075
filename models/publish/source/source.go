// Package source reads the models of a policy as people write them and hands them on as
// hosts enact them: each with all that it imports.
package source

import (
	"fmt"
	"os"
	"path/filepath"

	"parley/lcc/link"
	"parley/models"
	"parley/models/publish/bundle"
)

// Load reads a policy from one .lcc file, or from the .lcc files directly in a directory.
// Of a directory the libraries are no models: the models import them.
func Load(path string) (bundle.Bundle, error) {
	set, err := bundle.Load(path)
	if err != nil {
		return bundle.Bundle{}, err
	}
	dir := path
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		dir = filepath.Dir(path)
	}
	var files []bundle.File
	for _, f := range set.Files {
		if dir == path && link.IsLibrary(f.Text) {
			continue
		}
		closed, err := link.Close(filepath.ToSlash(filepath.Join(dir, f.Path)), f.Text, models.Imported(os.ReadFile))
		if err != nil {
			return bundle.Bundle{}, fmt.Errorf("policy: %w", err)
		}
		files = append(files, bundle.FileOf(f.Path, closed.Text))
	}
	if len(files) == 0 {
		return bundle.Bundle{}, fmt.Errorf("policy: %s holds libraries and no model: a library has @exports, and is imported", path)
	}
	set.Files, set.Digest = files, bundle.DigestOfFiles(files)
	return set, nil
}
