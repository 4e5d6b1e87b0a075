package service

import (
	"time"

	"parley/hostagent"
)

// history keeps the deals of this run of the daemon: those in flight, and the
// last that ended.
type history struct {
	inFlight []DealStatus
	ended    []DealStatus
}

// historyMax bounds the deals that are remembered once they have ended.
const historyMax = 1000

func (h *history) note(story hostagent.Story, at time.Time) {
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
	h.ended = append(h.ended, now)
	if extra := len(h.ended) - historyMax; extra > 0 {
		h.ended = append([]DealStatus(nil), h.ended[extra:]...)
	}
}
