package main

import (
	"github.com/spf13/cobra"
)

func newClusterRemove() *cobra.Command {
	var o operating
	cmd := &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove a host",
		Long: `Remove a host from cluster.yaml. With the next release the others close their
connections to it and let it in no more. Empty it first (` + "`parley drain`" + ` on the host)
if its guests are to go on elsewhere.`,
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
			sayf(cmd.OutOrStdout(), "%s belongs to %s no longer with the next release: `parley policy publish`\n", args[0], r.Cluster().Publisher)
			return nil
		},
	}
	o.flags(cmd)
	return cmd
}
