package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"parley/hostagent/libvirt"
	"parley/internal/version"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print which build this is",
		Args:  cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintln(cmd.OutOrStdout(), versionText())
		},
	}
}

// versionText is the line that names this build.
func versionText() string {
	with := "without libvirt"
	if libvirt.Built {
		with = "with libvirt"
	}
	return fmt.Sprintf("parley %s, %s, %s %s/%s", version.Current(), with, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
