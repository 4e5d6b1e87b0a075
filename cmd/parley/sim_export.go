package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"parley/sim/htools"
)

func newSimExport() *cobra.Command {
	var seed uint64
	var group int
	var data, loads string
	cmd := &cobra.Command{
		Use:   "export SCENARIO FILE",
		Short: "Write a site for Ganeti's htools",
		Long: `Write the hosts and guests of a scenario as Ganeti's htools read them, so that
another balancer can be tried on the same site:

  parley sim export even_100.yaml site.txt --loads loads.txt
  hbal -t site.txt -U loads.txt`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := openScenario(args[0], data)
			if err != nil {
				return err
			}
			site, err := s.Site(seed, nil)
			if err != nil {
				return err
			}
			err = writeTo(args[1], func(w io.Writer) error { return htools.Write(w, site, group) })
			if err == nil && loads != "" {
				err = writeTo(loads, func(w io.Writer) error { return htools.WriteLoads(w, site) })
			}
			return err
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of all random choices")
	cmd.Flags().IntVar(&group, "group", 0, "number of hosts in a group; 0: one group")
	cmd.Flags().StringVar(&loads, "loads", "", "write each guest's initial use to this file")
	cmd.Flags().StringVar(&data, "data", os.Getenv("PARLEY_DATA"), "directory of load traces (PARLEY_DATA)")
	return cmd
}

// writeTo creates and writes a file.
func writeTo(name string, write func(io.Writer) error) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := errors.Join(write(out), out.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
