package service

import (
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
)

// history keeps the deals of this run of the daemon: those in flight, and the
// last that ended.
type history struct {
	inFlight []api.DealStatus
	ended    []api.DealStatus
}

// historyMax bounds the deals that are remembered once they have ended.
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
	if !ended(story.State) {
		h.inFlight = append(h.inFlight, now)
		return
	}
	if story.State == hostagent.Refused {
		h.dropSame(now)
	}
	h.ended = append(h.ended, now)
	if extra := len(h.ended) - historyMax; extra > 0 {
		h.ended = append([]api.DealStatus(nil), h.ended[extra:]...)
	}
}

// sameWithin is how far back a refusal is looked for that is the same.
const sameWithin = 50

// dropSame drops an earlier refusal of the same for the same reason: a policy
// that asks again and again must not push everything else out.
func (h *history) dropSame(now api.DealStatus) {
	for i := len(h.ended) - 1; i >= max(0, len(h.ended)-sameWithin); i-- {
		d := h.ended[i]
		if d.State == now.State && d.Guest == now.Guest && d.Source == now.Source && d.Target == now.Target && d.Reason == now.Reason {
			h.ended = append(h.ended[:i:i], h.ended[i+1:]...)
			return
		}
	}
}
