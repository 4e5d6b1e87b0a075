package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/libvirt"
)

func newHook() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "hook GUEST OPERATION SUB-OPERATION EXTRA",
		Short: "Answer libvirt's qemu hook: may this guest come here?",
		Long: `Answer libvirt's hook for QEMU (packaging/qemu.hook; docs/arrival.md). When a
migration to this host begins (migrate begin), the command reads the guest's XML and
asks the agent; for a migration that is not admitted the exit code is not 0, and
libvirt refuses it. All other operations are ignored.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) < 3 || args[1] != "migrate" || args[2] != "begin" {
				return nil
			}
			return wrong(admit(cmd, path, hostPlaces))
		},
	}
	cmd.Flags().StringVar(&path, "config", "", "the agent's configuration (default: the one that the agent of this host was started with)")
	return cmd
}

// admit asks the agent. Without an answer the configuration decides, and without a
// configuration the guest is refused. If no agent was ever started, installing the
// package changes nothing.
func admit(cmd *cobra.Command, path string, places hookPlaces) error {
	config, armed, err := places.find(path)
	if !armed {
		fmt.Fprintln(cmd.ErrOrStderr(), "parley: admitted: the agent was never started on this host")
		return nil
	}
	if err != nil {
		return fmt.Errorf("migration refused: %w", err)
	}
	arriving, err := libvirt.ReadArrival(interruptible{cmd.Context(), cmd.InOrStdin()})
	if err != nil {
		return fmt.Errorf("migration refused: %w", err)
	}
	err = api.Client{Socket: config.Socket}.Arriving(cmd.Context(), arriving)
	var refused *api.Refused
	switch {
	case errors.As(err, &refused):
		return fmt.Errorf("migration of %s refused (%s): %s", arriving.Guest, refused.Why.Code, wording.Admission(refused.Why))
	case err == nil || api.IsAnswer(err):
		return err
	}
	if config.Arrival.Down == "allow" {
		sayf(cmd.ErrOrStderr(), "parley: admitted without the agent, as arrival.down says: %v\n", err)
		return nil
	}
	return fmt.Errorf("refused (arrival.down says so): %w", err)
}
