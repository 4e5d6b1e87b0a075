package main

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"parley/hostagent/site"
	"parley/hostagent/web"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/play"
)

// recorderOf makes a recorder of the run.
func recorderOf(run compare.Options) (*play.Recorder, error) {
	site, err := run.Scenario.Site(run.Seeds[0], run.Policies[0].Models)
	if err != nil {
		return nil, err
	}
	return play.NewRecorder(play.Step(cmp.Or(site.Limit, sim.DefaultLimit), len(site.Guests))), nil
}

// playRun plays a recorded run in a page until the context ends.
func playRun(cmd *cobra.Command, o webOptions, recorder *play.Recorder, run compare.Options, r compare.Result) error {
	policy := run.Policies[0]
	about := play.About{Title: fmt.Sprintf("%s: %s, seed %d", run.Scenario.Title, policy.Name, r.Seed)}
	for _, m := range policy.Models {
		digest := m.Digest()
		about.Models = append(about.Models, site.Model{Name: m.Name(), Digest: fmt.Sprintf("%x", digest[:])})
	}
	page, err := openPage(cmd.Context(), o, web.Options{Recording: recorder.Run(about, r.Site.Ran)})
	if err != nil {
		return wrong(err)
	}
	sayf(cmd.OutOrStdout(), "\nThe run in a browser:\n\n    %s\n\nCtrl-C ends it.\n", page.address)
	return page.serve(cmd.Context(), o.open)
}
