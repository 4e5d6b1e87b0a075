package main

import (
	"github.com/spf13/cobra"
)

func newPolicy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Publish policies to all hosts, and see who runs what",
		Long: `Publish policies to all hosts, and see who runs what. The policies lie in the policy
repository, a directory each; what is published is signed, and every host checks it
before it believes anything. docs/operations.md leads through it:

  parley policy init balance --from agility   # policies/balance, to be read and changed
  parley policy publish --key ann.key         # tried, signed, and to all hosts
  parley policy status                        # who runs what
  parley policy rollback 3 --key ann.key      # what release 3 had, at once`,
	}
	cmd.AddCommand(newPolicyInit(), newPolicyBuild(), newPolicySign(), newPolicyPublish(), newPolicyStatus(), newPolicyRollback(), newPolicyApply(),
		newPolicyExport(), newPolicyHeartbeat())
	return cmd
}
