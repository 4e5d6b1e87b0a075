package main

import (
	"github.com/spf13/cobra"
)

// completeGuests completes the names of this host's guests, if its agent answers.
func completeGuests(a *agentFlags) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		status, err := a.client().Status(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var names []string
		for _, g := range status.Guests {
			names = append(names, g.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeHosts completes the names of the other hosts as a second argument, after a
// guest.
func completeHosts(a *agentFlags) cobra.CompletionFunc {
	guests := completeGuests(a)
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return guests(cmd, args, typed)
		}
		status, err := a.client().Status(cmd.Context())
		if err != nil || len(args) > 1 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var names []string
		for _, p := range status.Peers {
			names = append(names, p.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeNames completes guests and hosts as one argument.
func completeNames(a *agentFlags) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		status, err := a.client().Status(cmd.Context())
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names := []string{status.Host}
		for _, p := range status.Peers {
			names = append(names, p.Name)
		}
		for _, g := range status.Guests {
			names = append(names, g.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
