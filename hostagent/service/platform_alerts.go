package service

import (
	"log/slog"
)

import "parley/hostagent"

// alerts remembers the alerts that were logged, so that each is logged once and not at
// every look.
type alerts struct {
	blind      bool
	ineligible map[hostagent.GuestID]string
}

// note logs when the platform is lost or is back, and which guests cannot be moved and
// why.
func (a *alerts) note(ev event, log *slog.Logger) {
	switch ev := ev.(type) {
	case hostagent.Unobserved:
		if !a.blind {
			log.Error("the platform cannot be observed: no deal is begun until it answers", "event", "platform_lost", "error", ev.Err)
		}
		a.blind = true
	case hostagent.Observed:
		if a.blind {
			log.Info("the platform is observed again", "event", "platform_back")
		}
		a.blind = false
		now := map[hostagent.GuestID]string{}
		for _, g := range ev.Observation.Guests {
			if g.Ineligible == "" {
				continue
			}
			now[g.ID] = g.Ineligible
			if a.ineligible[g.ID] != g.Ineligible {
				log.Warn("a guest cannot be moved", "event", "guest_ineligible", "guest", g.Name, "reason", g.Ineligible)
			}
		}
		a.ineligible = now
	}
}
