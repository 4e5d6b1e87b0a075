package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// objects holds the objects that releases name, and requests missing ones from peers.
type objects struct {
	turn  *turn
	peers *peers

	had      map[bundle.Digest][]byte // named by the state
	handed   map[bundle.Digest][]byte // by the operator, until they are needed
	fetches  []fetch
	lackedBy map[bundle.Digest]string // the peer that last lacked an object
}

func newObjects(t *turn, p *peers) objects {
	return objects{
		turn: t, peers: p, had: map[bundle.Digest][]byte{}, handed: map[bundle.Digest][]byte{}, lackedBy: map[bundle.Digest]string{},
	}
}

// fetch is a pending request for an object.
type fetch struct {
	ref   bundle.Ref
	id    string
	until time.Time
}

const (
	fetchesMost = 4
	handedBytes = 64 << 20
)

// giveUp ends the requests that have timed out.
func (o *objects) giveUp() {
	o.fetches = slices.DeleteFunc(o.fetches, func(x fetch) bool {
		if o.turn.wait(x.until) {
			return false
		}
		o.without(x)
		return true
	})
}

// request takes objects that the operator handed in, and requests missing ones from
// peers, first from the source of the head.
func (o *objects) request(refs []bundle.Ref, source string) {
	for _, ref := range refs {
		if _, ok := o.had[ref.Digest]; ok {
			continue
		}
		if data, ok := o.handed[ref.Digest]; ok && ref.Check(data) == nil {
			o.store(ref.Digest, data)
			continue
		}
		under := slices.ContainsFunc(o.fetches, func(x fetch) bool { return x.ref.Digest == ref.Digest })
		if !under && len(o.fetches) < fetchesMost {
			o.fetch(ref, source)
		}
	}
}

func (o *objects) store(digest bundle.Digest, data []byte) {
	o.had[digest] = data
	delete(o.lackedBy, digest)
	o.turn.emit(Objects{digest, data})
}

// hand stores an object of the operator until the release that names it is accepted.
func (o *objects) hand(digest bundle.Digest, data []byte) {
	total := len(data)
	for _, other := range o.handed {
		total += len(other)
	}
	if total <= handedBytes {
		o.handed[digest] = data
	}
}

// fetch requests an object: from the source of the head, or any other peer that is not
// in back-off, but preferably not from the one that last lacked it.
func (o *objects) fetch(ref bundle.Ref, source string) {
	list, soonest := o.peers.withObjects()
	if others := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == o.lackedBy[ref.Digest] }); len(others) > 0 {
		list = others
	}
	if len(list) == 0 {
		o.turn.wait(soonest)
		return
	}
	id := source
	if !slices.Contains(list, id) {
		id = o.turn.draw(list)
	}
	x := fetch{ref, id, o.turn.now.Add(answerAfter)}
	o.fetches = append(o.fetches, x)
	o.turn.wait(x.until)
	o.turn.emit(Fetch{From: id, Ref: ref})
}

func (o *objects) without(x fetch) {
	o.lackedBy[x.ref.Digest] = x.id
	o.peers.lacks(x.id)
}

// fetched handles an answer and stores the object when it is still needed. An error is
// a refusal: the object is not the requested one.
func (o *objects) fetched(ev Fetched, needs []bundle.Ref) error {
	i := slices.IndexFunc(o.fetches, func(x fetch) bool { return x.ref.Digest == ev.Digest && x.id == ev.From })
	if i < 0 {
		return nil // of a request that was given up
	}
	x := o.fetches[i]
	o.fetches = slices.Delete(o.fetches, i, i+1)
	if ev.Err != "" {
		o.without(x)
		return nil
	}
	if err := x.ref.Check(ev.Data); err != nil {
		o.without(x)
		o.peers.lied(x.id)
		return err
	}
	o.peers.gave(x.id)
	if _, had := o.had[x.ref.Digest]; !had && slices.Contains(needs, x.ref) {
		o.store(x.ref.Digest, ev.Data)
	}
	return nil
}

// forget drops the objects that are no longer named.
func (o *objects) forget(needs []bundle.Ref) {
	named := map[bundle.Digest]bool{}
	for _, ref := range needs {
		named[ref.Digest] = true
	}
	for digest := range o.had {
		if !named[digest] {
			delete(o.had, digest)
		}
	}
	for digest := range o.lackedBy {
		if !named[digest] {
			delete(o.lackedBy, digest)
		}
	}
}

// hasFiles reports whether all files of a policy are here.
func (o *objects) hasFiles(p bundle.Policy) bool {
	for _, e := range p.Files {
		if _, ok := o.had[e.Digest]; !ok {
			return false
		}
	}
	return true
}

// text returns a policy with its files, all of which must be here.
func (o *objects) text(p bundle.Policy) Text {
	files := map[string][]byte{}
	for _, e := range p.Files {
		files[e.Path] = o.had[e.Digest]
	}
	return Text{p, files}
}

// moments returns pointers to the deadlines of the requests.
func (o *objects) moments() (list []*time.Time) {
	for i := range o.fetches {
		list = append(list, &o.fetches[i].until)
	}
	return list
}
