package main

import (
	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"parley/sim/compare"
)

// sayStorms warns of policies that send more messages than any needs, with the most that
// any of the runs has.
func sayStorms(cmd *cobra.Command, scenario string, policies []compare.Policy, results []compare.Result) {
	for i, p := range policies {
		most := compare.Result{}
		for _, r := range results {
			if r.Policy == i && r.Site.Figures.PerHostHour > most.Site.Figures.PerHostHour {
				most = r
			}
		}
		if most.Storms() {
			sayStorm(cmd, scenario, p.Name, most)
		}
	}
}

func sayStorm(cmd *cobra.Command, scenario, policy string, r compare.Result) {
	sayf(cmd.ErrOrStderr(), "%s: %s: policy %s sends %s messages a host and hour with seed %d; no policy needs more than %d. Something "+
		"may be sent without a pause: `parley check` may show what (LCC032)\n", verdict("warning"), scenario, policy,
		humanize.Comma(int64(r.Site.Figures.PerHostHour)), r.Seed, compare.MessagesMost)
}
