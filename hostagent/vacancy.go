package hostagent

import (
	"slices"

	"parley/hostagent/spare"
	"parley/internal/bytesize"
)

// This file answers whether this host has room for a guest that runs nowhere yet. The
// answer reserves nothing: who starts the guest does so soon, and Parley does not start it.

// Wanted is a guest that somebody wants to start.
type Wanted struct {
	Need     Resources
	Kind     Kind
	Needs    []string // what the host must offer
	Networks []string
	Rules    Rules  // where it may go
	Beside   string // the name or id of a guest that must be on the host; "": none
}

func (w Wanted) asSpare() spare.Guest {
	return spare.Guest{
		ID: "a new guest", Need: spareRoom(w.Need), Kind: string(w.Kind.Known()), Needs: w.Needs, Networks: w.Networks,
		Labels: w.Rules.Labels, Requires: w.Rules.Requires, Apart: w.Rules.Apart,
	}
}

// Vacancy is what a host says to a Wanted.
type Vacancy struct {
	Load float64   // share: with the guest
	Free Resources // without it
	Why  Refusal   // why the guest should not be started here; zero: it may be
}

// Vacancy says whether a wanted guest may be started here, by the rules that would admit it
// if it came from another host. A pause does not keep it away: it is about deals.
func (c *Core) Vacancy(w Wanted) Vacancy { return c.targets.vacancy(w) }

func (tg *targets) vacancy(w Wanted) Vacancy {
	left := minus(tg.load.platform.Capacity, tg.room.taken(false))
	left.CPU = round(left.CPU)
	v := Vacancy{Free: left, Load: tg.load.shareOf(tg.room.loadedWith(w.Need))}
	// What keeps it away for long comes before what may change soon.
	beside := func(t *tracked) bool { return t.guest.Name == w.Beside || string(t.guest.ID) == w.Beside }
	switch {
	case tg.permits.settings.Drained:
		v.Why = drained
	case !tg.load.known():
		v.Why = Refusal{CodePlatform, "the host's load is not known"}
	case w.Beside != "" && !slices.ContainsFunc(tg.load.byID, beside):
		v.Why = refusal(CodeNear, "the guest %s is not here", w.Beside)
	default:
		v.Why = tg.room.forbids(&deal{}, payload{
			Rules: w.Rules, Nature: nature{Kind: w.Kind, Needs: w.Needs, Disk: w.Need.DiskBytes}, Networks: w.Networks,
		})
	}
	if !v.Why.Is() && !tg.room.fits(w.Need) {
		v.Why = refusal(CodeNoRoom, "there is no room for it: %.3g cores and %s are left", left.CPU, bytesize.GiB(left.MemoryBytes))
	}
	if !v.Why.Is() {
		v.Why = tg.room.diskFits(w.Need.DiskBytes)
	}
	if !v.Why.Is() {
		v.Why = tg.spared.forbids(w.asSpare(), "", tg.self)
	}
	return v
}
