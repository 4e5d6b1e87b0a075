package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os/exec"
	"slices"

	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/hostagent/web"
)

func newWeb() *cobra.Command {
	var socket string
	var orders bool
	var o webOptions
	cmd := &cobra.Command{
		Use:   "web",
		Short: "Show the site as a live page in a browser",
		Long: `Show the site as a live page, until Ctrl-C: the load of the hosts over the last hour,
each move with its reason and the messages that led to it, guests, policies. The page
is on the loopback of this machine, and the printed address has a token without which
it shows nothing. With --orders the page drains, pauses, migrates and pins for the
agent's own host, each asked again, as the user who runs this command. The keys web of
the configuration have an agent serve the page itself, also to other machines.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a := agentFlags{socket: socket}
			status, err := a.client().Status(cmd.Context())
			if err != nil {
				return wrong(err)
			}
			takeTime(cmd.Context())
			shown := web.Options{Source: a.client()}
			if orders {
				shown.Orders = socketOrders{status.Host: a.client()}
			}
			page, err := openPage(cmd.Context(), o, shown)
			if err != nil {
				return wrong(err)
			}
			sayf(cmd.OutOrStdout(), "%s\nCtrl-C ends it.\n", page.address)
			return page.serve(cmd.Context(), o.open)
		},
	}
	socketFlag(cmd, &socket)
	cmd.Flags().StringVar(&o.listen, "listen", "127.0.0.1:0", "address of the page, on the loopback; port 0: a free one")
	cmd.Flags().BoolVar(&orders, "orders", false, "the page gives orders to the agent that is asked")
	o.flags(cmd)
	return cmd
}

// socketOrders gives the orders of a page to the agents of hosts, by their names.
type socketOrders map[string]api.Client

func (s socketOrders) Hosts() []string { return slices.Sorted(maps.Keys(s)) }

func (s socketOrders) Order(ctx context.Context, host string, o api.Order) error {
	return s[host].Order(ctx, o)
}

// webOptions say where a page is.
type webOptions struct {
	listen string
	open   bool
}

func (o *webOptions) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.open, "open", false, "open the page in the browser of this desktop")
}

// localPage is a page on the loopback, with a token of its own.
type localPage struct {
	address  string // with the token
	listener net.Listener
	page     *web.Page
}

// openPage listens. The page answers once it is served.
func openPage(ctx context.Context, o webOptions, shown web.Options) (*localPage, error) {
	at, err := netip.ParseAddrPort(o.listen)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("--listen is %q: give an address on the loopback, such as 127.0.0.1:4280; the keys web of an agent's "+
			"configuration serve the page to other machines", o.listen)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	shown.Token, shown.Names = rand.Text(), []string{at.Addr().String(), "localhost"}
	return &localPage{
		address: fmt.Sprintf("http://%s/#token=%s", listener.Addr(), shown.Token), listener: listener, page: web.New(shown),
	}, nil
}

// serve answers until the context ends.
func (p *localPage) serve(ctx context.Context, open bool) error {
	ended := make(chan error, 1)
	go func() { ended <- p.page.Serve(ctx, p.listener) }()
	var opened error
	if open {
		opened = openInBrowser(ctx, p.address)
	}
	return errors.Join(opened, <-ended)
}

// openInBrowser has the desktop open an address.
func openInBrowser(ctx context.Context, address string) error {
	for _, name := range []string{"xdg-open", "open"} {
		if path, err := exec.LookPath(name); err == nil {
			return exec.CommandContext(ctx, path, address).Run()
		}
	}
	return errors.New("--open: neither xdg-open nor open is on this machine; open the printed address yourself")
}
