package gate

import (
	"context"
	"strings"

	"parley/models/publish/repository"
	"parley/sim/backtest"
	"parley/sim/compare"
)

// replay replays the record of the site under all policies together, as hosts enact them.
func replay(ctx context.Context, policies []repository.Policy, o Options) (*backtest.Report, *Refusal, error) {
	var all compare.Policy
	var names []string
	for _, p := range policies {
		one, err := modelsOf(p)
		if err != nil {
			return nil, nil, err
		}
		all.Models = append(all.Models, one.Models...)
		names = append(names, p.Name)
	}
	if len(all.Models) == 0 {
		return nil, nil, nil
	}
	all.Name = strings.Join(names, "+")
	past := *o.Past
	past.New, past.Run = []compare.Policy{all}, o.Run
	reports, err := backtest.Run(ctx, past)
	if err != nil {
		return nil, nil, err
	}
	r := &reports[0]
	if r.Passes() || o.Force {
		return r, nil, nil
	}
	return r, &Refusal{Policy: policies[0].Name, Code: Worse}, nil
}
