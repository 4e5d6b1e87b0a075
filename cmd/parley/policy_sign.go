package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

func newPolicySign() *cobra.Command {
	var o operating
	var keys []string
	cmd := &cobra.Command{
		Use:   "sign --key FILE",
		Short: "Sign the draft of the next release",
		Long: `Sign the draft of the next release, in next.release, with a key. What it changes is
printed; a draft that is not what the files beside it say is not signed. Several people
sign one after the other, each with a checkout of their own: commit next.release and
objects, and hand them on.`,
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
			if err := tellDraft(cmd, r, d); err != nil {
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
	cmd.Flags().StringArrayVar(&keys, "key", nil, "the file of a key; once for each")
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
		err = fmt.Errorf("the draft is not what the files here say (%s): what is signed must be what is read; bring the files to where the draft was made, or make it anew with `parley policy build`", stale)
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
