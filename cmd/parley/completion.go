package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/lcc/chart"
	"parley/lcc/syntax"
	"parley/models"
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

// completeSite completes the hosts of the site that are not named yet.
func completeSite(a *agentFlags) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		status, err := a.client().Status(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names := []string{status.Host}
		for _, p := range status.Peers {
			names = append(names, p.Name)
		}
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(args, name) })
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

// completeModels completes a model: the name of a shipped one, or a file. Words are
// further names that the place takes.
func completeModels(words ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		if strings.ContainsAny(typed, "./~") {
			return []string{"lcc"}, cobra.ShellCompDirectiveFilterFileExt
		}
		return append(slices.Clone(words), models.Names()...), cobra.ShellCompDirectiveDefault
	}
}

// completeFiles completes the first argument as a file with an extension.
func completeFiles(extension string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return []string{extension}, cobra.ShellCompDirectiveFilterFileExt
	}
}

// completeRoles completes the roles of the model that is the first argument.
func completeRoles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	text, err := readModel(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	file, _ := syntax.Parse(args[0], text) // the roles that could be read
	var roles []string
	for _, m := range chart.Machines(file) {
		role, _, _ := strings.Cut(m.Role, "(")
		roles = append(roles, role)
	}
	return roles, cobra.ShellCompDirectiveNoFileComp
}

// completesFlag sets how a flag of a command is completed.
func completesFlag(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // the command has no such flag
	}
}

// oneOf completes a flag by fixed words.
func oneOf(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// someOf completes a flag that takes several of fixed words, with commas between them.
func someOf(words ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) (list []string, _ cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		for _, word := range words {
			if !slices.Contains(strings.Split(before, ","), word) {
				list = append(list, before+word)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}
