//go:build linux

package main

import (
	"context"
	"log/slog"
	"time"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/container"
)

// containerOptions are those of the configured platform of containers.
func containerOptions(c config.Config, capacity hostagent.Resources, reserve int64, log *slog.Logger) container.Options {
	own := c.Container
	return container.Options{Bundles: own.Bundles, Volumes: own.Volumes, Namespaces: own.Namespaces, State: c.ContainerDir(),
		Cgroups: own.Cgroups, Runc: own.Runc, Criu: own.Criu, Podman: own.Podman, KeepLeft: own.KeepLeft, Capacity: capacity,
		Reserve: reserve, Logger: log}
}

// probeWithin bounds the look at criu and runc.
const probeWithin = 20 * time.Second

func openContainers(c config.Config, capacity hostagent.Resources, reserve int64, log *slog.Logger) (hostagent.Platform, error) {
	ctx, cancel := context.WithTimeout(context.Background(), probeWithin)
	defer cancel()
	return container.Open(ctx, containerOptions(c, capacity, reserve, log))
}

// tracksContainers says whether the memory of containers goes in rounds.
func tracksContainers(ctx context.Context, c config.Config) bool {
	return container.Tracks(ctx, containerOptions(c, hostagent.Resources{}, 0, nil))
}

// probeContainers says what this host offers to containers, or what it lacks.
func probeContainers(ctx context.Context, c config.Config) ([]string, error) {
	return container.Probe(ctx, containerOptions(c, hostagent.Resources{}, 0, nil))
}
