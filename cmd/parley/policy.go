package main

import (
	"github.com/spf13/cobra"
)

func newPolicy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Publish policies to all hosts, and see who runs what",
		Long: `Publish policies to all hosts, and see who runs what. Each policy is a directory of
the policy repository. What is published is signed, and every host checks it before it
accepts anything. docs/operations.md explains each step:

  parley policy init balance --from agility   # policies/balance, for you to read and change
  parley policy publish --key ann.key         # test it, sign it, send it to all hosts
  parley policy status                        # see who runs what
  parley policy rollback 3 --key ann.key      # publish release 3's policies again, at once`,
	}
	return group(cmd, newPolicyInit(), newPolicyBuild(), newPolicySign(), newPolicyPublish(), newPolicyStatus(), newPolicyRollback(),
		newPolicyApply(),
		newPolicyExport(), newPolicyHeartbeat())
}
