package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"parley/internal/version"
)

// newMan is for who packages the command, so help does not list it.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIRECTORY",
		Short:  "Write the manual pages",
		Hidden: true,
		Long: `Write a manual page for each command into a directory that exists. The pages carry
the date of SOURCE_DATE_EPOCH if it is set, otherwise today's.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			root.DisableAutoGenTag = true
			return wrong(doc.GenManTree(root, &doc.GenManHeader{
				Section: "1", Source: "parley " + version.Current(), Manual: "Parley",
			}, args[0]))
		},
	}
}
