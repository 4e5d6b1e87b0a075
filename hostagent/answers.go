package hostagent

import (
	"parley/lcc"
	"slices"
)

// answers records what models were last shown, so that only changes are reported.
type answers struct {
	*turn
	load     *loads
	eligible *eligible

	recommended *recommended

	shown      []shownGuest
	spare      []shownGuest // room for the next ones
	shownLoad  float64
	shownLast  span        // what is expected to last
	shownCrowd int         // how often the time doubled that this host has been crowded
	steady     int         // samples since the last change, up to HoldSamples+1
	sampledAt  lcc.Instant // when the last sample began
}

// shownGuest is what models can learn about a guest.
type shownGuest struct {
	id    GuestID
	state GuestState
	need  Resources
	stays bool
	ranks int // its priority
	mips  float64
}

// keepSample records the load for the levels, and emits Changed when an answer of the
// vocabulary may differ.
func (a *answers) keepSample() {
	begins := a.load.levels.looks == 0 || a.now-a.sampledAt >= lcc.Instant(a.config.SampleEvery)/2
	if begins {
		a.sampledAt = a.now
	}
	a.load.levels.add(a.load.shareOf(a.load.used()), begins)
	load := a.load.shareOf(a.recommended.used())
	if a.recommended.levels != nil {
		a.recommended.levels.add(load, begins)
	}
	if begins && a.steady <= a.config.HoldSamples {
		a.steady++ // a level may take effect although nothing changes
	}
	shown := a.show()
	lasts, crowd := a.recommended.lasting(), a.load.crowdDoublings()
	if !slices.Equal(shown, a.shown) || load != a.shownLoad || crowd != a.shownCrowd {
		a.steady = 0
	}
	a.shown, a.spare, a.shownLoad, a.shownCrowd = shown, a.shown, load, crowd
	if lasts.differs(a.shownLast) {
		a.steady, a.shownLast = 0, lasts
	}
	if a.steady <= a.config.HoldSamples {
		a.emit(Changed{Names: loadNames()})
	}
}

func (a *answers) show() []shownGuest {
	shown := slices.Grow(a.spare[:0], len(a.load.guests))
	for _, t := range a.load.byID {
		shown = append(shown, shownGuest{
			t.guest.ID, t.guest.State, a.load.need(t), a.eligible.whyNotMove(t).Is(), a.load.rules(t).Priority, t.shownMIPS(),
		})
	}
	return shown
}
