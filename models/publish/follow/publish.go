package follow

import (
	"context"
	"errors"
	"fmt"

	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// Published says what came of an archive that was handed in.
type Published struct {
	Publisher string `json:"publisher"`
	Version   uint64 `json:"version"` // that is in force here now
	Digest    string `json:"digest"`
	Detail    string `json:"detail"`
	// Policies say how far this host is with each policy of it.
	Policies []chain.PolicyStatus `json:"policies"`
}

// waiter waits until a release is in force or refused.
type waiter struct {
	version uint64
	digest  bundle.Digest
	answer  chan error // holds one
}

// Publish takes an archive that this host's operator hands in, as if a peer had sent
// it: everything in it is checked. It waits until its last release is in force or is
// refused. The error is a *bundle.Refusal where the archive is at fault.
func (d *Driver) Publish(ctx context.Context, archive []byte) (Published, error) {
	a, err := bundle.Unpack(archive)
	if err != nil {
		return Published{}, err
	}
	if len(a.Releases) == 0 {
		return Published{}, bundle.Refuse(bundle.Malformed, "the bundle holds no release")
	}
	last := a.Releases[len(a.Releases)-1]
	r, err := last.Release()
	if err != nil {
		return Published{}, err
	}
	answer := make(chan error, 1)
	var taken error
	if err := d.call(ctx, func() { taken = d.take(a, r, waiter{r.Version, last.Digest(), answer}) }); err != nil {
		return Published{}, err
	}
	if !errors.Is(taken, errWait) {
		return d.published(ctx, r, last), taken
	}
	select {
	case err := <-answer:
		return d.published(ctx, r, last), err
	case <-d.done:
		return Published{}, errors.New("the agent is stopping")
	case <-ctx.Done():
		return Published{}, fmt.Errorf("release %d is neither in force nor refused yet; `parley policy status` shows what becomes of it: %w", r.Version, ctx.Err())
	}
}

// errWait says that the answer comes later.
var errWait = errors.New("wait")

// take hands an archive to the follower of its publisher.
func (d *Driver) take(a bundle.Archive, r bundle.Release, w waiter) error {
	for _, f := range d.follows {
		if f.name != r.Publisher {
			continue
		}
		d.post(f.name, chain.Handed{Releases: a.Releases, Objects: a.Objects})
		if f.stands(w) {
			return nil // it is in force already; an object may have been missing
		}
		f.waiting = append(f.waiting, w)
		return errWait
	}
	return bundle.Refuse(bundle.OtherPublisher, "this host does not follow %q: name its anchor under `publishers` in the configuration", r.Publisher)
}

func (d *Driver) published(ctx context.Context, r bundle.Release, s bundle.Signed) Published {
	p := Published{Publisher: r.Publisher, Version: r.Version, Digest: s.Digest().String(), Detail: fmt.Sprintf("release %d of %s is in force here and goes round", r.Version, r.Publisher)}
	list, err := d.Status(ctx)
	if err != nil {
		return p // the agent is stopping, or who asked is gone
	}
	for _, status := range list {
		if status.Publisher == r.Publisher {
			p.Policies = status.Policies
		}
	}
	return p
}

// stands says whether a release is in force. An anchor may stand at one that has not
// come yet.
func (f *follow) stands(w waiter) bool {
	s := f.follower.Status()
	return s.Version == w.version && s.Digest == w.digest && !s.Created.IsZero()
}

// answerWaiters tells those whose release is in force.
func (f *follow) answerWaiters() {
	version, _ := f.follower.Position()
	var rest []waiter
	for _, w := range f.waiting {
		switch {
		case f.stands(w):
			w.answer <- nil
		case w.version < version:
			w.answer <- bundle.Refuse(bundle.Rollback, "release %d is in force by now", version)
		default:
			rest = append(rest, w)
		}
	}
	f.waiting = rest
}

// refuseWaiters tells those whose release was refused. What a peer sent is none of
// theirs.
func (f *follow) refuseWaiters(e chain.Refused) {
	if e.From != "" || ofPolicy(e.Code) {
		return
	}
	for _, w := range f.waiting {
		w.answer <- bundle.Refuse(e.Code, "%s", e.Detail)
	}
	f.waiting = nil
}

// ofPolicy says whether a code is about one policy: the release that has it is in
// force all the same.
func ofPolicy(code bundle.Code) bool {
	switch code {
	case bundle.NotChecked, bundle.NoVocabulary, bundle.NotAccepted, bundle.NotRun, bundle.Quarantined, bundle.Halted:
		return true
	}
	return false
}
