package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

func newPolicyRollback() *cobra.Command {
	var p publisher
	var note string
	cmd := &cobra.Command{
		Use:   "rollback VERSION",
		Short: "Publish the policies of an earlier release again",
		Long: `Publish the policies of an earlier release again, at once and without a canary, as the
next release: versions only grow, so that an old release cannot replace a newer one.
Roster and keys stay as they are.

The files in policies/ stay as they are, too: restore them before you publish from them
again.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: p.completeVersions,
		RunE: func(cmd *cobra.Command, args []string) error {
			version, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return fmt.Errorf("%q is not the version of a release", args[0])
			}
			r, err := p.open()
			if err != nil {
				return err
			}
			if err := p.checkKeys(r); err != nil {
				return wrong(err)
			}
			if err := p.prepare(cmd, r); err != nil {
				return err
			}
			if note == "" {
				note = fmt.Sprintf("roll back to release %d", version)
			}
			d, err := r.Rollback(version, repository.DraftOptions{Now: time.Now(), Note: note})
			if err != nil {
				return wrong(err)
			}
			if err := r.Keep(d); err != nil {
				return wrong(err)
			}
			if err := printDraft(cmd, r, d); err != nil {
				return err
			}
			printFiles(cmd, d)
			return p.publish(cmd, r, d)
		},
	}
	p.flags(cmd)
	cmd.Flags().StringVar(&note, "note", "", "note for people about the release")
	return cmd
}

// completeVersions completes the releases that can be rolled back to, latest first.
func (p *publisher) completeVersions(_ *cobra.Command, args []string, _ string) (list []string, _ cobra.ShellCompDirective) {
	r, err := p.open()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for version := r.Anchor().Version; version > 1; version-- {
		release, err := r.Release(version - 1)
		if err == nil {
			list = append(list, cobra.CompletionWithDesc(strconv.FormatUint(version-1, 10), release.Note))
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// printFiles prints how to restore the files of the release.
func printFiles(cmd *cobra.Command, d repository.Draft) {
	for _, policy := range d.Release.Policies {
		if policy.Source.Commit != "" && !policy.Source.Dirty {
			sayf(cmd.OutOrStdout(), "the files of %s: git checkout %s -- policies/%s\n", policy.Name, policy.Source.Commit, policy.Name)
		}
	}
}
