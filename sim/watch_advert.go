package sim

import (
	"time"

	"parley/hostagent/node"
	"parley/peer"
)

// heardLast is the last advert of a peer that a host heard, and when; Seq is 0: it heard none.
type heardLast struct {
	advert peer.Advert
	at     time.Duration
}

// silence is how long a peer hears nothing of another one before it may suspect it, with some
// of the time left.
const silence = 3 * peer.AdvertEvery

// hears notes an advert that a host hears. It says whether the advert repeats the last one, so
// that the host learns from it only that the other one lives, and when that was heard. One that
// another one overtook says nothing at all.
func (w *Watch) hears(at time.Duration, h, from *siteHost, a peer.Advert) (before time.Duration, repeats bool) {
	last := &w.heard[h.index*w.hosts+from.index]
	any, before := last.advert.Seq > 0, last.at
	if any && a.Incarnation == last.advert.Incarnation && a.Seq <= last.advert.Seq {
		return before, true
	}
	repeats = any && a.Repeats(last.advert) && at-before <= silence
	*last = heardLast{a, at}
	return before, repeats
}

// acts says whether there is an effect beside the alarm, and beside an advert that repeats the
// last one.
func (w *Watch) acts(h *siteHost, effects []node.Effect) (acts bool) {
	for _, e := range effects {
		told, is := e.Peer.(peer.Publish)
		if !is {
			acts = acts || e.Alarm == nil
			continue
		}
		last := &w.told[h.index]
		acts = acts || last.Seq == 0 || !told.Advert.Repeats(*last)
		*last = told.Advert
	}
	return acts
}

// Repeats says whether the advert of a turn makes no difference, however late it is: it says
// what the one before it said, and the one after it comes before its receiver suspects anybody.
func (w *Watch) Repeats(turn int) bool {
	t := w.Turns[turn]
	if t.Kind != TurnAdvert || t.met == none || t.met >= len(w.events) {
		return false
	}
	heard := w.events[t.met]
	if heard.counts {
		return false
	}
	for _, next := range w.events[t.met+1:] {
		if next.host == heard.host && next.from == heard.from && next.what == heard.what {
			return next.at-heard.before <= silence
		}
	}
	return false
}
