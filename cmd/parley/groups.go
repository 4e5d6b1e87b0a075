package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley/internal/spell"
)

// subcommandArgs refuses the arguments of a command that only groups others: they are
// mistyped names. Cobra itself prints the help and succeeds.
func subcommandArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	text := fmt.Sprintf("%s has no command %q", cmd.CommandPath(), oneLine(args[0]))
	if deeper := inGroups(cmd, args[0]); len(deeper) == 1 {
		return fmt.Errorf("%s: did you mean `%s`?", text, deeper[0])
	}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("%s: did you mean %q?", text, near[0])
	}
	return fmt.Errorf("%s: it has %s", text, strings.Join(names, ", "))
}

// elsewhereError names the command that its arguments are for.
type elsewhereError string

func (e elsewhereError) Error() string { return string(e) }

// inGroups returns the commands of this name that are one level deeper.
func inGroups(cmd *cobra.Command, name string) (paths []string) {
	for _, group := range cmd.Commands() {
		for _, c := range group.Commands() {
			if c.Name() == name && c.IsAvailableCommand() {
				paths = append(paths, c.CommandPath())
			}
		}
	}
	return paths
}

// helpOfGroup runs a command that only groups others.
func helpOfGroup(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// group makes a command that only groups others.
func group(cmd *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	cmd.Args, cmd.RunE = subcommandArgs, helpOfGroup
	cmd.AddCommand(commands...)
	return cmd
}

// helpOfNobody refuses to help with a command that there is not, and returns the group in
// which it was looked for. Cobra itself prints the group's help and succeeds.
func helpOfNobody(root *cobra.Command, args []string) (*cobra.Command, error) {
	isFlag := func(arg string) bool { return strings.HasPrefix(arg, "-") }
	switch {
	case len(args) > 0 && args[0] == "help":
		args = args[1:]
	case !slices.Contains(args, "--help") && !slices.Contains(args, "-h"):
		return nil, nil
	}
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	cmd, rest, err := root.Find(args)
	rest = slices.DeleteFunc(slices.Clone(rest), isFlag)
	if err == nil && !cmd.HasSubCommands() {
		return nil, nil
	}
	return cmd, subcommandArgs(cmd, rest)
}

// flagError is the error of a flag that a command does not have. Behind a mistyped name
// of a command, the name is what is wrong.
func flagError(cmd *cobra.Command, err error) error {
	if cmd.HasSubCommands() {
		if name := subcommandArgs(cmd, cmd.Flags().Args()); name != nil {
			return name
		}
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && len(unknown.GetSpecifiedShortnames()) == 0 {
		var names []string
		all := func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		}
		cmd.Flags().VisitAll(all)
		cmd.InheritedFlags().VisitAll(all)
		if near := spell.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			return fmt.Errorf("%w: did you mean --%s?", err, near)
		}
	}
	return wrongValue(err)
}

// nameArguments has the errors about the number of arguments name the arguments.
func nameArguments(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		nameArguments(c)
	}
	check := cmd.Args
	if check == nil || cmd.HasSubCommands() {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if meant := elsewhereError(""); err == nil || errors.As(err, &meant) {
			return err
		}
		given := "no argument was given"
		if len(args) > 0 {
			given = fmt.Sprintf("the arguments were %q", args)
		}
		return fmt.Errorf("the usage is `%s`: %s", cmd.UseLine(), given)
	}
}
