package follow

import (
	"context"
	"errors"
	"time"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// Verdict says what the network does with a notice: forward it, blame its sender, or
// neither.
type Verdict int

// The verdicts.
const (
	Ignore Verdict = iota // old, or of a publisher that is not followed
	Accept                // news
	Reject                // what no honest host sends
)

// stand is a snapshot of a follower's position, for other goroutines.
type stand struct {
	anchor bundle.Anchor
	listed func(id string) bool
}

// stand updates the snapshot of a follower.
func (d *Driver) stand(f *followed) {
	version, digest := f.follower.Position()
	roster, _ := f.follower.Roster()
	now := stand{
		anchor: bundle.Anchor{Publisher: f.name, Root: f.follower.Root(), Version: version, Digest: digest},
		listed: func(id string) bool { _, ok := roster.Find(id); return ok },
	}
	d.mu.Lock()
	d.stands[f.name] = now
	d.mu.Unlock()
}

func (d *Driver) standOf(publisher string) (stand, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, ok := d.stands[publisher]
	return at, ok
}

// Validate judges a gossip notice, and passes on news to the loop.
func (d *Driver) Validate(from lcc.PeerID, data []byte) Verdict {
	n, err := bundle.DecodeNotice(data)
	if err != nil {
		return Reject
	}
	switch {
	case n.Head != nil:
		return d.head(from, n.Head)
	case n.Heartbeat != nil:
		return d.heartbeat(from, *n.Heartbeat)
	}
	return d.halt(from, *n.Halt)
}

// head accepts the next release, and a later one that the keys in force vouch for. A
// later release without that may follow a change of keys that is not known here: it is
// requested but not forwarded.
func (d *Driver) head(from lcc.PeerID, data []byte) Verdict {
	s, err := bundle.DecodeSigned(data)
	if err != nil {
		return Reject
	}
	r, err := s.Release()
	if err != nil {
		return Reject
	}
	at, ok := d.standOf(r.Publisher)
	if !ok {
		return Ignore
	}
	_, _, err = at.anchor.Next(s)
	verdict := Accept
	switch bundle.CodeOf(err) {
	case "":
	case bundle.Rollback:
		return Ignore // or merely late, and of no use to anyone
	case bundle.Gap:
		if !at.anchor.Vouches(s) {
			verdict = Ignore
		}
	case bundle.Equivocation, bundle.Fork:
		if !at.anchor.Vouches(s) {
			return Reject
		}
	default:
		return Reject
	}
	if r.Version == at.anchor.Version && s.Digest() == at.anchor.Digest {
		return Ignore
	}
	d.post(r.Publisher, chain.Heard{From: string(from), Signed: s})
	return verdict
}

func (d *Driver) heartbeat(from lcc.PeerID, h bundle.Heartbeat) Verdict {
	at, ok := d.standOf(h.Publisher)
	if !ok {
		return Ignore
	}
	if err := h.Check(at.anchor.Root); err != nil {
		if h.Version != at.anchor.Version {
			return Ignore // a release that is not known here may have added or removed its key
		}
		return Reject
	}
	if !d.newer(h, at.anchor.Version) {
		return Ignore // it was forwarded already
	}
	d.post(h.Publisher, chain.Beat{From: string(from), Heartbeat: h})
	return Accept
}

// beat is the latest heartbeat of a publisher that was forwarded.
type beat struct {
	version uint64
	at      int64
}

// newer reports whether a heartbeat is about the release in force or a later one, and
// newer than the forwarded ones. One from the future, perhaps from a wrong clock, does
// not block later ones.
func (d *Driver) newer(h bundle.Heartbeat, inForce uint64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	last := d.beats[h.Publisher]
	if h.Version < inForce || h.At <= last.at && h.Version <= last.version {
		return false
	}
	d.beats[h.Publisher] = beat{h.Version, min(h.At, time.Now().Unix())}
	return true
}

func (d *Driver) halt(from lcc.PeerID, h bundle.Halt) Verdict {
	at, ok := d.standOf(h.Publisher)
	if !ok || !at.listed(h.Host) {
		return Ignore
	}
	verify := func(id string, text, signature []byte) bool { return d.o.Verify(lcc.PeerID(id), text, signature) }
	if err := h.Check(verify); err != nil {
		return Reject
	}
	d.post(h.Publisher, chain.Halted{From: string(from), Halt: h})
	return Accept
}

// Notify handles a notice from this host's operator: a heartbeat.
func (d *Driver) Notify(ctx context.Context, data []byte) error {
	n, err := bundle.DecodeNotice(data)
	if err != nil {
		return err
	}
	if n.Heartbeat == nil {
		return errors.New("a notice that is handed in is a heartbeat: `parley policy publish` hands in a release")
	}
	at, ok := d.standOf(n.Heartbeat.Publisher)
	if !ok {
		return bundle.Refuse(bundle.OtherPublisher, "this host does not follow %q", n.Heartbeat.Publisher)
	}
	if err := n.Heartbeat.Check(at.anchor.Root); err != nil {
		return err
	}
	return d.call(ctx, func() { d.post(n.Heartbeat.Publisher, chain.Beat{Heartbeat: *n.Heartbeat}) })
}
