package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/internal/bytesize"
)

func newProcess() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "process",
		Short: "Run programs that move, and look after them",
		Long: `Run programs on this host that take part in their own moves, and look after them
(docs/process.md). They are guests like others: policies move them, and so does
` + "`parley migrate`" + `.`,
	}
	return group(cmd, newProcessRun(), newProcessPs(), newProcessSuspend(), newProcessResume(), newProcessStop())
}

func newProcessRun() *cobra.Command {
	var a agentFlags
	l := api.Launch{}
	memory := ""
	var network api.LaunchNetwork
	cmd := &cobra.Command{
		Use:   "run [flags] PROGRAM [ARGUMENT...]",
		Short: "Start a program that takes part in its moves",
		Long: `Start a program on this host, in the present directory. The agent supervises it:
it runs on when this command, the terminal or the agent ends. It prints into
ID.log in the folder process of the agent's state_dir; the log stays behind when the
guest moves, and is removed.

With --network the program has a network of its own, on a bridge that each host has, with
the addresses given: its TCP connections move with it.

The configuration of each host names the programs that may run there
(process.programs). The flags of this command stand before PROGRAM.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fillLaunch(&l, memory, args); err != nil {
				return err
			}
			if err := fillNetwork(&l, network); err != nil {
				return err
			}
			started, err := a.client().Launch(cmd.Context(), l)
			if err != nil {
				return wrong(err)
			}
			warnDrained(cmd, a.client(), started.Name)
			if a.asJSON {
				return a.print(cmd, started)
			}
			sayf(cmd.OutOrStdout(), "%s runs: `parley process ps` shows how it does\n", started.Name)
			return nil
		},
	}
	a.flags(cmd)
	cmd.Flags().SetInterspersed(false) // what follows the program is its own
	cmd.Flags().StringVar(&l.Name, "name", "", "name of the guest (default that of the program)")
	cmd.Flags().IntVar(&l.Priority, "priority", 0, "of the guest, -100 to 100: those with a lower priority are moved first")
	cmd.Flags().StringArrayVar(&l.Labels, "label", nil, "label of the guest, as key=value (repeat for more)")
	cmd.Flags().Float64Var(&l.CPU, "cpu", 1, "cores that it may use")
	cmd.Flags().StringVar(&memory, "memory", "256MiB", "memory that it may use")
	cmd.Flags().StringVar(&network.Bridge, "network", "", "bridge on which it has a network of its own (default that of its host)")
	cmd.Flags().StringArrayVar(&network.Addresses, "address", nil, "its address there, such as 10.0.0.5/24 (repeat for more)")
	cmd.Flags().StringArrayVar(&network.Gateways, "gateway", nil, "gateway of its network (one for each of IPv4 and IPv6)")
	return cmd
}

// warnDrained says that a guest was started on a host that is to be empty.
func warnDrained(cmd *cobra.Command, agent api.Client, guest string) {
	if s, err := agent.Status(cmd.Context()); err == nil && s.Drained {
		sayf(cmd.ErrOrStderr(), "warning: this host is drained: %s is moved away as soon as another host takes it; "+
			"`parley undrain` ends the drain\n", guest)
	}
}

// fillLaunch completes an order to run a program.
func fillLaunch(l *api.Launch, memory string, args []string) error {
	path, err := exec.LookPath(args[0])
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return wrong(err)
	}
	l.Program, l.Args = path, args[1:]
	if l.Name == "" {
		l.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if l.Dir, err = os.Getwd(); err != nil {
		return wrong(err)
	}
	if l.Memory, err = bytesize.Parse(memory); err != nil || l.Memory <= 0 {
		return errors.Join(fmt.Errorf("--memory is %q: write a number and a unit, such as 256MiB", memory), err)
	}
	return nil
}

// fillNetwork completes an order with a network.
func fillNetwork(l *api.Launch, n api.LaunchNetwork) error {
	switch given := len(n.Addresses)+len(n.Gateways) > 0; {
	case n.Bridge == "" && given:
		return errors.New("--address and --gateway need --network: name the bridge that they are on")
	case n.Bridge == "":
		return nil
	case len(n.Addresses) == 0:
		return errors.New("--network needs --address: a network does not give addresses to guests")
	}
	for _, a := range n.Addresses {
		if _, err := netip.ParsePrefix(a); err != nil {
			return fmt.Errorf("--address %s: write an address and the length of its network, such as 10.0.0.5/24", a)
		}
	}
	for _, g := range n.Gateways {
		if _, err := netip.ParseAddr(g); err != nil {
			return fmt.Errorf("--gateway %s: write an address, such as 10.0.0.1", g)
		}
	}
	l.Network = &n
	return nil
}

func newProcessSuspend() *cobra.Command {
	return newProcessOrder("suspend", "Have a process stand still until it is resumed",
		`Have a process stand still at its next safe point. Its state is kept on disk: it stands
across restarts of the agent and of the host, until `+"`parley process resume`"+`.`, "stands still")
}

func newProcessResume() *cobra.Command {
	return newProcessOrder("resume", "Let a process continue that was suspended", "", "continues")
}

func newProcessStop() *cobra.Command {
	return newProcessOrder("stop", "End a process for good",
		`End a process for good, without another byte of output. Of a process that has ended,
remove what is kept of it: its entry in `+"`parley process ps`"+` and its log.`, "is stopped")
}

func newProcessOrder(do, short, long, done string) *cobra.Command {
	var a agentFlags
	cmd := &cobra.Command{
		Use:               do + " PROCESS",
		Short:             short,
		Long:              long,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeProcesses(&a),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.order(cmd.Context(), cmd, api.Order{Do: do, Guest: args[0]}, args[0]+" "+done)
		},
	}
	a.flags(cmd)
	return cmd
}

// completeProcesses completes the names of this host's processes, if its agent answers.
func completeProcesses(a *agentFlags) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		list, err := a.client().Processes(cmd.Context())
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var names []string
		for _, p := range list {
			names = append(names, p.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
