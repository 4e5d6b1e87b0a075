package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// head is the release at the anchor; Version 0: it is missing.
type head struct {
	bundle.Release
	wanted []wanted // its policies
	source string   // the peer that sent it
}

func (h *head) set(r bundle.Release) {
	h.Release, h.wanted = r, nil
	if r.Version == 0 {
		return
	}
	for _, p := range r.Policies {
		h.wanted = append(h.wanted, wanted{p, p.Digest(), p.Content()})
	}
}

// wants returns the index of the head's policy that a halt concerns; -1: none.
func (h *head) wants(o bundle.Halt) int {
	return slices.IndexFunc(h.wanted, func(w wanted) bool { return w.digest == o.Digest && w.policy.Name == o.Policy })
}

// expired reports whether the head has expired.
func (h *head) expired(now time.Time) bool { return !moment(h.Expires).After(now) }

// has reports whether a policy belongs to the head.
func (h *head) has(digest bundle.Digest) bool {
	return slices.ContainsFunc(h.wanted, func(w wanted) bool { return w.digest == digest })
}

// misses reports whether a release is the one at the anchor, of which only the digest
// is known: trust in the anchor includes this release.
func (h *head) misses(at bundle.Anchor, version uint64, digest bundle.Digest) bool {
	return h.Version == 0 && version == at.Version && digest == at.Digest
}
