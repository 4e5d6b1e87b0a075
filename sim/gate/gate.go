package gate

import (
	"context"
	"path/filepath"

	"parley/hostagent"
	"parley/hostagent/enact"
	"parley/lcc/check"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
	"parley/sim/backtest"
	"parley/sim/compare"
	"parley/sim/modeltest"
)

// Options configure a gate. The zero value tries everything.
type Options struct {
	// NoSimulation leaves out the simulated site.
	NoSimulation bool
	// Force accepts a policy that overloads the simulated site, or is worse on the record.
	Force bool
	// Data is the directory of the load traces that scenarios name.
	Data string
	// Sources give access to what tests refer to.
	Sources modeltest.Sources
	// Past is a record of the site with the policy that was in force; nil: none is at hand.
	// The release is replayed on it unless it is the same.
	Past *backtest.Options
	// Run runs simulations, and may show their progress; default: compare.Run.
	Run func(context.Context, compare.Options) ([]compare.Result, error)
}

// Report is what was found, up to the first policy that may not be published.
type Report struct {
	Policies []Policy
	Past     *backtest.Report // of all policies together; nil: there is no record, or nothing to try
	Refused  *Refusal         // why nothing is published; nil: every policy may be
}

// Policy is what was found of one policy, as far as it was tried.
type Policy struct {
	Name   string
	Dir    string
	Models int                // number of models, all of which hosts would enact; 0 before that is known
	Tests  []modeltest.Result // all of which passed; nil before that is known
	Trial  *Trial             // nil where the site was not simulated
}

// Code says at which step a policy was refused.
type Code string

// The codes.
const (
	Faults     Code = "faults"      // a model has errors or warnings
	NotEnacted Code = "not_enacted" // no host would enact a model
	TestFailed Code = "test_failed" // a test of the policy failed
	RunFailed  Code = "run_failed"  // the simulated site broke a rule, or a deal did not end
	Freezes    Code = "freezes"     // an agent does nothing any more after an action failed
	Worse      Code = "worse"       // on a record of the site it is worse than what was in force
	Overload   Code = "overload"    // guests are on overloaded hosts longer than without the policy
)

// Refusal says why a policy may not be published.
type Refusal struct {
	Policy string
	Code   Code
	// Model is the file of the model with Faults, or that is NotEnacted; Text is its text.
	Model string
	Text  []byte
	Found []check.Diagnostic // with Faults
	Enact *bundle.Refusal    // with NotEnacted
	Test  *modeltest.Result  // with TestFailed; nil: Err says what of it does not fit the model
	Err   error              // with RunFailed, Freezes and TestFailed
}

// Try tries policies: the models and the tests of all, and then each on a simulated site.
// An error means that a policy could not be tried.
func Try(ctx context.Context, policies []repository.Policy, o Options) (r Report, err error) {
	if o.Run == nil {
		o.Run = compare.Run
	}
	for _, p := range policies {
		r.Policies = append(r.Policies, Policy{Name: p.Name, Dir: p.Dir})
		at := &r.Policies[len(r.Policies)-1]
		if r.Refused = checkModels(p, at); r.Refused != nil {
			return r, nil
		}
		if r.Refused, err = runTests(p, at, o.Sources); r.Refused != nil || err != nil {
			return r, err
		}
	}
	for i, p := range policies {
		if o.NoSimulation {
			break
		}
		if r.Refused, err = simulate(ctx, p, &r.Policies[i], o); r.Refused != nil || err != nil {
			return r, err
		}
	}
	if o.Past != nil && !o.NoSimulation {
		r.Past, r.Refused, err = replay(ctx, policies, o)
	}
	return r, err
}

// checkModels checks the models against the vocabulary of a host, with warnings as errors,
// and that a host would enact them.
func checkModels(p repository.Policy, at *Policy) *Refusal {
	for _, f := range p.Models {
		examined := enact.Examine(filepath.Join(p.Dir, f.Path), f.Text, hostagent.Vocabulary())
		for _, d := range examined.Found {
			if d.Severity == check.Error || d.Severity == check.Warning {
				return &Refusal{Policy: p.Name, Code: Faults, Model: f.Path, Text: f.Text, Found: examined.Found}
			}
		}
		_, v := enact.Prepare(f.Path, f.Text, enact.Terms{})
		if why := v.Refusal(); why != nil {
			return &Refusal{Policy: p.Name, Code: NotEnacted, Model: f.Path, Text: f.Text, Enact: why}
		}
	}
	at.Models = len(p.Models)
	return nil
}
