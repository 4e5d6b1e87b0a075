package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"parley/hostagent/top"
)

func newTop() *cobra.Command {
	var socket string
	cmd := &cobra.Command{
		Use:   "top",
		Short: "Watch the site on the terminal",
		Long: `Watch the site on the terminal: hosts with their loads and the last hour of them,
guests, moves, the talk of the models and policies (keys 1 to 5), to sort (s), to filter
(/) and to look into (Enter): for a move that is what led to it, what it was expected to
bring and what came of it. t follows the talk of the chosen host. Keys give orders to the agent that is
asked, each of which asks again: d drains its host, z pauses its policies, m migrates
a guest, p pins one. q ends it. parley status --site prints the site once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a := agentFlags{socket: socket}
			if _, err := a.client().Status(cmd.Context()); err != nil {
				return wrong(err)
			}
			if !atTerminal(cmd.OutOrStdout()) || !atTerminal(cmd.InOrStdin()) {
				return errors.New("parley top needs a terminal: `parley status --site` prints the site")
			}
			if err := os.Setenv("TERM", top.Known(os.Getenv("TERM"))); err != nil {
				return wrong(err)
			}
			if err := top.New(a.client(), nil).Run(cmd.Context()); err != nil {
				return wrong(fmt.Errorf("the terminal (TERM is %q; xterm and xterm-256color are known everywhere): %w", os.Getenv("TERM"), err))
			}
			return nil
		},
	}
	socketFlag(cmd, &socket)
	return cmd
}
