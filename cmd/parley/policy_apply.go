package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"parley/models/publish/bundle"
)

func newPolicyApply() *cobra.Command {
	var o repositoryFlags
	var s bundleTarget
	cmd := &cobra.Command{
		Use:   "apply [FILE]",
		Short: "Hand a bundle to the agent of this host",
		Long: `Hand a bundle that ` + "`parley policy publish --out`" + ` wrote to the agent of this host,
which checks it as if it came over the network and passes it on to all hosts that it
reaches. Without FILE the bundle is what the repository has published and the agent does not
have; one that has all of it gets the latest release again.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				data, err := readBundle(args[0])
				if err != nil {
					return wrong(err)
				}
				return wrong(s.handOver(cmd, data))
			}
			r, err := o.open()
			if err != nil {
				return err
			}
			if err := s.prepare(cmd, r); err != nil {
				return err
			}
			return wrong(s.send(cmd, r))
		},
	}
	o.flags(cmd)
	s.waitFlags(cmd)
	return cmd
}

// readBundle reads a bundle and reports faults of the file before it is sent.
func readBundle(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > bundle.ArchiveBytes {
		return nil, fmt.Errorf("%s has %d bytes, more than a bundle may have", path, info.Size())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if _, err := bundle.Unpack(data); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}
