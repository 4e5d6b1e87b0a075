//go:build !linux

package main

import (
	"context"
	"errors"
	"log/slog"

	"parley/hostagent"
	"parley/hostagent/config"
)

var errNoContainers = errors.New("containers move on Linux only: leave container.on out of the configuration")

func openContainers(config.Config, hostagent.Resources, int64, *slog.Logger) (hostagent.Platform, error) {
	return nil, errNoContainers
}

func tracksContainers(context.Context, config.Config) bool { return false }

func probeContainers(context.Context, config.Config) ([]string, error) { return nil, errNoContainers }
