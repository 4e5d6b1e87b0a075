package repository

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"parley/models/publish/bundle"
)

// Draft is an unpublished release with its objects and its signatures so far.
type Draft struct {
	Release bundle.Release
	Signed  bundle.Signed
	objects map[bundle.Digest][]byte
}

// DraftOptions configure a draft.
type DraftOptions struct {
	Now   time.Time // creation time
	Note  string    // note for people
	Dirty bool      // take files that differ from the commit of the checkout
}

// NotCommitted says that files without another fault differ from the commit of the checkout.
type NotCommitted struct{ Files []string }

// Error lists the files, or the first few.
func (e *NotCommitted) Error() string {
	return fmt.Sprintf("%s in no commit, so nobody could say later what was published: commit first, or give --dirty:\n  %s",
		areThey(e.Files), strings.Join(firstFew(e.Files), "\n  "))
}

// Draft makes the next release from cluster.yaml and the policies. It writes nothing.
func (r *Repository) Draft(o DraftOptions) (Draft, error) {
	git, err := lookAtCheckout(r.dir)
	if err != nil && !o.Dirty {
		return Draft{}, err
	}
	// Faults come first: who commits should not find them only afterwards.
	policies, err := r.Policies()
	if err != nil {
		return Draft{}, err
	}
	release, roster, err := r.next(o)
	if err != nil {
		return Draft{}, err
	}
	if len(git.changed) > 0 && !o.Dirty {
		return Draft{}, &NotCommitted{git.changed}
	}
	d := Draft{Release: release, objects: map[bundle.Digest][]byte{release.Roster.Digest: roster}}
	for _, p := range policies {
		d.Release.Policies = append(d.Release.Policies, r.settle(p.release(git.source(p.Name))))
		for _, f := range p.Models {
			d.objects[f.SHA256] = f.Text
		}
	}
	d.Signed, err = d.Release.Draft()
	return d, err
}

// next returns the next release without policies, and its roster as an object.
func (r *Repository) next(o DraftOptions) (bundle.Release, []byte, error) {
	root, err := r.nextRoot()
	if err != nil {
		return bundle.Release{}, nil, fmt.Errorf("%s: %w", r.path(clusterFile), err)
	}
	if err := r.cluster.Roster().Publishable(); err != nil {
		return bundle.Release{}, nil, fmt.Errorf("%s: %w", r.path(clusterFile), err)
	}
	roster := r.cluster.Roster().Encode()
	release := r.bare(o)
	release.Root, release.Roster = root, bundle.RefOf(roster)
	return release, roster, nil
}

// bare returns the fields that every next release has.
func (r *Repository) bare(o DraftOptions) bundle.Release {
	return bundle.Release{
		Format: bundle.Format, Publisher: r.anchor.Publisher, Version: r.anchor.Version + 1, Previous: r.anchor.Digest,
		Created: o.Now.Unix(), Expires: o.Now.Add(time.Duration(r.cluster.Expires)).Unix(),
		StaleAfter: int64(time.Duration(r.cluster.StaleAfter) / time.Second), Note: o.Note,
		Policies: []bundle.Policy{},
	}
}

// settle keeps the source of an unchanged policy: a new commit alone must not make it a
// different policy, which hosts would try again.
func (r *Repository) settle(p bundle.Policy) bundle.Policy {
	latest, _ := r.Latest()
	for _, before := range latest.Policies {
		if before.Source.Commit != "" && !before.Source.Dirty && sameButSource(before, p) {
			return before
		}
	}
	return p
}

func sameButSource(a, b bundle.Policy) bool {
	a.Source, b.Source = bundle.Source{}, bundle.Source{}
	return a.Digest() == b.Digest()
}

// Rollback makes a draft that puts the policies of an earlier release in force again,
// on all hosts at once and without stages. Roster and keys stay as in the latest
// release.
func (r *Repository) Rollback(version uint64, o DraftOptions) (Draft, error) {
	old, err := r.Release(version)
	if err != nil {
		return Draft{}, err
	}
	latest, _ := r.Latest()
	if version == latest.Version {
		return Draft{}, fmt.Errorf("release %d is the latest: there is nothing to go back to", version)
	}
	d := Draft{Release: r.bare(o), objects: map[bundle.Digest][]byte{}}
	d.Release.Roster, d.Release.Policies = latest.Roster, withoutCanary(old.Policies)
	d.Release.StaleAfter = latest.StaleAfter
	for _, ref := range refsOf(d.Release) {
		if d.objects[ref.Digest], err = r.object(ref); err != nil {
			return Draft{}, err
		}
	}
	d.Signed, err = d.Release.Draft()
	return d, err
}

