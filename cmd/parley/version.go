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
			with := "without libvirt"
			if libvirt.Built {
				with = "with libvirt"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "parley %s, %s, %s %s/%s\n", version.Current(), with, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}
