package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

func newClusterInit() *cobra.Command {
	var o repositoryFlags
	var keys, beats []string
	b := repository.Beginning{Root: bundle.Root{Version: 1}}
	cmd := &cobra.Command{
		Use:   "init NAME",
		Short: "Create a policy repository",
		Long: `Create a policy repository in a directory. NAME is the publisher's name on all hosts
and cannot change. A key is a public key or the file of one, with a name or without:

  parley cluster init north --key ann.key
  parley cluster init north --key ann=ed25519:... --key ben=ed25519:... --key carol=ed25519:... --threshold 2

Then put anchor.json on every host, beside its configuration. Make the directory a git
checkout: the commit of every policy is published with it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(keys) == 0 {
				return errors.New("--key: give at least one key that signs: `parley key new FILE` makes one")
			}
			if b.Root.Keys, err = publicKeys(keys, "key"); err != nil {
				return wrong(err)
			}
			if b.Root.Beats, err = publicKeys(beats, "beat"); err != nil {
				return wrong(err)
			}
			b.Publisher = args[0]
			r, err := repository.Init(o.dir, b)
			if err != nil {
				return wrong(err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "the policy repository of %s is created in %s: %d of %s must sign\n", args[0], r.Dir(), b.Root.Threshold,
				english.Plural(len(b.Root.Keys), "key", ""))
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringArrayVar(&keys, "key", nil, "key that signs releases (repeat for more)")
	cmd.Flags().StringArrayVar(&beats, "beat", nil, "key that signs heartbeats only, for a machine that is always on")
	cmd.Flags().IntVar(&b.Root.Threshold, "threshold", 1, "number of keys that must sign a release")
	cmd.Flags().StringVar(&b.Group, "group", "", "label whose values divide the hosts into groups, such as rack")
	cmd.Flags().DurationVar(&b.StaleAfter, "stale-after", 24*time.Hour,
		"time after the latest heartbeat at which hosts report that they may be out of date; 0: never")
	return cmd
}
