package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/models/publish/bundle"
)

// Repository is an operator's directory, as Open found it. It is not safe for
// concurrent use. Of two processes that publish from one directory only one can create
// the file of the release.
type Repository struct {
	dir     string
	cluster Cluster
	first   bundle.Anchor // before the first release
	anchor  bundle.Anchor // at the latest
	chain   []link
}

// link is one release of the chain, with the anchor at its position.
type link struct {
	signed  bundle.Signed
	release bundle.Release
	anchor  bundle.Anchor
}

// File names in the directory.
const (
	clusterFile = "cluster.yaml"
	anchorFile  = "anchor.json"
	draftFile   = "next.release"
	firstFile   = "chain/root.json"
	policiesDir = "policies"
	chainDir    = "chain"
	objectsDir  = "objects"
)

// Open reads a repository and checks its whole chain: signatures, digests, order, and
// the objects of the latest release. It completes an Append that a crash interrupted.
func Open(dir string) (*Repository, error) {
	r := &Repository{dir: dir}
	if err := r.readCluster(); err != nil {
		return nil, err
	}
	if err := r.readChain(); err != nil {
		return nil, err
	}
	if r.cluster.Publisher != r.first.Publisher {
		return nil, fmt.Errorf("%s: publisher is %s, and the chain is that of %s: a publisher keeps its name; for another one create another "+
			"directory with `parley cluster init`", r.path(clusterFile), r.cluster.Publisher, r.first.Publisher)
	}
	if err := r.checkObjects(); err != nil {
		return nil, err
	}
	return r, r.settleAnchor()
}

// Dir returns the directory.
func (r *Repository) Dir() string { return r.dir }

// Cluster returns the content of cluster.yaml.
func (r *Repository) Cluster() Cluster { return r.cluster }

// ClusterFile returns the path of cluster.yaml.
func (r *Repository) ClusterFile() string { return r.path(clusterFile) }

// Anchor returns the anchor at the latest release, or before the first.
func (r *Repository) Anchor() bundle.Anchor { return r.anchor }

// Latest returns the latest release; false before the first.
func (r *Repository) Latest() (bundle.Release, bool) {
	if len(r.chain) == 0 {
		return bundle.Release{}, false
	}
	return r.chain[len(r.chain)-1].release, true
}

// Release returns the release of a version, from 1.
func (r *Repository) Release(version uint64) (bundle.Release, error) {
	if version < 1 || version > uint64(len(r.chain)) {
		return bundle.Release{}, fmt.Errorf("there is no release %d: the repository has %s", version, r.span())
	}
	return r.chain[version-1].release, nil
}

func (r *Repository) span() string {
	switch n := len(r.chain); n {
	case 0:
		return "none yet"
	case 1:
		return "release 1 alone"
	default:
		return fmt.Sprintf("1 to %d", n)
	}
}

// Roster returns the roster of a release.
func (r *Repository) Roster(of bundle.Release) (bundle.Roster, error) {
	data, err := r.object(of.Roster)
	if err != nil {
		return bundle.Roster{}, err
	}
	return bundle.DecodeRoster(data)
}

// Archive returns the releases after a version and the objects of the latest one, for a
// host at that version; with 0 it is for any host.
func (r *Repository) Archive(after uint64) (bundle.Archive, error) {
	latest, ok := r.Latest()
	if !ok {
		return bundle.Archive{}, errors.New("nothing is published yet: `parley policy publish` makes the first release")
	}
	a := bundle.Archive{Objects: map[bundle.Digest][]byte{}}
	for _, l := range r.chain[min(after, uint64(len(r.chain))):] {
		a.Releases = append(a.Releases, l.signed)
	}
	for _, ref := range refsOf(latest) {
		data, err := r.object(ref)
		if err != nil {
			return bundle.Archive{}, err
		}
		a.Objects[ref.Digest] = data
	}
	return a, nil
}

// refsOf lists the objects that a release names, the roster first.
func refsOf(of bundle.Release) []bundle.Ref {
	refs := []bundle.Ref{of.Roster}
	for _, p := range of.Policies {
		for _, f := range p.Files {
			refs = append(refs, f.Ref())
		}
	}
	return refs
}

// object reads an object and checks its digest.
func (r *Repository) object(ref bundle.Ref) ([]byte, error) {
	path := r.objectPath(ref.Digest)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing, and a release names it: restore it from a copy of the repository", path)
	case err != nil:
		return nil, fmt.Errorf("object of a release: %w", err)
	}
	if err := ref.Check(data); err != nil {
		return nil, fmt.Errorf("%s was changed: %w: restore it from a copy of the repository", path, err)
	}
	return data, nil
}

func (r *Repository) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

func (r *Repository) objectPath(d bundle.Digest) string {
	return filepath.Join(r.dir, objectsDir, d.String())
}
