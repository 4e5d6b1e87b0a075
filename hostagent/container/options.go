package container

import (
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"parley/hostagent"
)

// Options say where containers are and what they may use.
type Options struct {
	// Bundles is the directory of which each directory with a config.json is a container
	// of that name.
	Bundles string
	// Volumes is the directory below which the volumes of containers are: a bind mount of
	// anything else keeps a container here.
	Volumes string
	// Namespaces is the directory of the network namespaces of containers; default
	// /run/netns.
	Namespaces string
	// State is the directory that keeps rules and moves over a restart of the machine.
	State string
	// Memory is the directory in which the memory of a container is while it moves;
	// default /run/parley-containers. It must be in memory,
	// and outlive the agent.
	Memory string
	// Cgroups is the cgroup below which arriving containers are put; default /parley.
	Cgroups string
	// Podman is the socket of podman's service; "" leaves podman's containers alone.
	Podman string
	// Runc and Criu are the programs; default those in PATH.
	Runc, Criu string
	// KeepLeft is how long bundle and volumes of a container that left are kept; 0 removes
	// them at once.
	KeepLeft time.Duration
	Capacity hostagent.Resources
	Reserve  int64 // bytes of memory that Capacity leaves to the machine itself; 0: it is declared
	Logger   *slog.Logger
	// Before is asked before each step of a move, by the name of its method; an error
	// refuses it. It is for tests; nil asks nobody.
	Before func(step string) error
}

func (o Options) withDefaults() (Options, error) {
	for _, p := range []struct {
		field *string
		text  string
	}{
		{&o.Namespaces, "/run/netns"}, {&o.Memory, "/run/parley-containers"}, {&o.Cgroups, "/parley"},
		{&o.Runc, "runc"}, {&o.Criu, "criu"},
	} {
		if *p.field == "" {
			*p.field = p.text
		}
	}
	for _, dir := range []string{o.Bundles, o.Volumes, o.State, o.Namespaces, o.Memory} {
		if !filepath.IsAbs(dir) || filepath.Clean(dir) != dir || dir == "/" {
			return o, errors.New("bundles, volumes and state are absolute paths of directories of their own: got " + dir)
		}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

func (o Options) bundle(guest hostagent.GuestID) string {
	return filepath.Join(o.Bundles, string(guest))
}
func (o Options) root(guest hostagent.GuestID) string {
	return filepath.Join(o.bundle(guest), "rootfs")
}
func (o Options) config(guest hostagent.GuestID) string {
	return filepath.Join(o.bundle(guest), "config.json")
}
func (o Options) namespace(guest hostagent.GuestID) string {
	return filepath.Join(o.Namespaces, "parley-"+string(guest))
}

// The files of a move, in memory and on the disk.
func (o Options) memory(guest hostagent.GuestID) string {
	return filepath.Join(o.Memory, string(guest))
}
func (o Options) move(guest hostagent.GuestID) string {
	return filepath.Join(o.State, "moves", string(guest)+".json")
}
func (o Options) rules(guest hostagent.GuestID) string {
	return filepath.Join(o.State, "rules", string(guest)+".json")
}
func (o Options) hook() string       { return filepath.Join(o.State, "hook") }
func (o Options) criuConfig() string { return filepath.Join(o.State, "criu.conf") }
