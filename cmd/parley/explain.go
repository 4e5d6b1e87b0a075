package main

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
)

func newExplain() *cobra.Command {
	var a agentFlags
	var agent uint64
	cmd := &cobra.Command{
		Use:   "explain GUEST|HOST|POLICY",
		Short: "Explain why a guest moved or stays, the state of a host, or what an agent waits for",
		Long: `Explain why a guest moved or stays: what keeps it now, the deals about it, and which
messages of the policies named it. For a host: its load, its roles, what it refused,
and the deals with it. For a policy: its state here, and what it may tell and do; with
--agent N what that agent waits for, and why: the part of each constraint that does
not hold, with its values, what is known that comes nearest, and what would wake it.
--agent 0 lists the agents.

  parley explain web
  parley explain agility --agent 0
  parley explain agility --agent 3`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeNames(&a),
		RunE: func(cmd *cobra.Command, args []string) error {
			ask := a.client().Explain
			if cmd.Flags().Changed("agent") {
				ask = func(ctx context.Context, name string) (api.Explanation, error) {
					return a.client().ExplainAgent(ctx, name, agent)
				}
			}
			why, err := ask(cmd.Context(), args[0])
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
	cmd.Flags().Uint64Var(&agent, "agent", 0, "what this agent of a policy waits for; 0: list the agents of the policy")
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
