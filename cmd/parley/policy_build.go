package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

// draftBuilder makes a draft of the next release after its policies have passed the gate.
type draftBuilder struct {
	gateFlags
	dirty bool
	note  string
}

func (b *draftBuilder) flags(cmd *cobra.Command) {
	b.gateFlags.flags(cmd)
	cmd.Flags().BoolVar(&b.dirty, "dirty", false, "allow files that no commit of the checkout contains")
	cmd.Flags().StringVar(&b.note, "note", "", "note for people about the release")
}

func newPolicyBuild() *cobra.Command {
	var o repositoryFlags
	var b draftBuilder
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Test the policies, and make a draft of the next release",
		Long: `Test the policies, and make a draft of the next release from cluster.yaml and
policies/, in next.release. The command checks every model (` + "`parley check --strict`" + `),
runs the tests of each policy, and simulates an hour with faults: no invariant may
break, every deal must end, and guests may not be on overloaded hosts longer than
without the policy. With a record of the site (` + "`parley record`" + `) the release is also
replayed beside the policy that was in force, and may not be worse. In a git checkout
everything must be in a commit.

The command prints what the release would change. ` + "`parley policy sign`" + ` signs the draft,
` + "`parley policy publish`" + ` publishes it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := o.open()
			if err != nil {
				return err
			}
			_, err = b.draft(cmd, r)
			return err
		},
	}
	o.flags(cmd)
	b.flags(cmd)
	return cmd
}

func (b *draftBuilder) draft(cmd *cobra.Command, r *repository.Repository) (repository.Draft, error) {
	d, err := r.Draft(repository.DraftOptions{Now: time.Now(), Note: b.note, Dirty: b.dirty})
	if err == nil {
		err = checkHosts(r)
	}
	if uncommitted := (*repository.NotCommitted)(nil); errors.As(err, &uncommitted) {
		// What is cheap to find is found before people commit it.
		if err := b.precheck(cmd, r); err != nil {
			return d, err
		}
	}
	if err != nil {
		return d, wrong(err)
	}
	if err := b.try(cmd, r, d); err != nil {
		return d, err
	}
	if before, ok, err := r.Pending(); ok && err == nil {
		printReplaced(cmd, r, before)
	}
	if err := r.Keep(d); err != nil {
		return d, wrong(err)
	}
	return d, printDraft(cmd, r, d)
}

// precheck checks hosts, models and tests, and simulates nothing.
func (b *draftBuilder) precheck(cmd *cobra.Command, r *repository.Repository) error {
	if err := checkHosts(r); err != nil {
		return wrong(err)
	}
	policies, err := r.Policies()
	if err != nil {
		return wrong(err)
	}
	quick := gateFlags{Options: b.Options}
	quick.NoSimulation = true
	return quick.pass(cmd, policies)
}

// try checks the policies of a draft at the gate.
func (b *draftBuilder) try(cmd *cobra.Command, r *repository.Repository, d repository.Draft) error {
	policies, err := r.Policies()
	if err == nil {
		err = b.readRecord(r)
	}
	if err != nil {
		return wrong(err)
	}
	if err := b.pass(cmd, policies); err != nil {
		return err
	}
	// The files may have changed meanwhile: what is signed must be what was checked.
	stale, err := r.Stale(d)
	if err == nil && stale != "" {
		err = fmt.Errorf("the files changed during the tests (%s): testing again", stale)
	}
	return wrong(err)
}

func printReplaced(cmd *cobra.Command, r *repository.Repository, before repository.Draft) {
	if names := r.Quorums(before)[0].Signed; len(names) > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "the draft that %s had signed is replaced\n", strings.Join(names, ", "))
	}
}

// printDraft prints what a draft changes, and who must sign it.
func printDraft(cmd *cobra.Command, r *repository.Repository, d repository.Draft) error {
	changes, err := r.Changes(d)
	if err != nil {
		return wrong(err)
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "draft of release %d (%s), until %s\n", d.Release.Version, d.Signed.Digest().Short(),
		time.Unix(d.Release.Expires, 0).Format(time.DateOnly))
	printChanges(out, changes)
	for _, line := range unmatched(r.Cluster().Hosts, d.Release.Policies) {
		sayf(out, "note: %s\n", line)
	}
	return nil
}