func withoutCanary(policies []bundle.Policy) []bundle.Policy {
	policies = slices.Clone(policies)
	for i := range policies {
		policies[i].Canary = nil
	}
	return policies
}

// Keep writes a draft for signing, and replaces an earlier one.
func (r *Repository) Keep(d Draft) error {
	for digest, data := range d.objects {
		if err := keepObject(r.objectPath(digest), data); err != nil {
			return err
		}
	}
	return replaceFile(r.path(draftFile), d.Signed.Encode())
}

// Pending returns the kept draft; false when there is none. A draft that does not
// follow the latest release is an error: it is a leftover.
func (r *Repository) Pending() (d Draft, ok bool, err error) {
	path := r.path(draftFile)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d, false, nil
	case err != nil:
		return d, false, fmt.Errorf("draft: %w", err)
	}
	if d.Signed, err = bundle.DecodeSigned(data); err == nil {
		d.Release, err = d.Signed.Release()
	}
	if err != nil {
		return d, false, fmt.Errorf("%s: %w: make a new one with `parley policy build`", path, err)
	}
	if d.Release.Version != r.anchor.Version+1 || d.Release.Previous != r.anchor.Digest || d.Release.Publisher != r.anchor.Publisher {
		return d, false, fmt.Errorf("%s is a draft of release %d, and release %d is the latest: make a new one with `parley policy build`", path,
			d.Release.Version, r.anchor.Version)
	}
	d.objects = map[bundle.Digest][]byte{}
	for _, ref := range refsOf(d.Release) {
		if d.objects[ref.Digest], err = r.object(ref); err != nil {
			return d, false, err
		}
	}
	return d, true, nil
}

// Discard deletes the kept draft.
func (r *Repository) Discard() error {
	if err := os.Remove(r.path(draftFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("draft: %w", err)
	}
	return nil
}

// Stale says where a draft differs from the current cluster.yaml and policies; "" when
// it does not. It ignores creation time, note and commit, and a rollback, which is not
// made from the files.
func (r *Repository) Stale(d Draft) (string, error) {
	if r.RolledBackTo(d) > 0 {
		return "", nil
	}
	now, err := r.Draft(DraftOptions{Now: time.Unix(d.Release.Created, 0), Note: d.Release.Note, Dirty: true})
	if err != nil {
		return "", err
	}
	if len(now.Release.Policies) == len(d.Release.Policies) {
		for i, p := range d.Release.Policies {
			if sameButSource(p, now.Release.Policies[i]) {
				now.Release.Policies[i].Source = p.Source
			}
		}
	}
	if bytes.Equal(now.Release.Encode(), d.Release.Encode()) {
		return "", nil
	}
	changes := compare(state{d.Release, d.roster(), r.rootOf(d)}, state{now.Release, now.roster(), r.rootOf(now)})
	if len(changes) == 0 {
		return "another time of expiry", nil
	}
	return changes[0].String(), nil
}

// RolledBackTo returns the latest release whose policies a draft puts in force again
// without other changes; 0 when it is no rollback.
func (r *Repository) RolledBackTo(d Draft) uint64 {
	latest, ok := r.Latest()
	if !ok || d.Release.Root != nil || d.Release.Roster != latest.Roster {
		return 0
	}
	for version := latest.Version - 1; version > 0; version-- {
		of := bundle.Release{Policies: withoutCanary(r.chain[version-1].release.Policies)}
		if bytes.Equal(of.Encode(), bundle.Release{Policies: d.Release.Policies}.Encode()) {
			return version
		}
	}
	return 0
}

func areThey(files []string) string {
	if len(files) == 1 {
		return "1 file is"
	}
	return fmt.Sprintf("%d files are", len(files))
}

// firstFew shortens a list for people.
func firstFew(list []string) []string {
	const few = 5
	if len(list) <= few {
		return list
	}
	return append(slices.Clone(list[:few]), fmt.Sprintf("and %d more", len(list)-few))
}
