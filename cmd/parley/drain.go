package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
)

func newDrain() *cobra.Command {
	var a agentFlags
	var force, noWait, dry bool
	var yes confirmation
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "drain",
		Short: "Move all guests away from this host and keep it empty",
		Long: `Move all guests away from this host, each to the least loaded of several others, and
keep it empty until ` + "`parley undrain`" + `, also across restarts of its agent. The agent asks
hosts about all guests before the first one leaves, and reports at once which guests
find no room; it tries them again, and they do not delay the others. Guests of the
lowest priority go first; among equal priorities the largest. A guest whose migration
fails goes behind the others and is tried again after a pause that doubles; a target
where it failed is tried last. After some failures in a row (drain_failures) the drain
ends: nothing more leaves, and the host takes no guest until ` + "`parley undrain`" + `. So it
does when the time of --timeout is over. Guests that are pinned or ignored stay, and so does a
guest that writes to its memory faster than a migration copies it; with --force pinned
guests go too, and such a guest may be slowed down.

The command waits until the host is empty or the guests left cannot be moved, and
reports why; interrupting it does not end the drain. ` + "`parley undrain`" + ` does: nothing
more leaves then, and with --home the guests that have left come back.

With --dry-run the agent asks the other hosts in the same way, and nothing is moved: the
command shows to which host each guest would go and, with exit code 1, which would stay
and why. Nothing is reserved, so this may have changed when the drain begins.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dry && noWait {
				return errors.New("give --dry-run or --no-wait: a dry run drains nothing that could be waited for")
			}
			if dry {
				return a.dryRun(cmd, api.Order{Do: "drain", Force: force})
			}
			if force {
				if err := yes.ask(cmd, "Pinned guests move too, and a guest may be slowed down until it has moved."); err != nil {
					return err
				}
			}
			if err := a.client().Order(cmd.Context(), api.Order{Do: "drain", Force: force, Timeout: timeout}); err != nil {
				return wrong(err)
			}
			if noWait {
				fmt.Fprintln(cmd.OutOrStdout(), "the host is being drained: `parley status` shows how far it is")
				return nil
			}
			return a.drained(cmd)
		},
	}
	a.flags(cmd)
	cmd.Flags().BoolVar(&force, "force", false, "move pinned guests too, and slow a guest down if its migration would not end otherwise")
	yes.flags(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "ask the other hosts which guests would go where, and move nothing")
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "end the drain after this time; the guests left stay here (0: no limit)")
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "do not wait until the host is empty")
	return cmd
}

// drained waits for the end of a drain.
func (a *agentFlags) drained(cmd *cobra.Command) error {
	left, status, err := a.watchDrain(cmd.Context(), cmd)
	if err != nil {
		return wrong(continues(cmd.Context(), err,
			"the drain continues: `parley status` shows its progress, `parley undrain` ends it"))
	}
	if a.asJSON {
		if err := a.print(cmd, status); err != nil {
			return err
		}
	} else if len(left) == 0 {
		fmt.Fprintln(cmd.OutOrStdout(), "the host is empty and stays so until `parley undrain`")
	}
	return wrong(couldNotMove(left, status.Drain.Ended))
}

// couldNotMove is the error of a drain that leaves guests behind.
func couldNotMove(left []string, ended api.Refusal) error {
	if len(left) == 0 {
		return nil
	}
	then := "the host keeps trying"
	if ended.Is() {
		then = ended.Detail + " (`parley drain` begins again)"
	}
	return fmt.Errorf("%s could not be moved, %s:\n  %s", english.Plural(len(left), "guest", ""), then, strings.Join(left, "\n  "))
}

// watchDrain shows the progress of a drain until the host is empty or no remaining
// guest can be moved.
func (a *agentFlags) watchDrain(ctx context.Context, cmd *cobra.Command) (left []string, status api.Status, err error) {
	bar := newProgressBar(cmd.ErrOrStderr(), "drain")
	bar.lines = true
	defer func() { bar.stop(cmp.Or(err, couldNotMove(left, status.Drain.Ended))) }()
	so, reported, waits := drainProgress{}, map[string]string{}, ""
	for {
		if status, err = a.client().Status(ctx); err != nil {
			return nil, status, err
		}
		if text, done, whole := so.look(status); whole > 0 {
			bar.show(text, done, whole)
		}
		if !status.Drained {
			return nil, status, fmt.Errorf("the drain was ended by somebody else")
		}
		if why := status.Drain.Waits.Detail; why != "" && why != waits {
			bar.line("the drain waits: " + why)
		}
		waits = status.Drain.Waits.Detail
		for _, line := range stayNews(status, reported) {
			bar.line(line)
		}
		if left = blockedGuests(status); drainRests(status) {
			return left, status, nil
		}
		select {
		case <-bar.tick():
		case <-ctx.Done():
			return nil, status, ctx.Err()
		}
	}
}

// stayNews describes the guests that cannot leave, where that or its reason is new.
func stayNews(s api.Status, reported map[string]string) (lines []string) {
	for _, g := range s.Guests {
		why := wording.RefusalOf(g.Name, cmp.Or(g.Blocked, g.Foreseen))
		if why == "" || reported[g.ID] == why {
			continue
		}
		reported[g.ID] = why
		lines = append(lines, oneLine(g.Name+" has to stay: "+why))
	}
	return lines
}

// drainRests says whether a drain has tried every guest that is left, or has ended. A
// guest that is only expected to find no room has not been tried yet.
func drainRests(s api.Status) bool {
	return len(s.Deals) == 0 && !s.Drain.Waits.Is() &&
		(s.Drain.Ended.Is() || !slices.ContainsFunc(s.Guests, func(g api.GuestStatus) bool { return !g.Blocked.Is() }))
}

// blockedGuests describes the guests that a drain could not move; all that are left once
// it has ended.
func blockedGuests(s api.Status) (list []string) {
	for _, g := range s.Guests {
		switch {
		case g.Blocked.Is():
			list = append(list, oneLine(g.Name+": "+wording.RefusalOf(g.Name, g.Blocked)))
		case s.Drain.Ended.Is():
			list = append(list, oneLine(g.Name+": its turn had not come"))
		}
	}
	return list
}
