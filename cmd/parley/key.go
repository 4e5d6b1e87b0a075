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
		Short: "Keys that sign policies, and the ids of hosts",
		Long: `Keys that sign policies and rosters (docs/operations.md). The file of a key is the
key: who has it can publish. Keep it with the person whose name it has, not in the
policy repository, and have as many keys sign as it would take thieves to be
dangerous (` + "`parley cluster init --threshold`" + `).`,
	}
	cmd.AddCommand(newKeyNew(), newKeyShow(), newKeyID())
	return cmd
}

func newKeyNew() *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE",
		Short: "Make a key that signs, and print its public half",
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
		Short: "Print the public half of a key that signs",
		Long: `Print the public half of a key that signs: what others need to know of it, and
may know.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := repository.LoadKey(args[0])
			if err != nil {
				return wrong(err)
			}
			if asJSON {
				return printIndented(cmd, struct {
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
		Long: `Print the peer id of a host's identity key, such as /var/lib/parley/peer.key: what
` + "`parley cluster add --id`" + ` wants. A host that has no key yet makes it with
` + "`parley agent --print-id`" + `.`,
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
