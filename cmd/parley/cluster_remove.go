package main

import (
	"github.com/spf13/cobra"
)

func newClusterRemove() *cobra.Command {
	var o repositoryFlags
	cmd := &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove a host",
		Long: `Remove a host from cluster.yaml. With the next release the other hosts close
their connections to it and refuse new ones. Drain it first (` + "`parley drain`" + ` on the
host) if its guests are to keep running elsewhere.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: o.completeHostNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := o.open()
			if err != nil {
				return err
			}
			if err := r.RemoveHost(args[0]); err != nil {
				return wrong(err)
			}
			sayf(cmd.OutOrStdout(), "%s no longer belongs to %s with the next release: `parley policy publish`\n", args[0], r.Cluster().Publisher)
			return nil
		},
	}
	o.flags(cmd)
	return cmd
}
