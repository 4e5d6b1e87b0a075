package follow

import (
	"context"
	"errors"
	"fmt"

	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// Published is the result of handing in an archive.
type Published struct {
	Publisher string `json:"publisher"`
	Version   uint64 `json:"version"` // in force here now
	Digest    string `json:"digest"`
	Detail    string `json:"detail"`
	// Policies is the state of each of its policies on this host.
	Policies []chain.PolicyStatus `json:"policies"`
}

// waiter waits until a release is in force or refused.
type waiter struct {
	version uint64
	digest  bundle.Digest
	answer  chan error // holds one
}

// Publish handles an archive from this host's operator, with the same checks as for a
// peer's data. It waits until the last release is in force or refused. The error is a
// *bundle.Refusal when the archive is at fault.
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
		return Published{}, fmt.Errorf("release %d is neither in force nor refused yet; `parley policy status` shows what becomes of it: %w",
			r.Version, ctx.Err())
	}
}

// errWait says that the answer follows later.
var errWait = errors.New("wait")

// take passes an archive to the follower of its publisher.
func (d *Driver) take(a bundle.Archive, r bundle.Release, w waiter) error {
	for _, f := range d.chains {
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
	return bundle.Refuse(bundle.OtherPublisher, "this host does not follow %q: name its anchor under `publishers` in the configuration",
		r.Publisher)
}

func (d *Driver) published(ctx context.Context, r bundle.Release, s bundle.Signed) Published {
	p := Published{Publisher: r.Publisher, Version: r.Version, Digest: s.Digest().String(),
		Detail: fmt.Sprintf("release %d of %s is in force here and spreads to all hosts", r.Version, r.Publisher)}
	list, err := d.Status(ctx)
	if err != nil {
		return p // the agent is stopping, or the caller is gone
	}
	for _, status := range list {
		if status.Publisher == r.Publisher {
			p.Policies = status.Policies
		}
	}
	return p
}

// stands reports whether a release is in force. An anchor may be at a release that has
// not arrived yet.
func (f *followed) stands(w waiter) bool {
	s := f.follower.Status()
	return s.Version == w.version && s.Digest == w.digest && !s.Created.IsZero()
}

// answerWaiters answers the waiters whose release is in force.
func (f *followed) answerWaiters() {
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

// refuseWaiters answers the waiters whose release was refused. Refused data of a peer
// does not concern them.
func (f *followed) refuseWaiters(e chain.Refused) {
	if e.From != "" || ofPolicy(e.Code) {
		return
	}
	for _, w := range f.waiting {
		w.answer <- bundle.Refuse(e.Code, "%s", e.Detail)
	}
	f.waiting = nil
}

// ofPolicy reports whether a code concerns one policy only; its release is in force all
// the same.
func ofPolicy(code bundle.Code) bool {
	switch code {
	case bundle.NotChecked, bundle.NoVocabulary, bundle.NotAccepted, bundle.NotRun, bundle.Quarantined, bundle.Halted:
		return true
	}
	return false
}
