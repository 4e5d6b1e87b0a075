package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/models/publish/bundle"
)

// Quorum says which keys have signed under a root, and how many must.
type Quorum struct {
	Root   uint64   `json:"root"` // version
	Signed []string `json:"signed"`
	Need   int      `json:"need"`
	Of     []string `json:"of"` // names of all keys of the root
}

// Reached reports whether enough keys have signed.
func (q Quorum) Reached() bool { return len(q.Signed) >= q.Need }

func (q Quorum) String() string {
	signed := "no key"
	if len(q.Signed) > 0 {
		signed = strings.Join(q.Signed, ", ")
	}
	return fmt.Sprintf("%d of %d needed have signed under root %d: %s (keys that may sign: %s)", len(q.Signed), q.Need, q.Root, signed,
		strings.Join(q.Of, ", "))
}

// Quorums returns the progress of signing a draft: under the current root, and, when
// the draft changes the keys, also under the new one.
func (r *Repository) Quorums(d Draft) (list []Quorum) {
	roots := []bundle.Root{r.anchor.Root}
	if d.Release.Root != nil {
		roots = append(roots, *d.Release.Root)
	}
	for _, root := range roots {
		q := Quorum{Root: root.Version, Signed: append([]string{}, d.Signed.SignedBy(root)...), Need: root.Threshold}
		for _, k := range root.Keys {
			q.Of = append(q.Of, k.Name)
		}
		list = append(list, q)
	}
	return list
}

// Sign adds a key's signature to the kept draft. It rejects a key of no root, whose
// signature would not count.
func (r *Repository) Sign(key bundle.Private) (Draft, error) {
	d, ok, err := r.Pending()
	if err != nil {
		return d, err
	}
	if !ok {
		return d, errors.New("there is no draft to sign: make one with `parley policy build`")
	}
	if !r.counts(d, key.Public()) {
		return d, mayNotSign(r, d, key.Public())
	}
	if err := r.publishable(d); err != nil {
		return d, err
	}
	d.Signed = d.Signed.Sign(key)
	return d, replaceFile(r.path(draftFile), d.Signed.Encode())
}

// publishable says why a draft must not be published, whoever made it. Parts that equal
// the latest release are exempt, because a rollback in an emergency takes them over
// unchanged.
func (r *Repository) publishable(d Draft) error {
	roster, err := bundle.DecodeRoster(d.objects[d.Release.Roster.Digest])
	latest, published := r.Latest()
	if err == nil && !(published && latest.Roster == d.Release.Roster) {
		err = roster.Publishable()
	}
	for _, p := range d.Release.Policies {
		if err == nil && !r.published(p) {
			err = p.Publishable()
		}
	}
	return err
}

// published reports whether an earlier release had a policy with these targets and
// stages.
func (r *Repository) published(p bundle.Policy) bool {
	return slices.ContainsFunc(r.chain, func(l link) bool {
		return slices.ContainsFunc(withoutCanary(l.release.Policies), func(old bundle.Policy) bool { return sameButSource(old, p) }) ||
			slices.ContainsFunc(l.release.Policies, func(old bundle.Policy) bool { return sameButSource(old, p) })
	})
}

// MaySign says why a key may not sign the next release, going by cluster.yaml and the root in
// force; nil if it may.
func (r *Repository) MaySign(key bundle.Public) error {
	root, err := r.nextRoot()
	if err != nil {
		return fmt.Errorf("%s: %w", r.path(clusterFile), err)
	}
	if d := (Draft{Release: bundle.Release{Root: root}}); !r.counts(d, key) {
		return mayNotSign(r, d, key)
	}
	return nil
}

func mayNotSign(r *Repository, d Draft, key bundle.Public) error {
	return fmt.Errorf("the key %s is not one of those that may sign: %v", key, r.Quorums(d)[0].Of)
}

func (r *Repository) counts(d Draft, public bundle.Public) bool {
	is := func(k bundle.Key) bool { return k.Public.ID() == public.ID() }
	return slices.ContainsFunc(r.anchor.Root.Keys, is) || d.Release.Root != nil && slices.ContainsFunc(d.Release.Root.Keys, is)
}

// Append publishes the kept draft as the latest release. It rejects what hosts would
// reject: a draft without a quorum, expired, or with an invalid roster.
func (r *Repository) Append(now time.Time) (bundle.Release, error) {
	d, ok, err := r.Pending()
	if err != nil {
		return bundle.Release{}, err
	}
	if !ok {
		return bundle.Release{}, errors.New("there is no draft to publish: make one with `parley policy build`")
	}
	release, next, err := r.anchor.Next(d.Signed)
	if err != nil {
		return release, err
	}
	if err := r.publishable(d); err != nil {
		return release, err
	}
	if release.Expires <= now.Unix() {
		return release, bundle.Refuse(bundle.Expired, "the draft of release %d expired at %s: make a new one with `parley policy build`",
			release.Version, time.Unix(release.Expires, 0).UTC().Format(time.RFC3339))
	}
	return release, r.append(link{d.Signed, release, next})
}

func (r *Repository) append(l link) error {
	err := createFile(r.path(releaseName(l.release.Version)), l.signed.Encode())
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("release %d was published meanwhile by somebody else: review it, and build again: %w", l.release.Version, err)
	}
	if err != nil {
		return err
	}
	r.chain, r.anchor = append(r.chain, l), l.anchor
	if err := r.writeAnchor(); err != nil {
		return err
	}
	return errors.Join(r.Discard(), r.prune())
}

// prune removes objects that no release names, which abandoned drafts left.
func (r *Repository) prune() error {
	named := map[string]bool{}
	for _, l := range r.chain {
		for _, ref := range refsOf(l.release) {
			named[ref.Digest.String()] = true
		}
	}
	entries, err := os.ReadDir(r.path(objectsDir))
	if err != nil {
		return fmt.Errorf("objects: %w", err)
	}
	var errs []error
	for _, entry := range entries {
		if _, err := bundle.ParseDigest(entry.Name()); err == nil && !named[entry.Name()] {
			errs = append(errs, os.Remove(filepath.Join(r.path(objectsDir), entry.Name())))
		}
	}
	return errors.Join(errs...)
}
