package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

func newPolicySign() *cobra.Command {
	var o repositoryFlags
	var keys []string
	cmd := &cobra.Command{
		Use:   "sign --key FILE",
		Short: "Sign the draft of the next release",
		Long: `Sign the draft of the next release, in next.release, with a key. What it changes is
printed; a draft that does not match the files beside it is not signed. Several people
sign in turn, each in a checkout of their own: commit next.release and objects, and
pass them on.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(keys) == 0 {
				return errors.New("--key: name the file of the key to sign with")
			}
			r, err := o.open()
			if err != nil {
				return err
			}
			d, err := freshDraft(r)
			if err != nil {
				return wrong(err)
			}
			if err := printDraft(cmd, r, d); err != nil {
				return err
			}
			if d, err = signAll(r, d, keys); err != nil {
				return wrong(err)
			}
			for _, q := range r.Quorums(d) {
				fmt.Fprintln(cmd.OutOrStdout(), q)
			}
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringArrayVar(&keys, "key", nil, "file of a key (repeat for more)")
	return cmd
}

// freshDraft is the pending draft, if it matches the files.
func freshDraft(r *repository.Repository) (repository.Draft, error) {
	d, ok, err := r.Pending()
	if err != nil {
		return d, err
	}
	if !ok {
		return d, errors.New("there is no draft to sign: make one with `parley policy build`")
	}
	stale, err := r.Stale(d)
	if err == nil && stale != "" {
		err = fmt.Errorf("the draft does not match the files here (%s): restore the files that it was made from, or make a new draft with "+
			"`parley policy build`", stale)
	}
	return d, err
}

// signAll signs the stored draft with keys from files.
func signAll(r *repository.Repository, d repository.Draft, files []string) (repository.Draft, error) {
	for _, file := range files {
		key, err := repository.LoadKey(file)
		if err != nil {
			return d, err
		}
		if d, err = r.Sign(key); err != nil {
			return d, fmt.Errorf("%s: %w", file, err)
		}
	}
	return d, nil
}
