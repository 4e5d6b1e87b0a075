package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/netaddr"
	"parley/models/publish/repository"
)

func newClusterAdd() *cobra.Command {
	var o repositoryFlags
	var h repository.Host
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a host",
		Long: `Add a host to cluster.yaml. It belongs to the cluster with the next release.

  parley cluster add h4 --id 12D3KooW... --address /ip4/10.0.0.4/tcp/4200 --label rack=b

` + "`parley agent --print-id`" + ` on the host prints its id.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h.Name = args[0]
			if h.ID == "" || len(h.Addresses) == 0 {
				return errors.New("give --id and at least one --address")
			}
			if err := checkHost(h); err != nil {
				return wrong(err)
			}
			r, err := o.open()
			if err != nil {
				return err
			}
			if err := r.AddHost(h); err != nil {
				return wrong(err)
			}
			sayf(cmd.OutOrStdout(), "%s belongs to %s with the next release: `parley policy publish`\n", h.Name, r.Cluster().Publisher)
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&h.ID, "id", "", "peer id of the host")
	cmd.Flags().StringArrayVar(&h.Addresses, "address", nil, "address of the host, as a multiaddr (repeat for more)")
	cmd.Flags().StringArrayVar(&h.Labels, "label", nil, "label of the host, such as rack=a (repeat for more)")
	return cmd
}

// checkHost reports what in a host's entry the network could not use.
func checkHost(h repository.Host) error {
	if err := netaddr.CheckPeer(h.ID, h.Addresses); err != nil {
		return fmt.Errorf("host %s: %w", h.Name, err)
	}
	return nil
}

// checkHosts checks all hosts, since people may edit the file.
func checkHosts(r *repository.Repository) error {
	var errs []error
	for _, h := range r.Cluster().Hosts {
		errs = append(errs, checkHost(h))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%s: %w", r.ClusterFile(), err)
	}
	return nil
}
