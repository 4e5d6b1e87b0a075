package chain

import (
	"parley/models/publish/bundle"
)

// beat handles a heartbeat: the publisher is alive, and names its latest release.
func (f *Follower) beat(from string, h bundle.Heartbeat) {
	at := f.state.Anchor
	switch {
	case h.Publisher != at.Publisher:
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.OtherPublisher, "a heartbeat of %s", plain(h.Publisher)))
	case h.Version < at.Version:
		// It is late, and perhaps signed by a key that no longer counts.
		if from == "" {
			f.refusals.add("", h.Version, bundle.Refuse(bundle.Rollback, "a heartbeat of release %d of %s, and %d is in force", h.Version,
				h.Publisher, at.Version))
		}
	case h.Version == at.Version && h.At <= f.state.lastBeat(f.turn.now):
		// It is known already.
	case h.Check(at.Root) != nil:
		f.wrongBeat(from, h, h.Check(at.Root))
	case moment(h.At).After(f.turn.now.Add(skewMost)):
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.NotYet, "a heartbeat of %s of %s, and it is %s here: one of the clocks is wrong",
			h.Publisher, stamp(moment(h.At)), stamp(f.turn.now)))
	case h.Version == at.Version && h.Digest != at.Digest:
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.Equivocation, "a heartbeat of %s speaks of another release %d than the one in force",
			h.Publisher, h.Version))
	default:
		f.heardBeat(from, h)
	}
}

// wrongBeat refuses a heartbeat without a signature of the root's keys. After a change
// of keys it may be valid, and its sender may have more releases.
func (f *Follower) wrongBeat(from string, h bundle.Heartbeat, err error) {
	f.refusals.add(from, h.Version, err)
	if h.Version == f.state.Anchor.Version {
		f.turn.blame(from, bundle.CodeOf(err))
		return
	}
	f.peers.claims(from, h.Version)
}

func (f *Follower) heardBeat(from string, h bundle.Heartbeat) {
	switch at := f.state.Anchor; {
	case h.Version > at.Version:
		if f.heart.heardAhead(h, at.Version) {
			f.peers.claims(from, at.Version+1)
		}
	default:
		f.state.Beat = h.At
		// Not every heartbeat is written to disk: a small loss in a crash is harmless.
		if h.At >= f.heart.kept+60 || f.heart.stale {
			f.heart.kept = h.At
			f.keep.change()
		}
	}
	if from == "" {
		f.turn.emit(Spread{bundle.Notice{Heartbeat: &h}})
	}
}

// watchHeartbeat does nothing while this host catches up, because it would report about
// releases in between.
func (f *Follower) watchHeartbeat() {
	if r := f.keep.durable.head; r.Version > 0 && (len(f.intake.queue) == 0 || f.keep.err != "") {
		f.heart.watch(r, f.state.lastBeat(f.turn.now))
	}
}
