package service

import (
	"log/slog"
	"maps"
	"slices"

	"parley/hostagent"
	"parley/hostagent/api"
)

// This file reports the targets and guests that this host avoids for a time, and why.

func (d *directory) backOffs(list []hostagent.Failing, names map[hostagent.GuestID]string) (shown []api.BackOffStatus) {
	for _, f := range list {
		one := api.BackOffStatus{
			Target: string(f.Host), Name: d.name(f.Host), Whole: f.Whole, Guests: make([]string, len(f.Guests)),
			Times: f.Times, Since: f.Since, Until: f.Until, Why: d.reason(f.Why),
		}
		for i, guest := range f.Guests {
			one.Guests[i] = guestName(names, guest)
		}
		shown = append(shown, one)
	}
	return shown
}

func (d *directory) duels(list []hostagent.Duel, names map[hostagent.GuestID]string) (shown []api.DuelStatus) {
	for _, duel := range list {
		shown = append(shown, api.DuelStatus{
			Guest: string(duel.Guest), Name: guestName(names, duel.Guest), Times: duel.Times, By: byName(duel, d.name),
			Last: duel.Last, Until: duel.Until,
		})
	}
	return shown
}

// byName is the name of the host whose policy moved a guest back; "" if none did.
func byName(d hostagent.Duel, name func(hostagent.HostID) string) string {
	if d.By == "" {
		return ""
	}
	return name(d.By)
}

// guestName returns the name of a guest, or its id if the guest is no longer here.
func guestName(names map[hostagent.GuestID]string, guest hostagent.GuestID) string {
	if name := names[guest]; name != "" {
		return name
	}
	return string(guest)
}

// avoided remembers the targets and guests that were avoided at the last look, so that
// the log reports the beginning and the end of each once.
type avoided struct {
	targets map[hostagent.HostID]bool
	guests  map[hostagent.GuestID]bool
}

// note logs what began and what ended since the last call. A target that is avoided for
// a single guest only is not logged: the log has the failed deal.
func (a *avoided) note(failing []hostagent.Failing, duels []hostagent.Duel, name func(hostagent.HostID) string, log *slog.Logger) {
	targets := map[hostagent.HostID]bool{}
	for _, f := range failing {
		if !f.Whole {
			continue
		}
		targets[f.Host] = true
		if !a.targets[f.Host] {
			log.Warn("nothing is moved to a target for a while: migrations to it fail", "event", "backoff_began",
				"target", name(f.Host), "times", f.Times, "since", f.Since, "until", f.Until, "reason", f.Why)
		}
	}
	guests := map[hostagent.GuestID]bool{}
	for _, d := range duels {
		guests[d.Guest] = true
		if !a.guests[d.Guest] {
			log.Warn("policies leave a guest alone for a while: somebody else, or another policy, moves it back", "event", "duel_began",
				"guest", d.Guest, "times", d.Times, "by", hostagent.Mover(byName(d, name)), "until", d.Until)
		}
	}
	for _, host := range slices.Sorted(maps.Keys(a.targets)) {
		if !targets[host] {
			log.Info("the back-off of a target has ended", "event", "backoff_ended", "target", name(host))
		}
	}
	for _, guest := range slices.Sorted(maps.Keys(a.guests)) {
		if !guests[guest] {
			log.Info("policies may move a guest again that was moved back", "event", "duel_ended", "guest", guest)
		}
	}
	a.targets, a.guests = targets, guests
}
