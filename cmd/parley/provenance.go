package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"parley/internal/version"
	"parley/sim/compare"
	"parley/sim/report"
)

// madeBy says how a command made a comparison.
func madeBy(cmd *cobra.Command, args []string, run compare.Options, now func() time.Time) (*report.Made, error) {
	in, err := run.Inputs()
	if err != nil {
		return nil, err
	}
	date, err := version.Date(os.Getenv(version.EpochVariable), now)
	if err != nil {
		return nil, err
	}
	return &report.Made{
		Version: version.Current(), Commit: version.Commit(), Date: date,
		Command: commandLine(cmd, args), Scenario: in.Scenario, Traces: in.Traces,
	}, nil
}

// commandLine is the command with its arguments and the flags that were given, in the
// order of their names, as a shell takes it.
func commandLine(cmd *cobra.Command, args []string) string { return commandWords(cmd, args).String() }

// commandWords are the words of the command line, without some of the flags.
func commandWords(cmd *cobra.Command, args []string, without ...string) (c compare.Command) {
	c.Words = []string{cmd.CommandPath()}
	for _, arg := range args {
		c.Words = append(c.Words, quoted(arg))
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if slices.Contains(without, f.Name) {
			return
		}
		value := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			value = strings.Join(list.GetSlice(), ",")
		}
		c.Flags = append(c.Flags, "--"+f.Name+"="+quoted(value))
	})
	return c
}

var needsQuotes = regexp.MustCompile(`[^A-Za-z0-9_./,:+@%=-]`)

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if word != "" && !needsQuotes.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
