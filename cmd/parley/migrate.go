package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/hostagent/audit"
)

func newMigrate() *cobra.Command {
	var a agentFlags
	var force, dry bool
	var yes confirmation
	cmd := &cobra.Command{
		Use:   "migrate GUEST [HOST]",
		Short: "Move a guest of this host to another one, by a deal",
		Long: `Move a guest of this host to another one, by a deal like any other: the target
reserves room and checks the guest's rules, both ends write their journals, and both
look for the guest afterwards. Without HOST the agent asks some hosts and chooses the
one that would be the least loaded. The mode "recommend" does not prevent the move.

Interrupting the command does not interrupt the move.

With --dry-run the agent asks the same hosts, and moves nothing: the command shows to
which host the guest would go or, with exit code 1, why it would stay.`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: completeHosts(&a),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := api.Order{Do: "migrate", Guest: args[0], Force: force}
			if len(args) == 2 {
				o.Host = args[1]
			}
			if dry {
				return a.dryRun(cmd, o)
			}
			if force {
				if err := yes.ask(cmd, "A pinned guest moves too, and the guest may be slowed down until it has moved."); err != nil {
					return err
				}
			}
			return a.migrate(cmd, o)
		},
	}
	a.flags(cmd)
	yes.flags(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "ask the other hosts where the guest would go, and move nothing")
	cmd.Flags().BoolVar(&force, "force", false, "move a pinned guest too, and slow it down if its migration would not end otherwise")
	return cmd
}

func (a *agentFlags) migrate(cmd *cobra.Command, o api.Order) error {
	ctx := cmd.Context()
	before, err := a.client().Status(ctx)
	if err != nil {
		return wrong(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.client().Order(ctx, o) }()
	if err := a.follow(ctx, cmd, o, ended); err != nil {
		return wrong(continues(ctx, err,
			"the agent has the order, and the move continues: `parley status` shows its progress, `parley history` its end"))
	}
	after, err := a.client().Status(ctx)
	if err != nil {
		return wrong(err)
	}
	deal, err := latest(before, after, o.Guest)
	if err != nil {
		return wrong(err)
	}
	if a.asJSON {
		return a.print(cmd, deal)
	}
	sayf(cmd.OutOrStdout(), "%s runs on %s: %v%s, downtime %v, deal %s\n",
		deal.Name, hostNames(after)[deal.Target], durationText(deal.Total), stagesText(deal.Stages), durationText(deal.Downtime), deal.Deal)
	return nil
}

// stagesText says what the stages of a move took.
func stagesText(stages []audit.Stage) string {
	if len(stages) == 0 {
		return ""
	}
	var parts []string
	for _, s := range stages {
		parts = append(parts, s.Name+" "+durationText(s.Took))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// follow shows the progress of a migration until it has ended.
func (a *agentFlags) follow(ctx context.Context, cmd *cobra.Command, o api.Order, ended <-chan error) (err error) {
	bar := newProgressBar(cmd.ErrOrStderr(), o.Guest)
	defer func() { bar.stop(err) }()
	for {
		select {
		case err := <-ended:
			return err
		case <-bar.tick():
		}
		status, err := a.client().Status(ctx)
		if err != nil {
			continue // the order reports the outcome
		}
		for _, d := range status.Deals {
			if d.Name == o.Guest || d.Guest == o.Guest {
				bar.show(strings.TrimSpace(o.Guest+" "+d.State+" "+d.Stage), d.Transferred, d.Transferred+d.Remaining)
			}
		}
	}
}

// latest is the deal about a guest that ended between two statuses.
func latest(before, after api.Status, guest string) (api.DealStatus, error) {
	known := map[string]bool{}
	for _, d := range before.History {
		known[d.Deal] = true
	}
	for i := len(after.History) - 1; i >= 0; i-- {
		if d := after.History[i]; !known[d.Deal] && (d.Name == guest || d.Guest == guest) && d.State == "done" {
			return d, nil
		}
	}
	return api.DealStatus{}, fmt.Errorf("the move of %s is done, and its deal is no longer in the agent's history: see `parley status`",
		guest)
}

func hostNames(s api.Status) map[string]string {
	names := map[string]string{s.PeerID: s.Host}
	for _, p := range s.Peers {
		names[p.ID] = p.ID
		if p.Name != "" {
			names[p.ID] = p.Name
		}
	}
	return names
}
