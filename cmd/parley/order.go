package main

import (
	"cmp"
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/site"
)

// agentFlags has the flags of every verb that asks this host's agent.
type agentFlags struct {
	socket string
	asJSON bool
}

func (a *agentFlags) flags(cmd *cobra.Command) {
	socketFlag(cmd, &a.socket)
	cmd.Flags().BoolVar(&a.asJSON, "json", false, "print the whole answer as JSON")
}

// socketFlag adds the flag that names the agent's socket.
func socketFlag(cmd *cobra.Command, socket *string) {
	standard := cmp.Or(os.Getenv("PARLEY_SOCKET"), config.Default().Socket)
	cmd.Flags().StringVar(socket, "socket", standard, "path of the agent's socket (PARLEY_SOCKET)")
}

func (a *agentFlags) client() api.Client { return api.Client{Socket: a.socket} }

// print writes an answer as JSON.
func (a *agentFlags) print(cmd *cobra.Command, answer any) error {
	return writeJSON(cmd.OutOrStdout(), answer)
}

// order sends an order and confirms that it was carried out.
func (a *agentFlags) order(ctx context.Context, cmd *cobra.Command, o api.Order, done string) error {
	if err := a.client().Order(ctx, o); err != nil {
		return wrong(err)
	}
	if a.asJSON {
		return a.print(cmd, o)
	}
	sayf(cmd.OutOrStdout(), "%s\n", done)
	return nil
}

func newPause() *cobra.Command {
	return newSetting("pause", "Pause the policies of this host, or of the whole site",
		`Pause the policies of this host: it begins no deal of a policy, neither as source nor
as target. A migration in flight is finished; an offer or a commitment without one is
withdrawn. An operator's moves are carried out, and the host stays paused across
restarts of its agent, until `+"`parley resume`"+`.

With --site all hosts of the owner are paused. A host that does not answer is named:
repeat the order when it is back.`,
		"paused: no deal of a policy is begun here until `parley resume`")
}

func newResume() *cobra.Command {
	cmd := newSetting("resume", "Let this host, or the whole site, take part in deals again after a pause",
		`Let this host take part in deals again after a pause, of this host or of the whole site.

With --site all hosts of the owner resume, except those that their own operators have paused.`, "resumed")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return elsewhereError("it resumes the host, and takes no guest: did you mean `parley process resume " + oneLine(args[0]) + "`?")
		}
		return nil
	}
	return cmd
}

// newSetting makes a verb that changes a lasting setting of this host, or with --site of all.
func newSetting(do, short, long, done string) *cobra.Command {
	var a agentFlags
	ask, all := site.Halt{Resume: do == "resume"}, false
	cmd := &cobra.Command{
		Use:   do,
		Short: short,
		Long:  long,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case all:
				return a.haltSite(cmd, ask)
			case ask.Why != "":
				return errors.New("--why belongs to --site")
			}
			return a.order(cmd.Context(), cmd, api.Order{Do: do}, done)
		},
	}
	a.flags(cmd)
	cmd.Flags().BoolVar(&all, "site", false, "all hosts of the owner")
	if !ask.Resume {
		cmd.Flags().StringVar(&ask.Why, "why", "", "with --site: the reason, for those who see the pause")
	}
	return cmd
}

func newPin() *cobra.Command {
	return newMark("pin", "unpin", "Keep a guest on its host",
		`Keep a guest on its host: no policy moves it, and a drain only with --force. The
mark is written into the guest and travels with it; `+"`virsh metadata`"+` shows it.`,
		"is pinned", "is no longer pinned")
}

func newIgnore() *cobra.Command {
	return newMark("ignore", "unignore", "Make Parley ignore a guest",
		`Make Parley ignore a guest: it counts as load, and nothing moves it. The mark
is written into the guest and travels with it.`,
		"is ignored", "is no longer ignored")
}

func newMark(do, undo, short, long, marked, unmarked string) *cobra.Command {
	var a agentFlags
	var off bool
	cmd := &cobra.Command{
		Use:               do + " GUEST",
		Short:             short,
		Long:              long,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeGuests(&a),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, done := api.Order{Do: do, Guest: args[0]}, marked
			if off {
				o.Do, done = undo, unmarked
			}
			if !off && !a.asJSON {
				if err := a.client().Order(cmd.Context(), o); err != nil {
					return wrong(err)
				}
				status, err := a.client().Status(cmd.Context())
				if err != nil {
					return wrong(err)
				}
				sayf(cmd.OutOrStdout(), "%s %s%s\n", args[0], done, leaving(status, args[0]))
				return nil
			}
			return a.order(cmd.Context(), cmd, o, args[0]+" "+done)
		},
	}
	a.flags(cmd)
	cmd.Flags().BoolVar(&off, "off", false, "remove the mark")
	return cmd
}

// leaving says that a guest leaves in a deal which its mark does not end; "" if it does not.
func leaving(s api.Status, guest string) string {
	for _, d := range s.Deals {
		if d.Side == string(hostagent.SourceSide) && (d.Name == guest || d.Guest == guest) {
			return ", but is leaving for " + named(hostNames(s), d.Target) + " in a deal that began before (`parley status`)"
		}
	}
	return ""
}

func newForget() *cobra.Command {
	var a agentFlags
	var at string
	cmd := &cobra.Command{
		Use:   "forget GUEST",
		Short: "Confirm that a person has looked after a guest that needed one",
		Long: `Confirm that a person has looked after a guest whose deal needed one, and knows that
it runs once, and where. Until then this host begins no deal about the guest.

A container or process that was released to a host which is silent stands still here. If
that host never comes back, say with --runs-on where the guest is to run: on this host,
and it continues here, or on that one, and what is left here is removed. Make sure first:
a guest that is said to run here while it runs there runs twice.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeGuests(&a),
		RunE: func(cmd *cobra.Command, args []string) error {
			done := args[0] + " may be in a deal again"
			if at != "" {
				done = args[0] + " is taken to run on " + at
			}
			return a.order(cmd.Context(), cmd, api.Order{Do: "forget", Guest: args[0], Host: at}, done)
		},
	}
	cmd.Flags().StringVar(&at, "runs-on", "", "the host where the guest runs, or is to run, that waits for a host which is silent")
	a.flags(cmd)
	return cmd
}
