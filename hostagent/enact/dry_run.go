package enact

import (
	"slices"
	"time"

	"parley/lcc"
	"parley/models/publish/bundle"
)

// dryRunSteps bounds the alarms that a dry run follows.
const dryRunSteps = 100

// dryRun starts a model where nothing is known and nobody is there, and lets an hour
// of alarms pass: an agent that fails by itself there would fail here too.
func dryRun(model *lcc.Model, refuse []string) *bundle.Refusal {
	engine, err := lcc.New(model, lcc.Options{Self: "dry", World: lcc.EmptyWorld{}, Refuse: refuse})
	if err != nil {
		return refusal(bundle.NotRun, "%s: %v", model.Name(), err)
	}
	for _, role := range model.Initial() {
		if slices.Contains(refuse, role) {
			return refusal(bundle.NotAccepted, "%s begins in the role %s, which this host refuses (publishers.refuse_roles in its configuration)",
				model.Name(), role)
		}
	}
	var events []lcc.Event
	for _, start := range Starts(model, nil) {
		events = append(events, start)
	}
	now, alarm := lcc.Instant(1), lcc.Instant(0)
	for range dryRunSteps {
		for _, ev := range events {
			effects, err := engine.Step(now, ev)
			if err != nil {
				return refusal(bundle.NotRun, "%s: %v", model.Name(), err)
			}
			for _, effect := range effects {
				switch e := effect.(type) {
				case lcc.Finish:
					if e.Reason.Code != lcc.ReasonDone {
						return refusal(bundle.NotRun, "%s: the role %s ends at once: %s", model.Name(), e.Role, e.Reason.Detail)
					}
				case lcc.Alarm:
					alarm = e.At
				}
			}
		}
		if alarm == 0 || alarm > lcc.Instant(time.Hour) {
			return nil
		}
		now, alarm, events = max(now, alarm), 0, []lcc.Event{lcc.Woken{}}
	}
	return nil
}
