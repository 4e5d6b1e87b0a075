package main

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
)

// planned is a move that was negotiated but not carried out.
type planned struct {
	At    time.Time `json:"at"`
	Guest string    `json:"guest"`
	Kind  string    `json:"kind"`
	From  string    `json:"from"`
	To    string    `json:"to"`
	Load  float64   `json:"load"` // of this host before it, with the moves above it made; share
	Do    string    `json:"do"`   // the command that carries it out
}

func newPlan() *cobra.Command {
	var a agentFlags
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show the moves that the policies recommend",
		Long: `Show the moves of this host's guests that the policies have negotiated and that were
not carried out, because this host or the target only recommends: in the order in which
they were recommended, each as if those above it were made ("load here" is the load before
it). Where both hosts only recommend, the moves count at both; a host in the mode auto
counts only what has moved. A move is shown until its guest has left, until this host
changes to the mode auto, or until the first of them has been shown for a cool-down: then
the policies begin again from the load that is measured.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := a.client().Status(cmd.Context())
			if err != nil {
				return wrong(err)
			}
			plan := planOf(status)
			if a.asJSON {
				return a.print(cmd, plan)
			}
			printPlan(cmd.OutOrStdout(), status, plan)
			return nil
		},
	}
	a.flags(cmd)
	return cmd
}

// planOf is the plan of this host, with the commands that carry it out.
func planOf(s api.Status) []planned {
	names := hostNames(s)
	plan := []planned{}
	for _, d := range s.Plan() {
		plan = append(plan, planned{
			At: d.At, Guest: d.Name, Kind: d.Kind, From: names[d.Source], To: names[d.Target], Load: d.Load,
			Do: shellCommand("migrate", nameOrID(d.Name, d.Guest), nameOrID(names[d.Target], d.Target)),
		})
	}
	return plan
}

// nameOrID is how a command names something: by its name, or by its id if the name is
// too long for a line.
func nameOrID(name, id string) string {
	if len(name) > 64 || name == "" {
		return id
	}
	return name
}

func printPlan(out io.Writer, s api.Status, plan []planned) {
	if len(plan) == 0 {
		sayf(out, "no move is recommended (mode %s)\n", s.Mode)
		return
	}
	moves := newTable(out, "at", "guest", "kind", "to", "load here", "carry it out with")
	moves.mayBeMissing("kind")
	kinds := kindsShown(s)
	for _, p := range plan {
		moves.AppendRow(table.Row{p.At.Format(time.TimeOnly), p.Guest, kinds.of(p.Kind), p.To, amount(fmt.Sprintf("%.0f %%", 100*p.Load)), p.Do})
	}
	moves.print()
	if now := math.Max(s.Load.CPU, s.Load.Memory); s.Load.Known && now <= plan[0].Load-0.05 {
		sayf(out, "the load here is %.0f %% now: a move may no longer be needed\n", 100*now)
	}
	if s.Mode == "auto" && len(plan) > 1 {
		sayf(out, "this host is in the mode auto and counts only what has moved: after the first move the others may not be needed\n")
	}
}
