package gate

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/enact"
	"parley/models/publish/repository"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/scenario"
)

//go:embed gate.yaml
var shippedTrial string

// Trial is a simulated site with a policy, beside the same site on which nobody moves
// anything.
type Trial struct {
	Scenario string   // its file
	Unknown  []string // what the policy asks and a simulated host does not model
	Faults   bool     // the scenario injects faults
	// Without and With are the results, zero where a run failed.
	Without, With compare.Result
}

// overloadMore is how much longer guests may be on overloaded hosts than without
// migrations, as a share of their time: migrations themselves cost a little.
const overloadMore = 0.001

// Overloads says whether guests are on overloaded hosts noticeably longer with the policy
// than without.
func (t *Trial) Overloads() bool {
	return OverloadShare(t.With) > OverloadShare(t.Without)+overloadMore
}

// frozenAfter is how long an agent may do nothing after one of its actions failed.
const frozenAfter = 30 * time.Minute

// freezes describes the first agent that a failed action has stopped.
func (t *Trial) freezes() error {
	for _, f := range t.With.Site.Frozen {
		if f.For >= frozenAfter {
			return fmt.Errorf("on %s the role %s has done nothing for %v since %s failed", f.Host, f.Role, f.For.Round(time.Minute), f.Action)
		}
	}
	return nil
}

// OverloadShare is the share of the guests' time on hosts above their capacity.
func OverloadShare(r compare.Result) float64 {
	whole := float64(r.Site.Guests) * r.Site.Ran.Seconds()
	if whole == 0 {
		return 0
	}
	return r.Site.Figures.Overload / whole
}

// simulate compares a policy on its scenario with no policy on the same scenario. A
// broken invariant, or a deal that does not end, refuses the policy.
func simulate(ctx context.Context, p repository.Policy, at *Policy, o Options) (*Refusal, error) {
	s, err := scenarioOf(p, o.Data)
	if err != nil {
		return nil, err
	}
	policy, err := modelsOf(p)
	if err != nil {
		return nil, err
	}
	if p.Scenario == "" {
		refuse(s, policy)
	}
	at.Trial = &Trial{Scenario: s.File(), Unknown: sim.Site{Policies: policy.Models}.Unknown(), Faults: faulty(s)}
	if err := at.Trial.run(ctx, s, policy, o); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return &Refusal{Policy: p.Name, Code: RunFailed, Err: err}, nil
	}
	if err := at.Trial.freezes(); err != nil {
		return &Refusal{Policy: p.Name, Code: Freezes, Err: err}, nil
	}
	if at.Trial.Overloads() && !o.Force {
		return &Refusal{Policy: p.Name, Code: Overload}, nil
	}
	return nil, nil
}

// modelsOf compiles the models of a policy.
func modelsOf(p repository.Policy) (compare.Policy, error) {
	policy := compare.Policy{Name: p.Name}
	for _, f := range p.Models {
		v := enact.Compile(strings.TrimSuffix(f.Path, ".lcc"), f.Text, hostagent.Vocabulary())
		if v.Model == nil {
			return policy, fmt.Errorf("policy %s: %s", p.Name, v.Found[0])
		}
		policy.Models = append(policy.Models, v.Model)
	}
	return policy, nil
}

// faulty says whether a scenario injects faults.
func faulty(s *scenario.Scenario) bool {
	f := s.Faults
	return len(s.Failing) > 0 || len(f.Schedule) > 0 || f.Agents+f.Hosts+f.Failing > 0
}

// refuse has the last kind of hosts of the shipped trial refuse a role of each model:
// the first that is not initial. The site cannot name roles, for each policy has its own.
func refuse(s *scenario.Scenario, policy compare.Policy) {
	at := &s.Hosts[len(s.Hosts)-1]
	for _, m := range policy.Models {
		for _, role := range m.Roles() {
			if role.Kind != "initial" {
				at.Refuse = append(at.Refuse, role.Name)
				break
			}
		}
	}
}

// run runs a scenario as it is, to verify that all deals end, and then up to its limit
// with and without the policy, so that both runs cover the same time.
func (t *Trial) run(ctx context.Context, s *scenario.Scenario, policy compare.Policy, o Options) error {
	run := compare.Options{Scenario: s, Policies: []compare.Policy{policy}, Seeds: []uint64{1}}
	if _, err := o.Run(ctx, run); err != nil {
		return err
	}
	whole := *s
	whole.Run.Quiet = -1
	run.Scenario, run.Policies = &whole, []compare.Policy{{Name: "none"}, policy}
	results, err := o.Run(ctx, run)
	if err != nil {
		return err
	}
	t.Without, t.With = results[0], results[1]
	return nil
}

func scenarioOf(p repository.Policy, data string) (*scenario.Scenario, error) {
	if p.Scenario == "" {
		return scenario.Read(strings.NewReader(shippedTrial), "the shipped trial", scenario.Options{Data: data})
	}
	s, err := scenario.Open(p.Scenario, scenario.Options{Data: data})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: simulate: there is no %s", filepath.Join(p.Dir, "policy.yaml"), p.Scenario)
	}
	return s, err
}
