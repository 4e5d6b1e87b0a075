package service

import (
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/lcc"
	"parley/lcc/check"
	"parley/models/publish/bundle"
)

// compileModel compiles a text against this host's vocabulary. Faults are what the
// checker finds, one a line; unfit is why the host would not enact a model without
// any, each a *bundle.Refusal.
func compileModel(name string, text []byte) (model *lcc.Model, faults []string, unfit []error) {
	model, found := lcc.Compile(name, text, hostagent.Vocabulary())
	for _, d := range found {
		if d.Severity == check.Error {
			faults = append(faults, d.String())
		}
	}
	if model == nil {
		return nil, faults, nil
	}
	if needs := model.Needs(); len(needs) > 0 {
		unfit = append(unfit, bundle.Refuse(bundle.NoVocabulary, "%s: this host has no constraint %s: see docs/vocabulary.md for those it has", name, strings.Join(needs, ", ")))
	}
	if len(model.Initial()) == 0 {
		unfit = append(unfit, bundle.Refuse(bundle.NotChecked, "%s: no role is initial, so the host would never begin: write r(idle, initial)", name))
	}
	return model, faults, unfit
}

// compileSigned compiles the models of a signed policy, as far as this host accepts
// them, and runs each dry. The error is a *bundle.Refusal.
func compileSigned(p config.Publisher, policy bundle.Policy, files map[string][]byte) (list []enacting, err error) {
	refuse := slices.Compact(slices.Sorted(slices.Values(p.RefuseRoles)))
	for _, f := range policy.Files {
		name := strings.TrimSuffix(f.Path, ".lcc")
		if !p.Accepts(name) {
			return nil, bundle.Refuse(bundle.NotAccepted, "policy %s has the model %s; this host accepts %s from this publisher (publishers.models in its configuration)", policy.Name, name, strings.Join(p.Models, ", "))
		}
		model, faults, unfit := compileModel(f.Path, files[f.Path])
		switch {
		case model == nil || len(faults) > 0:
			return nil, bundle.Refuse(bundle.NotChecked, "%s has faults (`parley check` shows more): %s", f.Path, strings.Join(faults, "; "))
		case len(unfit) > 0:
			return nil, unfit[0]
		}
		if err := dryRun(model, refuse); err != nil {
			return nil, err
		}
		list = append(list, enacting{model, refuse})
	}
	return list, nil
}

// dryRunSteps bounds the alarms that a dry run follows.
const dryRunSteps = 100

// dryRun starts a model where nothing is known and nobody is there, and lets an hour
// of alarms pass: an agent that fails by itself there would fail here too.
func dryRun(model *lcc.Model, refuse []string) error {
	engine, err := lcc.New(model, lcc.Options{Self: "dry", World: lcc.Nobody{}, Refuse: refuse})
	if err != nil {
		return bundle.Refuse(bundle.NotRun, "%s: %v", model.Name(), err)
	}
	var events []lcc.Event
	for _, role := range model.Initial() {
		if slices.Contains(refuse, role) {
			return bundle.Refuse(bundle.NotAccepted, "%s begins in the role %s, which this host refuses (publishers.refuse_roles in its configuration)", model.Name(), role)
		}
		events = append(events, lcc.Start{Role: lcc.Atom(role)})
	}
	now, alarm := lcc.Instant(1), lcc.Instant(0)
	for range dryRunSteps {
		for _, ev := range events {
			effects, err := engine.Step(now, ev)
			if err != nil {
				return bundle.Refuse(bundle.NotRun, "%s: %v", model.Name(), err)
			}
			for _, effect := range effects {
				switch e := effect.(type) {
				case lcc.Finish:
					if e.Reason.Code != lcc.ReasonDone {
						return bundle.Refuse(bundle.NotRun, "%s: the role %s ends at once: %s", model.Name(), e.Role, e.Reason.Detail)
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
