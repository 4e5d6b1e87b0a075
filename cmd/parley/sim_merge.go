package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/version"
	"parley/sim/compare"
	"parley/sim/report"
)

// merging are the flags of sim merge.
type merging struct {
	part  bool
	files compareFiles
}

func newSimMerge() *cobra.Command {
	var o merging
	cmd := &cobra.Command{
		Use:   "merge DIR",
		Short: "Make the table and files of a comparison that several machines ran",
		Long: `Read the runs that sim compare --shard --out DIR kept, and make the table and the files
that one call of sim compare would have made, byte for byte but for the date. It needs
neither the scenario nor the traces.

A shard that has not finished is an error that says how to run the rest; with --part the
seeds that all policies have finished are shown.`,
		Args: cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error { return o.merge(cmd, args[0]) },
	}
	cmd.Flags().BoolVar(&o.part, "part", false, "show the finished seeds where shards have not finished")
	o.files.flags(cmd)
	return cmd
}

func (o *merging) merge(cmd *cobra.Command, dir string) (err error) {
	s, err := compare.OpenSweep(dir)
	if err != nil {
		return err
	}
	if o.files.series != "" && !s.Courses() {
		return fmt.Errorf("--series: the shards of %s did not keep the load of each host: run them again with --courses, in a new directory", dir)
	}
	gaps := s.Gaps()
	if len(gaps) > 0 && !o.part {
		return wrong(unfinished(dir, gaps))
	}
	date, err := version.Date(os.Getenv(version.EpochVariable), time.Now)
	if err != nil {
		return err
	}
	command := s.Command().With(commandWords(cmd, nil, "part").Flags)
	c, whole, all := s.Comparison(o.files.html != "" || o.files.series != "", o.files.series != "",
		report.Made{Date: date, Command: command.String()})
	if whole == 0 {
		return wrong(fmt.Errorf("%s: no seed was finished by all policies: run the shards first", dir))
	}
	if len(gaps) > 0 {
		c.Part = fmt.Sprintf("only a part: %d of %d seeds, as shards have not finished", whole, all)
	}
	if err := o.files.open(cmd.OutOrStdout()); err != nil {
		return errors.Join(err, o.files.close())
	}
	defer func() { err = cmp.Or(err, o.files.close()) }()
	table := cmd.OutOrStdout()
	if o.files.taken != "" {
		table = cmd.ErrOrStderr()
	}
	return o.files.write(table, c)
}

// gapsShown is how many unfinished shards a message names.
const gapsShown = 5

// unfinished says which shards have not finished, and what runs the rest of the first.
func unfinished(dir string, gaps []compare.Gap) error {
	var lines []string
	for i, g := range gaps {
		if i == gapsShown {
			lines = append(lines, fmt.Sprintf("  and %d more", len(gaps)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("  shard %v has %d of %d runs", g.Shard, g.Have, g.Want))
	}
	return fmt.Errorf("%s is not whole:\n%s\nwait for them, run what is missing (%s), or give --part", dir, strings.Join(lines, "\n"),
		gaps[0].Command)
}
