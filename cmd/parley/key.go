package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"parley/models/publish/bundle"
	"parley/models/publish/repository"
	"parley/peer/libp2p"
)

func newKey() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Manage keys that sign policies, and show the ids of hosts",
		Long: `Manage keys that sign policies and rosters (docs/operations.md). The file of a key is
the key: whoever has it can sign. Keep it with its owner, not in the policy repository,
and require several signatures, so that one stolen key is not enough
(` + "`parley cluster init --threshold`" + `).`,
	}
	return group(cmd, newKeyNew(), newKeyShow(), newKeyID())
}

func newKeyNew() *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE",
		Short: "Make a signing key, and print its public half",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := repository.CreateKey(args[0], rand.Reader)
			if err != nil {
				return wrong(err)
			}
			fmt.Fprintln(cmd.OutOrStdout(), key.Public())
			return nil
		},
	}
}

func newKeyShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Print the public half of a signing key",
		Long:  `Print the public half of a signing key. Others need it, and it is no secret.`,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := repository.LoadKey(args[0])
			if err != nil {
				return wrong(err)
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), struct {
					Public bundle.Public `json:"public"`
					ID     bundle.KeyID  `json:"id"`
				}{key.Public(), key.Public().ID()})
			}
			fmt.Fprintln(cmd.OutOrStdout(), key.Public())
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func newKeyID() *cobra.Command {
	return &cobra.Command{
		Use:   "id FILE",
		Short: "Print the peer id of a host's identity key",
		Long: `Print the peer id of a host's identity key, such as /var/lib/parley/peer.key, for
` + "`parley cluster add --id`" + `. On a host without a key, ` + "`parley agent --print-id`" + `
makes one.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// LoadOrCreateKey would make a key that no agent uses.
			if _, err := os.Stat(args[0]); errors.Is(err, fs.ErrNotExist) {
				return wrong(fmt.Errorf("there is no identity key %s: the agent makes it when it starts, or `parley agent --print-id`", args[0]))
			}
			key, err := libp2p.LoadOrCreateKey(args[0])
			if err != nil {
				return wrong(err)
			}
			id, err := libp2p.KeyID(key)
			if err != nil {
				return wrong(err)
			}
			fmt.Fprintln(cmd.OutOrStdout(), id)
			return nil
		},
	}
}
