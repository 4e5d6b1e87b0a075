package main

import (
	"time"

	"github.com/spf13/cobra"

	"parley/hostagent/api/wording"
)

func newExplain() *cobra.Command {
	var a asking
	cmd := &cobra.Command{
		Use:   "explain GUEST|HOST",
		Short: "Why a guest moved or stays, or how it stands with a host",
		Long: `Why a guest moved or stays: what keeps it now, the deals about it, and what the
policies said of it and to whom. Of a host: its load, what it plays, what it
refused, and the deals with it.`,
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
