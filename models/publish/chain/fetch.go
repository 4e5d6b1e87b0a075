package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// fetch is an object that a peer was asked for.
type fetch struct {
	ref   bundle.Ref
	id    string
	until time.Time
}

const (
	fetchesMost = 4
	pauseLeast  = 250 * time.Millisecond // after a peer did not have an object
	pauseMost   = 30 * time.Second
	liarPause   = 10 * time.Minute
	handedBytes = 64 << 20
)

// needs returns the objects that the state names, each once: the roster first, then
// the files of the head, then those of what is active and was before.
func (f *Follower) needs() (refs []bundle.Ref) {
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
	add(f.head.Roster)
	add(f.state.Roster)
	for _, p := range f.head.Policies {
		addAll(p)
	}
	for _, a := range f.state.Active {
		addAll(a.Policy)
		if a.Before != nil {
			addAll(a.Before.Policy)
		}
	}
	return refs
}

// Named returns the digests of the objects that are still needed, sorted: all others
// may be deleted from disk.
func (f *Follower) Named() (list []bundle.Digest) {
	for _, ref := range f.needs() {
		list = append(list, ref.Digest)
	}
	slices.SortFunc(list, func(a, b bundle.Digest) int { return slices.Compare(a[:], b[:]) })
	return list
}

// requestObjects takes what the operator handed in, and asks peers for what is missing.
func (f *Follower) requestObjects() {
	f.fetches = slices.DeleteFunc(f.fetches, func(x fetch) bool {
		if f.turn.wait(x.until) {
			return false
		}
		f.without(x)
		return true
	})
	if len(f.queue) > 0 {
		return // what the releases in between name is not needed
	}
	for _, ref := range f.needs() {
		if _, ok := f.objects[ref.Digest]; ok {
			continue
		}
		if data, ok := f.handed[ref.Digest]; ok && ref.Check(data) == nil {
			f.store(ref.Digest, data)
			continue
		}
		under := slices.ContainsFunc(f.fetches, func(x fetch) bool { return x.ref.Digest == ref.Digest })
		if !under && len(f.fetches) < fetchesMost {
			f.fetch(ref)
		}
	}
	if f.keep.settled() {
		clear(f.handed) // nothing is on its way that could name the rest
	}
}

func (f *Follower) store(digest bundle.Digest, data []byte) {
	f.objects[digest] = data
	delete(f.shunned, digest)
	f.turn.emit(Objects{digest, data})
}

// hand keeps an object of the operator at hand until what names it is taken.
func (f *Follower) hand(digest bundle.Digest, data []byte) {
	total := len(data)
	for _, other := range f.handed {
		total += len(other)
	}
	if total <= handedBytes {
		f.handed[digest] = data
	}
}

// fetch asks for an object: the peer that the head came from, or any other that does
// not rest, rather than the one that did not have this object last.
func (f *Follower) fetch(ref bundle.Ref) {
	var list []string
	var soonest time.Time
	for _, id := range f.ids {
		hush := f.peers[id].noObjectsUntil
		if !hush.After(f.turn.now) {
			list = append(list, id)
		} else if soonest.IsZero() || hush.Before(soonest) {
			soonest = hush
		}
	}
	if others := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == f.shunned[ref.Digest] }); len(others) > 0 {
		list = others
	}
	if len(list) == 0 {
		f.turn.wait(soonest)
		return
	}
	id := f.head.source
	if !slices.Contains(list, id) {
		id = f.turn.draw(list)
	}
	x := fetch{ref, id, f.turn.now.Add(answerAfter)}
	f.fetches = append(f.fetches, x)
	f.turn.wait(x.until)
	f.turn.emit(Fetch{From: id, Ref: ref})
}

// without notes that a peer did not give an object: it rests, each time for longer.
func (f *Follower) without(x fetch) {
	f.shunned[x.ref.Digest] = x.id
	if p := f.peers[x.id]; p != nil {
		p.objectBackoff = min(max(2*p.objectBackoff, pauseLeast), pauseMost)
		p.noObjectsUntil = f.turn.now.Add(f.turn.jitter(p.objectBackoff))
	}
}

// wakePeers asks those again that lacked something of an older release.
func (f *Follower) wakePeers() {
	for _, p := range f.peers {
		p.objectBackoff = 0
		if !p.liar || !p.noObjectsUntil.After(f.turn.now) {
			p.noObjectsUntil, p.liar = time.Time{}, false
		}
	}
}

func (f *Follower) fetched(ev Fetched) {
	if ev.From == "" {
		f.hand(ev.Digest, ev.Data)
		return
	}
	i := slices.IndexFunc(f.fetches, func(x fetch) bool { return x.ref.Digest == ev.Digest && x.id == ev.From })
	if i < 0 {
		return // of a question that was given up
	}
	x := f.fetches[i]
	f.fetches = slices.Delete(f.fetches, i, i+1)
	if ev.Err != "" {
		f.without(x)
		return
	}
	if err := x.ref.Check(ev.Data); err != nil {
		f.lied(x, err)
		return
	}
	if p := f.peers[x.id]; p != nil {
		p.objectBackoff, p.noObjectsUntil = 0, time.Time{}
	}
	if f.names(x.ref) {
		f.store(x.ref.Digest, ev.Data)
	}
}

// lied refuses an object that is not what was asked for.
func (f *Follower) lied(x fetch, err error) {
	f.without(x)
	if p := f.peers[x.id]; p != nil {
		p.noObjectsUntil, p.liar = f.turn.now.Add(liarPause), true
	}
	f.refusals.add(x.id, f.head.Version, err)
	f.turn.blame(x.id, bundle.CodeOf(err))
}

// names says whether an object is still needed, and not here.
func (f *Follower) names(ref bundle.Ref) bool {
	_, had := f.objects[ref.Digest]
	return !had && slices.Contains(f.needs(), ref)
}
