package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/coreos/go-systemd/v22/journal"
	"github.com/dustin/go-humanize/english"
	"github.com/shirou/gopsutil/v3/mem"
	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/config/telling"
	"parley/hostagent/enact"
	"parley/hostagent/joint"
	"parley/hostagent/lazy"
	"parley/hostagent/libvirt"
	"parley/hostagent/process"
	"parley/hostagent/service"
)

func newAgent() *cobra.Command {
	var path string
	var printID, printDefaults, checkOnly bool
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "Run the agent of this host",
		Long: `Run the agent of this host in the foreground until it gets SIGINT or
SIGTERM. SIGHUP reads the configuration and the policy again.
docs/configuration.md describes every key of the configuration.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if printDefaults {
				return printConfig(cmd.OutOrStdout())
			}
			config, err := config.Read(path)
			if err != nil {
				return wrong(err)
			}
			if checkOnly {
				return checkConfig(cmd.OutOrStdout(), path, config)
			}
			if printID {
				id, err := service.Identity(config)
				if err != nil {
					return wrong(err)
				}
				fmt.Fprintln(cmd.OutOrStdout(), id)
				return nil
			}
			takeTime(cmd.Context())
			return wrong(runAgent(cmd.Context(), path, config, newLogger(cmd, config.Log)))
		},
	}
	cmd.Flags().StringVar(&path, "config", "/etc/parley/parley.yaml", "the configuration, in YAML")
	cmd.Flags().BoolVar(&printDefaults, "print-config", false, "print a configuration with every key and its default as comments, and stop")
	cmd.Flags().BoolVar(&checkOnly, "check-config", false, "check the configuration and the policy that it names, and stop")
	cmd.Flags().BoolVar(&printID, "print-id", false, "print this host's peer id, for the peers' configurations, and stop")
	return cmd
}

// checkConfig reports on a configuration that was read without a fault: it prepares the
// configured policy as the agent would, and looks at what else of this machine the
// configuration names and a start needs. What the network and the platform say to it is
// for parley doctor.
func checkConfig(out io.Writer, path string, c config.Config) error {
	if _, err := c.Anchors(); err != nil {
		return wrong(err)
	}
	if c.Process.On {
		if err := process.CheckUser(c.Process.User); err != nil {
			return wrong(fmt.Errorf("process.user: %w", err))
		}
	}
	if c.Policy.File == "" {
		sayf(out, "%s: no fault\n", path)
		return nil
	}
	models, err := enact.File(c.Policy.File)
	if err != nil {
		return wrong(fmt.Errorf("policy.file: %w", err))
	}
	sayf(out, "%s: no fault; a host enacts %s\n", path, english.Plural(len(models), "model", ""))
	return nil
}

// newLogger logs to a command's standard error; a nil command discards the log.
func newLogger(cmd *cobra.Command, config telling.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(config.Level)); err != nil {
		level = slog.LevelInfo
	}
	if cmd == nil {
		return slog.New(slog.DiscardHandler)
	}
	out := cmd.ErrOrStderr()
	toJournal, err := journal.StderrIsJournalStream()
	if err == nil && toJournal && out == os.Stderr {
		return slog.New(newJournalHandler(out, func(w io.Writer) slog.Handler { return logHandler(w, config.Format, level) }))
	}
	return slog.New(logHandler(out, config.Format, level))
}

func logHandler(out io.Writer, format string, level slog.Level) slog.Handler {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.NewJSONHandler(out, options)
	}
	return slog.NewTextHandler(out, options)
}

func runAgent(ctx context.Context, path string, config config.Config, log *slog.Logger) error {
	// This must be first: a SIGHUP during the start must not end the agent.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	limitMemory(log)
	markForHook(path, config, log)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	platform, runner, err := openPlatform(config, log, end)
	if err != nil {
		return err
	}
	defer func() {
		if err := platform.Close(); err != nil {
			log.Warn("closing the platform", "event", "close_failed", "error", err)
		}
	}()
	agent, err := service.New(service.Options{Config: config, Platform: platform, Runner: runner, Logger: log})
	if err != nil {
		return err
	}
	if p, asks := platform.(hostagent.Admitter); asks {
		p.SetAdmission(agent.Admit)
	}
	log.Info("the agent runs", "event", "agent_started", "host", config.Host, "peer", agent.PeerID(), "listen", agent.Addresses(),
		"platform", platform.Name())
	ended := make(chan struct{})
	reloading := make(chan struct{})
	go func() {
		defer close(reloading)
		for {
			select {
			case <-hangups:
				again(ctx, agent, path, log)
			case <-ended:
				return
			}
		}
	}()
	err = agent.Run(ctx)
	close(ended)
	<-reloading
	if cause := context.Cause(ctx); errors.Is(cause, libvirt.ErrStartAgain) {
		return errors.Join(cause, err)
	}
	return err
}

// again reads the configuration and the policy again; a faulty one changes nothing.
func again(ctx context.Context, agent *service.Service, path string, log *slog.Logger) {
	config, err := config.Read(path)
	if err != nil {
		agent.RefuseConfig(ctx, err)
		return
	}
	if err := agent.Reconfigure(ctx, config); err != nil {
		log.Warn("the configuration was not reloaded", "event", "config_not_reloaded", "error", err)
		return
	}
	log.Info("the configuration was reloaded", "event", "config_reloaded", "path", path)
}

// openPlatform opens the configured platforms as one. If only a restart of the process
// helps, it calls end with the reason. One that carries its guests itself is joined even
// alone: the hosts of a site name kinds to each other alike.
func openPlatform(config config.Config, log *slog.Logger, end func(error)) (hostagent.Platform, hostagent.Runner, error) {
	capacity, err := declaredCapacity(config)
	if err != nil {
		return nil, nil, err
	}
	parts, err := openParts(config, capacity, log, end)
	if err != nil {
		return nil, nil, errors.Join(err, closeParts(parts))
	}
	var runner hostagent.Runner
	for _, part := range parts {
		if runs, is := part.Platform.(hostagent.Runner); is {
			runner = runs
		}
	}
	if _, carries := parts[0].Platform.(hostagent.Carrier); len(parts) == 1 && !carries {
		return parts[0].Platform, nil, nil
	}
	platform, err := joint.New(joint.Options{Capacity: capacity, Parts: parts, Logger: log})
	if err != nil {
		return nil, nil, errors.Join(err, closeParts(parts))
	}
	return platform, runner, nil
}

func closeParts(parts []joint.Part) (err error) {
	for _, part := range parts {
		err = errors.Join(err, part.Platform.Close())
	}
	return err
}

// openParts opens each of the configured platforms. With an error it returns those that it
// has opened.
func openParts(config config.Config, capacity hostagent.Resources, log *slog.Logger, end func(error)) (parts []joint.Part, err error) {
	switch config.Platform.Kind {
	case "memory":
		platform, err := openInMemory(config, log)
		if err != nil {
			return nil, err
		}
		parts = append(parts, joint.Part{Kinds: config.Platform.TakenKinds(), Platform: platform})
	case "libvirt":
		platform, err := openLibvirt(config, capacity, log, end)
		if err != nil {
			return nil, err
		}
		parts = append(parts, joint.Part{Kinds: []hostagent.Kind{hostagent.VM}, Platform: platform})
	}
	capacity, reserve, err := ofMachine(config.Capacity, capacity)
	if err != nil {
		return parts, err
	}
	if config.Process.On {
		platform, err := openProcesses(config, capacity, reserve, log)
		if err != nil {
			return parts, err
		}
		parts = append(parts, joint.Part{Kinds: []hostagent.Kind{hostagent.Process}, Platform: platform})
	}
	if config.Container.On {
		platform, err := openContainers(config, capacity, reserve, log)
		if err != nil {
			return parts, err
		}
		parts = append(parts, joint.Part{Kinds: []hostagent.Kind{hostagent.Container}, Platform: platform})
	}
	return parts, nil
}

// openLibvirt opens libvirt, which need not be there yet.
func openLibvirt(config config.Config, capacity hostagent.Resources, log *slog.Logger, end func(error)) (hostagent.Platform, error) {
	reserve, overhead, err := memoryBeside(config.Capacity)
	if err != nil {
		return nil, err
	}
	if !libvirt.Built {
		return nil, libvirt.ErrNotBuilt
	}
	// The agent also runs while libvirt is missing or not yet installed: it reports
	// that and retries.
	open := func() (hostagent.Platform, error) {
		return libvirt.Open(libvirt.Options{
			URI: config.Platform.URI, Capacity: capacity, Reserve: reserve, Overhead: overhead,
			Endpoint: config.Platform.Endpoint, MigrateURI: config.Platform.MigrateURI, Shared: config.Platform.Shared,
			Timeout: config.Platform.CallTimeout, DowntimeMax: config.Platform.DowntimeMax,
			BandwidthMax: config.Platform.BandwidthMax, DirtyEvery: config.Platform.DirtyEvery, Logger: log,
		})
	}
	return lazy.New("libvirt", endWhere(open, end)), nil
}

// declaredCapacity is what guests may use; what is 0 is not declared.
func declaredCapacity(c config.Config) (hostagent.Resources, error) {
	bytes, err := c.Capacity.MemoryBytes()
	if err != nil {
		return hostagent.Resources{}, err
	}
	disk, err := c.Capacity.DiskBytes()
	return hostagent.Resources{CPU: c.Capacity.CPU, MemoryBytes: bytes, DiskBytes: disk}, err
}

// ofMachine fills in what is not declared: the processors of the machine, and its memory without
// what the machine keeps for itself, which is 0 if the memory is declared. Where the memory cannot
// be read, each platform shows what it knows.
func ofMachine(c config.Capacity, declared hostagent.Resources) (capacity hostagent.Resources, reserve int64, err error) {
	capacity = declared
	keep, _, err := memoryBeside(c)
	if err != nil {
		return capacity, 0, err
	}
	if capacity.CPU == 0 {
		capacity.CPU = float64(runtime.NumCPU())
	}
	if capacity.MemoryBytes == 0 {
		machine, err := mem.VirtualMemory()
		if err != nil {
			return hostagent.Resources{}, 0, nil
		}
		capacity.MemoryBytes, reserve = hostagent.DivideMemory(int64(machine.Total), keep)
	}
	return capacity, reserve, nil
}

// endWhere wraps open: it also passes an error that requires a restart to end.
func endWhere(open func() (hostagent.Platform, error), end func(error)) func() (hostagent.Platform, error) {
	return func() (hostagent.Platform, error) {
		p, err := open()
		if errors.Is(err, libvirt.ErrStartAgain) {
			end(err)
		}
		return p, err
	}
}

// memoryBeside returns the memory that is not for guests: the machine's (nil: the
// default), and that of each guest's emulator.
func memoryBeside(c config.Capacity) (reserve *int64, overhead libvirt.Overhead, err error) {
	bytes, set, err := c.ReserveBytes()
	if err != nil {
		return nil, overhead, err
	}
	if set {
		reserve = &bytes
	}
	overhead.Bytes, overhead.Fixed, err = c.OverheadBytes()
	return reserve, overhead, err
}
