package main

import (
	"github.com/spf13/cobra"
)

func newPolicyExport() *cobra.Command {
	var o repositoryFlags
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: "Write what is published to a file",
		Long: `Write all releases of the repository, and what the latest one names, to a file: for
hosts that no network reaches, and for other owners (` + "`parley policy apply`" + `). Nothing
new is published.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := o.open()
			if err != nil {
				return err
			}
			s := bundleTarget{out: args[0]}
			return wrong(s.write(cmd, r))
		},
	}
	o.flags(cmd)
	return cmd
}
