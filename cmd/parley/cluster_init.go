package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

func newClusterInit() *cobra.Command {
	var o operating
	var keys, beats []string
	b := repository.Beginning{Root: bundle.Root{Version: 1}}
	cmd := &cobra.Command{
		Use:   "init NAME",
		Short: "Begin a policy repository",
		Long: `Begin a policy repository in a directory. NAME is what hosts know the publisher by;
it stays. A key is a public key or the file of one, with a name or without:

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
			fmt.Fprintf(cmd.OutOrStdout(), "the policy repository of %s is begun in %s: %d of %s must sign\n", args[0], r.Dir(), b.Root.Threshold, count(len(b.Root.Keys), "key"))
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringArrayVar(&keys, "key", nil, "a key that signs releases; once for each")
	cmd.Flags().StringArrayVar(&beats, "beat", nil, "a key that signs heartbeats only, for a machine that is always on")
	cmd.Flags().IntVar(&b.Root.Threshold, "threshold", 1, "how many keys must sign a release")
	cmd.Flags().StringVar(&b.Group, "group", "", "the label whose values make groups of hosts, such as rack")
	cmd.Flags().DurationVar(&b.StaleAfter, "stale-after", 24*time.Hour, "hosts say that they may be out of date so long after the latest heartbeat; 0: never")
	return cmd
}
