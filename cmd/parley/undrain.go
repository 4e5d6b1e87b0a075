package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
)

func newUndrain() *cobra.Command {
	var a agentFlags
	var home, noWait bool
	cmd := &cobra.Command{
		Use:   "undrain",
		Short: "Let guests come to this host again after a drain",
		Long: `Let guests come to this host again after a drain. A migration in flight is
finished; no other guest leaves. The guests that the drain has moved away may come
home as soon as a policy wants it and they have cooled down. If the drain has emptied
the host, so may those that policies had moved away before it.

With --home they come home now, the largest first: this host asks the hosts that took
them, and keeps room until all have come. A guest that has moved on since stays where it
is. The command waits for them; interrupting it does not keep them away.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if noWait && !home {
				return errors.New("--no-wait is for --home: without it there is nothing to wait for")
			}
			o := api.Order{Do: "undrain", Home: home}
			if !home || noWait {
				done := "guests may come here again"
				if home {
					done = "the guests that the drain moved away come home: `parley status` shows how far it is"
				}
				return a.order(cmd.Context(), cmd, o, done)
			}
			if err := a.client().Order(cmd.Context(), o); err != nil {
				return wrong(err)
			}
			return a.home(cmd)
		},
	}
	a.flags(cmd)
	cmd.Flags().BoolVar(&home, "home", false, "bring the guests home that the drain moved away")
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "do not wait until they are home")
	return cmd
}

// home waits until the guests that a drain moved away have come home or stay away.
func (a *agentFlags) home(cmd *cobra.Command) error {
	status, err := a.watchHome(cmd.Context(), cmd)
	if err != nil {
		return wrong(continues(cmd.Context(), err, "the guests still come home: `parley status` shows how far it is"))
	}
	if a.asJSON {
		if err := a.print(cmd, status); err != nil {
			return err
		}
	} else if len(status.Drain.Away) == 0 {
		fmt.Fprintln(cmd.OutOrStdout(), "all guests that the drain moved away are home")
	}
	return wrong(stayAway(status))
}

func (a *agentFlags) watchHome(ctx context.Context, cmd *cobra.Command) (status api.Status, err error) {
	bar := newProgressBar(cmd.ErrOrStderr(), "home")
	bar.lines = true
	defer func() { bar.stop(err) }()
	most := 0
	for {
		if status, err = a.client().Status(ctx); err != nil {
			return status, err
		}
		away := len(status.Drain.Away)
		most = max(most, away)
		if most > 0 {
			bar.show(fmt.Sprintf("%d of %d guests are home", most-away, most), int64(most-away), int64(most))
		}
		if !status.Drain.Home {
			return status, nil
		}
		select {
		case <-bar.tick():
		case <-ctx.Done():
			return status, ctx.Err()
		}
	}
}

// stayAway is the error of guests that have not come home.
func stayAway(s api.Status) error {
	if len(s.Drain.Away) == 0 {
		return nil
	}
	var lines []string
	for _, g := range s.Drain.Away {
		lines = append(lines, oneLine(g.Name+" at "+g.Host+": "+wording.RefusalOf(g.Name, g.Why)))
	}
	return fmt.Errorf("%s did not come home:\n  %s", english.Plural(len(lines), "guest", ""), strings.Join(lines, "\n  "))
}
