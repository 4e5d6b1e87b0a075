package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/config/telling"
	"parley/hostagent/doctor"
	"parley/hostagent/enact"
	"parley/hostagent/process"
)

func newDoctor() *cobra.Command {
	var a agentFlags
	var path string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check what this host needs to take part, and say what to fix",
		Long: `Check what this host needs to take part: its configuration, disk, clock, agent,
libvirt with its certificates and its hook, memory, policy and peers; and say what
to fix. The command changes nothing. The exit code is 1 when a check fails.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
			defer cancel()
			p, done := probes(path, a.socket)
			defer done()
			list := doctor.Run(ctx, p)
			if a.asJSON {
				if err := a.print(cmd, list); err != nil {
					return err
				}
			} else {
				printFindings(cmd.OutOrStdout(), list)
			}
			if doctor.Worst(list) == doctor.Fail {
				return wrongError{err: errors.New("a check failed"), said: true}
			}
			return nil
		},
	}
	a.flags(cmd)
	cmd.Flags().StringVar(&path, "config", "/etc/parley/parley.yaml", "the agent's configuration")
	return cmd
}

// printFindings prints each finding; one of several faults has a line for each, and so has
// what is to be done.
func printFindings(out io.Writer, list []doctor.Finding) {
	width := widthOf(out)
	for _, f := range list {
		first := verdict(fmt.Sprintf("%-4s", f.State)).paint(out) + fmt.Sprintf("  %-14s ", oneLine(f.Check))
		rest := strings.Repeat(" ", findingIndent)
		for _, line := range strings.Split(f.Text, "\n") {
			writeWrapped(out, width, first, rest, oneLine(line))
			first = rest
		}
		if f.Remedy != "" {
			writeWrapped(out, width, rest+"-> ", rest+"   ", oneLine(f.Remedy))
		}
	}
}

// findingIndent is where the text of a finding begins.
const findingIndent = 21

// probes returns the probes of this machine; done closes what they opened.
func probes(path, socket string) (p doctor.Probes, done func()) {
	cfg, err := config.Read(path)
	p = doctor.Probes{
		ConfigPath: path, Config: cfg, ConfigErr: err, Now: time.Now(),
		Disk: probeDisk, Memory: probeMemory, Clock: probeClock, Hook: probeHook, Certificate: probeCertificate, Dial: probeDial,
		Program: process.CheckProgram, Policy: enact.CheckFile, Anchor: config.CheckAnchor,
		Policies: func(ctx context.Context) (api.PolicyReport, error) {
			return api.Client{Socket: socket}.Policies(ctx, false)
		},
	}
	if err != nil {
		return p, func() {}
	}
	if socket == config.Default().Socket {
		socket = cfg.Socket
	}
	p.Status = api.Client{Socket: socket}.Status
	p.ContainerRounds = func(ctx context.Context) bool { return tracksContainers(ctx, cfg) }
	p.Containers = func(ctx context.Context) ([]string, error) { return probeContainers(ctx, cfg) }
	if cfg.Platform.Kind == "memory" {
		p.Observe = func(context.Context) (hostagent.Observation, error) { return lookInMemory(cfg) }
		return p, func() {}
	}
	if cfg.Platform.Kind == "none" {
		p.Observe = lookByAgent(p.Status)
		return p, func() {}
	}
	looked := cfg
	looked.Process.On, looked.Container.On = false, false // one agent alone has these
	platform, _, err := openPlatform(looked, newLogger(nil, telling.Log{}), func(error) {})
	p.Observe = func(ctx context.Context) (hostagent.Observation, error) {
		if err != nil {
			return hostagent.Observation{}, err
		}
		return platform.Observe(ctx)
	}
	return p, func() {
		if err == nil {
			_ = platform.Close() // nothing depends on it: it was only read
		}
	}
}
