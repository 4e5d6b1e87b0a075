package main

import (
	"time"

	"github.com/spf13/cobra"

	"parley/hostagent/api/wording"
)

func newExplain() *cobra.Command {
	var a agentFlags
	cmd := &cobra.Command{
		Use:   "explain GUEST|HOST",
		Short: "Explain why a guest moved or stays, or the state of a host",
		Long: `Explain why a guest moved or stays: what keeps it now, the deals about it, and which
messages of the policies named it. For a host: its load, its roles, what it refused,
and the deals with it.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeNames(&a),
		RunE: func(cmd *cobra.Command, args []string) error {
			why, err := a.client().Explain(cmd.Context(), args[0])
			if err != nil {
				return wrong(err)
			}
			if a.asJSON {
				return a.print(cmd, why)
			}
			out := cmd.OutOrStdout()
			sayf(out, "%s %s\n", why.Kind, why.Name)
			for _, fact := range why.Facts {
				sayf(out, "  - %s\n", wording.Fact(fact))
			}
			for _, m := range why.Story {
				sayf(out, "  %s %s\n", m.At.Format(time.DateTime), wording.Fact(m.Fact))
			}
			return nil
		},
	}
	a.flags(cmd)
	return cmd
}
