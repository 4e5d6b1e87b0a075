package chain

import (
	"slices"

	"parley/models/publish/bundle"
)

// needs returns the objects that the state names, each once: the roster first, then the
// files of the head, then those of active policies and their fallbacks.
func (s *state) needs(of *head) (refs []bundle.Ref) {
	have := map[bundle.Digest]bool{}
	add := func(ref bundle.Ref) {
		if ref != (bundle.Ref{}) && !have[ref.Digest] {
			have[ref.Digest] = true
			refs = append(refs, ref)
		}
	}
	addAll := func(p bundle.Policy) {
		for _, e := range p.Files {
			add(e.Ref())
		}
	}
	add(of.Roster)
	add(s.Roster)
	for _, p := range of.Policies {
		addAll(p)
	}
	for _, a := range s.Active {
		addAll(a.Policy)
		if a.Before != nil {
			addAll(a.Before.Policy)
		}
	}
	return refs
}

// Named returns the digests of the objects that are still needed, sorted. All others
// may be deleted from disk.
func (f *Follower) Named() (list []bundle.Digest) {
	for _, ref := range f.state.needs(&f.head) {
		list = append(list, ref.Digest)
	}
	slices.SortFunc(list, func(a, b bundle.Digest) int { return slices.Compare(a[:], b[:]) })
	return list
}

// place returns this host's position in the chain. A release from the future is not
// requested again.
func (f *Follower) place() place {
	at := f.state.Anchor.Version
	had := f.head.Version > 0
	lags := f.intake.later == nil && (f.intake.ahead > at || f.heart.rumour.sought(at, f.turn.now) || !had && at > 0)
	return place{version: at, had: had, lags: lags, waits: f.intake.later != nil, idle: len(f.intake.queue) == 0 && f.keep.settled()}
}

// requestObjects requests the objects of the release in force; those of releases in
// between are not needed.
func (f *Follower) requestObjects() {
	f.objects.giveUp()
	if len(f.intake.queue) > 0 {
		return
	}
	f.objects.request(f.state.needs(&f.head), f.head.source)
	if f.keep.settled() {
		clear(f.objects.handed) // no pending release could name the rest
	}
}

func (f *Follower) fetched(ev Fetched) {
	if ev.From == "" {
		f.objects.hand(ev.Digest, ev.Data)
		return
	}
	if err := f.objects.fetched(ev, f.state.needs(&f.head)); err != nil {
		f.refusals.add(ev.From, f.head.Version, err)
		f.turn.blame(ev.From, bundle.CodeOf(err))
	}
}
