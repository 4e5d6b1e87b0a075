package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

func newClusterKeys() *cobra.Command {
	var o operating
	var add, beats, remove []string
	var name string
	var threshold int
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Change whose keys count",
		Long: `Change whose keys count, with the next release: it must be signed by as many of the
keys that count now as are needed now, and by as many of the new ones as will be
needed. So a lost key is replaced as long as enough others are there, and a stolen
one alone changes nothing.

  parley cluster keys --remove ann --add ed25519:... --name ann2
  parley cluster keys --threshold 2

Without flags the keys are listed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if name != "" && len(add) != 1 {
				return errors.New("--name is that of the one key that --add gives")
			}
			if name != "" {
				add = []string{name + "=" + add[0]}
			}
			r, err := o.open()
			if err != nil {
				return err
			}
			if len(add)+len(beats)+len(remove) > 0 || threshold > 0 {
				if err := changeKeys(r, add, beats, remove, threshold); err != nil {
					return wrong(err)
				}
			}
			printKeys(cmd, r.Cluster())
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringArrayVar(&add, "add", nil, "a public key, or a file of a key, that counts from then on")
	cmd.Flags().StringArrayVar(&beats, "beat", nil, "a public key, or a file of a key, that signs heartbeats and nothing else")
	cmd.Flags().StringVar(&name, "name", "", "who holds the key that --add gives")
	cmd.Flags().StringArrayVar(&remove, "remove", nil, "the name of a key that counts no longer")
	cmd.Flags().IntVar(&threshold, "threshold", 0, "how many keys must sign (default: as many as now)")
	return cmd
}

func changeKeys(r *repository.Repository, add, beats, remove []string, threshold int) (err error) {
	c := repository.Rotation{Remove: remove, Threshold: threshold}
	if c.Add, err = namedKeys(add, "key"); err == nil {
		c.AddBeats, err = namedKeys(beats, "beat")
	}
	if err != nil {
		return err
	}
	return r.Rotate(c)
}

func namedKeys(args []string, fallback string) (list []repository.Key, err error) {
	keys, err := publicKeys(args, fallback)
	for _, k := range keys {
		list = append(list, repository.Key{Name: k.Name, Public: k.Public.String()})
	}
	return list, err
}

func printKeys(cmd *cobra.Command, c repository.Cluster) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%d of these must sign the releases after the next one:\n", c.Threshold)
	for _, k := range c.Keys {
		fmt.Fprintf(out, "  %s %s\n", k.Name, k.Public)
	}
	for _, k := range c.Beats {
		fmt.Fprintf(out, "  %s %s (heartbeats only)\n", k.Name, k.Public)
	}
}
