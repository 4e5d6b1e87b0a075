package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

func newClusterKeys() *cobra.Command {
	var o repositoryFlags
	var add, beats, remove []string
	var name string
	var threshold int
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Change the keys that sign releases",
		Long: `Change the keys that sign releases. The next release puts the change in force: as many
of the current keys must sign it as the current threshold says, and as many of the new
keys as the new threshold says. So a lost key can be replaced while enough others
remain, and a stolen key alone changes nothing.

  parley cluster keys --remove ann --add ed25519:... --name ann2
  parley cluster keys --threshold 2

Without flags it lists the keys.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if name != "" && len(add) != 1 {
				return errors.New("--name names one key: give one with --add")
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
	cmd.Flags().StringArrayVar(&add, "add", nil, "public key, or file of a key, to add")
	cmd.Flags().StringArrayVar(&beats, "beat", nil, "public key, or file of a key, that signs heartbeats only")
	cmd.Flags().StringVar(&name, "name", "", "name of the key that --add gives")
	cmd.Flags().StringArrayVar(&remove, "remove", nil, "name of a key to remove")
	cmd.Flags().IntVar(&threshold, "threshold", 0, "number of keys that must sign (default: unchanged)")
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
