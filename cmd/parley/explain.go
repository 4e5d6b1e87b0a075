package main

import (
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/hostagent/api"
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
			status, err := a.client().Status(cmd.Context())
			if err != nil {
				return wrong(err)
			}
			printExplanation(cmd.OutOrStdout(), why, hostNames(status))
			return nil
		},
	}
	a.flags(cmd)
	return cmd
}

// printExplanation prints an explanation, with the names of hosts instead of their ids.
func printExplanation(out io.Writer, why api.Explanation, names map[string]string) {
	var pairs []string
	for id, name := range names {
		if id != "" && id != name {
			pairs = append(pairs, id, name)
		}
	}
	readable := strings.NewReplacer(pairs...)
	sayf(out, "%s %s\n", why.Kind, why.Name)
	for _, fact := range why.Facts {
		sayIndented(out, "  - ", "    ", "%s", readable.Replace(wording.Fact(fact)))
	}
	for _, m := range why.Story {
		sayIndented(out, "  "+m.At.Format(time.DateTime)+" ", "      ", "%s", readable.Replace(wording.Fact(m.Fact)))
	}
}
