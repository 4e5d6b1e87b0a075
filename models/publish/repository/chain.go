package repository

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"parley/models/publish/bundle"
)

// releaseName returns the file name of a release; names sort in version order.
func releaseName(version uint64) string { return fmt.Sprintf("%s/%06d.release", chainDir, version) }

// readChain reads all releases, starting at the anchor before the first, and checks
// each against the one before it.
func (r *Repository) readChain() (err error) {
	if r.first, err = readAnchor(r.path(firstFile)); err != nil {
		return err
	}
	if r.first.Version != 0 {
		return fmt.Errorf("%s was changed: it is the anchor before the first release, and says version %d", r.path(firstFile), r.first.Version)
	}
	r.anchor = r.first
	versions, err := r.versions()
	if err != nil {
		return err
	}
	for _, version := range versions {
		if err := r.readRelease(version); err != nil {
			return err
		}
	}
	return nil
}

func (r *Repository) readRelease(version uint64) error {
	path := r.path(releaseName(version))
	if want := r.anchor.Version + 1; version != want {
		return fmt.Errorf("%s is missing, and %s is there: restore it from a copy of the repository", r.path(releaseName(want)), path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("chain: %w", err)
	}
	signed, err := bundle.DecodeSigned(data)
	if err != nil {
		return changed(path, err)
	}
	release, next, err := r.anchor.Next(signed)
	if err != nil {
		return changed(path, err)
	}
	r.anchor = next
	r.chain = append(r.chain, link{signed, release, next})
	return nil
}

// changed returns the error for a file that differs from what was published.
func changed(path string, err error) error {
	return fmt.Errorf("%s is not what was published: %w: somebody changed it, or it is damaged; restore it from a copy of the repository",
		path, err)
}

// versions lists the existing releases in order. It ignores other files.
func (r *Repository) versions() (list []uint64, err error) {
	entries, err := os.ReadDir(r.path(chainDir))
	if err != nil {
		return nil, fmt.Errorf("chain: %w", err)
	}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".release")
		if version, err := strconv.ParseUint(name, 10, 64); ok && err == nil && releaseName(version) == chainDir+"/"+entry.Name() {
			list = append(list, version)
		}
	}
	slices.Sort(list)
	return list, nil
}

// checkObjects checks the objects of the latest release against their digests. Objects
// of earlier releases are checked when they are used.
func (r *Repository) checkObjects() error {
	latest, ok := r.Latest()
	if !ok {
		return nil
	}
	for _, ref := range refsOf(latest) {
		if _, err := r.object(ref); err != nil {
			return err
		}
	}
	_, err := r.Roster(latest)
	return err
}

// settleAnchor checks anchor.json against the chain. After a crash between the release
// and the anchor it is behind, and is updated; any other difference is an error.
func (r *Repository) settleAnchor() error {
	path := r.path(anchorFile)
	have, err := readAnchor(path)
	if err != nil {
		return err
	}
	if have.Version > r.anchor.Version {
		return fmt.Errorf("%s stands at release %d, and %s holds only %s: the latest releases are gone; restore them from a copy of the "+
			"repository, or hosts would see two histories", path, have.Version, r.path(chainDir), r.span())
	}
	if want := r.anchorAt(have.Version); !bytes.Equal(have.MarshalFile(), want.MarshalFile()) {
		return fmt.Errorf("%s is not the anchor of release %d of this chain: somebody changed one of them; restore both from a copy of the "+
			"repository", path, have.Version)
	}
	if have.Version == r.anchor.Version {
		return nil
	}
	return r.writeAnchor()
}

func (r *Repository) anchorAt(version uint64) bundle.Anchor {
	if version == 0 {
		return r.first
	}
	return r.chain[version-1].anchor
}

func (r *Repository) writeAnchor() error {
	return replaceFile(r.path(anchorFile), r.anchor.MarshalFile())
}

func readAnchor(path string) (bundle.Anchor, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return bundle.Anchor{}, fmt.Errorf("%s is missing: restore it from a copy of the repository", path)
	case err != nil:
		return bundle.Anchor{}, fmt.Errorf("anchor: %w", err)
	}
	a, err := bundle.ParseAnchor(data)
	if err != nil {
		return bundle.Anchor{}, fmt.Errorf("%s: %w", filepath.Clean(path), err)
	}
	return a, nil
}
