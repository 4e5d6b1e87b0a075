package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// objects holds what the releases name, and asks peers for what is missing.
type objects struct {
	turn  *turn
	peers *peers

	had     map[bundle.Digest][]byte // that the state names
	handed  map[bundle.Digest][]byte // by the operator, until they are needed
	fetches []fetch
	shunned map[bundle.Digest]string // who could not give an object last
}

func newObjects(t *turn, p *peers) objects {
	return objects{
		turn: t, peers: p, had: map[bundle.Digest][]byte{}, handed: map[bundle.Digest][]byte{}, shunned: map[bundle.Digest]string{},
	}
}

// fetch is an object that a peer was asked for.
type fetch struct {
	ref   bundle.Ref
	id    string
	until time.Time
}

const (
	fetchesMost = 4
	handedBytes = 64 << 20
)

// giveUp notes which peers did not answer.
func (o *objects) giveUp() {
	o.fetches = slices.DeleteFunc(o.fetches, func(x fetch) bool {
		if o.turn.wait(x.until) {
			return false
		}
		o.without(x)
		return true
	})
}

// request takes what the operator handed in, and asks peers for what is missing:
// the source of the head first.
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
	delete(o.shunned, digest)
	o.turn.emit(Objects{digest, data})
}

// hand keeps an object of the operator at hand until what names it is taken.
func (o *objects) hand(digest bundle.Digest, data []byte) {
	total := len(data)
	for _, other := range o.handed {
		total += len(other)
	}
	if total <= handedBytes {
		o.handed[digest] = data
	}
}

// fetch asks for an object: the peer that the head came from, or any other that does
// not rest, rather than the one that did not have this object last.
func (o *objects) fetch(ref bundle.Ref, source string) {
	list, soonest := o.peers.withObjects()
	if others := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == o.shunned[ref.Digest] }); len(others) > 0 {
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
	o.shunned[x.ref.Digest] = x.id
	o.peers.lacks(x.id)
}

// fetched takes an answer, whose object is kept where it is still needed. An error is a
// refusal: it is not what was asked for.
func (o *objects) fetched(ev Fetched, needs []bundle.Ref) error {
	i := slices.IndexFunc(o.fetches, func(x fetch) bool { return x.ref.Digest == ev.Digest && x.id == ev.From })
	if i < 0 {
		return nil // of a question that was given up
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

// forget drops the objects that nothing names any more.
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
	for digest := range o.shunned {
		if !named[digest] {
			delete(o.shunned, digest)
		}
	}
}

// hasFiles says whether all files of a policy are here.
func (o *objects) hasFiles(p bundle.Policy) bool {
	for _, e := range p.Files {
		if _, ok := o.had[e.Digest]; !ok {
			return false
		}
	}
	return true
}

// text is a policy with its files, which are all here.
func (o *objects) text(p bundle.Policy) Text {
	files := map[string][]byte{}
	for _, e := range p.Files {
		files[e.Path] = o.had[e.Digest]
	}
	return Text{p, files}
}

// moments are those that questions wait for.
func (o *objects) moments() (list []*time.Time) {
	for i := range o.fetches {
		list = append(list, &o.fetches[i].until)
	}
	return list
}
