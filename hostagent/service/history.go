package service

import (
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
)

// history keeps the deals in flight and the last deals that ended, including earlier
// runs of the daemon.
type history struct {
	inFlight []api.DealStatus
	ended    []api.DealStatus
}

// historyMax bounds the number of remembered deals that have ended.
const historyMax = 1000

func (h *history) note(story hostagent.DealChanged, at time.Time) {
	now := dealStatus(story, at)
	rest := h.inFlight[:0]
	for _, deal := range h.inFlight {
		if deal.Deal != now.Deal || deal.Side != now.Side {
			rest = append(rest, deal)
		}
	}
	h.inFlight = rest
	if !story.State.Ended() {
		h.inFlight = append(h.inFlight, now)
		return
	}
	if story.State == hostagent.Refused {
		h.dropSame(now)
	}
	h.add(now)
	if extra := len(h.ended) - historyMax; extra > 0 {
		h.ended = append([]api.DealStatus(nil), h.ended[extra:]...)
	}
}

// add adds a deal that has ended. A deal that needed a person and has been settled since
// ends twice: then its first end is dropped, because nobody is needed any more.
func (h *history) add(now api.DealStatus) {
	h.ended = slices.DeleteFunc(h.ended, func(d api.DealStatus) bool {
		return d.State == string(hostagent.Stuck) && d.Deal == now.Deal && d.Side == now.Side
	})
	h.ended = append(h.ended, now)
}

// sameWithin is how many ended deals dropSame searches for an equal refusal.
const sameWithin = 50

// dropSame drops an earlier refusal with the same guest, hosts and reason: a policy
// that asks repeatedly must not displace all other entries.
func (h *history) dropSame(now api.DealStatus) {
	for i := len(h.ended) - 1; i >= max(0, len(h.ended)-sameWithin); i-- {
		d := h.ended[i]
		if d.State == now.State && d.Guest == now.Guest && d.Source == now.Source && d.Target == now.Target && d.Reason == now.Reason {
			h.ended = append(h.ended[:i:i], h.ended[i+1:]...)
			return
		}
	}
}

// leftFor returns the host to which a guest of this host went last, and when, unless it
// came back since. It is what this host knows: the guest may have moved on.
func (h *history) leftFor(guest string) (to hostagent.HostID, at time.Time, ok bool) {
	for _, d := range slices.Backward(h.ended) {
		if d.State == string(hostagent.Done) && (d.Guest == guest || d.Name == guest) {
			return hostagent.HostID(d.Target), d.At, d.Side == string(hostagent.SourceSide)
		}
	}
	return "", time.Time{}, false
}
