package config

import (
	"fmt"
	"path/filepath"
	"time"
)

// Container says how the host runs containers (docs/container.md).
type Container struct {
	On         bool   `yaml:"on"`
	Bundles    string `yaml:"bundles"`    // the directory of the containers' bundles
	Volumes    string `yaml:"volumes"`    // the directory below which their volumes are
	Namespaces string `yaml:"namespaces"` // the directory of their network namespaces
	Cgroups    string `yaml:"cgroups"`    // the cgroup below which those are that arrive
	Runc       string `yaml:"runc"`       // the program
	Criu       string `yaml:"criu"`       // the program
	Podman     string `yaml:"podman"`     // the socket of podman's service; "" leaves its containers alone
	// KeepLeft is how long bundle and volumes of a container that left are kept.
	KeepLeft time.Duration `yaml:"keep_left"`
}

func defaultContainer() Container {
	return Container{Bundles: "/srv/containers", Volumes: "/srv/volumes",
		Namespaces: "/run/netns", Cgroups: "/parley", Runc: "runc", Criu: "criu"}
}

// ContainerDir is where the rules and moves of containers are, and what criu reads.
func (c Config) ContainerDir() string { return filepath.Join(c.StateDir, "container") }

func (c Config) checkContainer() (errs []error) {
	own := c.Container
	for _, d := range []struct{ key, path string }{{"bundles", own.Bundles}, {"volumes", own.Volumes},
		{"namespaces", own.Namespaces}} {
		if !filepath.IsAbs(d.path) || filepath.Clean(d.path) != d.path || d.path == "/" {
			errs = append(errs, &Fault{Key: "container." + d.key, Text: fmt.Sprintf("is %q: write the absolute path of a directory", d.path)})
		}
	}
	if !filepath.IsAbs(own.Cgroups) || filepath.Clean(own.Cgroups) != own.Cgroups || own.Cgroups == "/" {
		errs = append(errs, &Fault{Key: "container.cgroups",
			Text: fmt.Sprintf("is %q: write the path of a cgroup, such as /parley", own.Cgroups)})
	}
	if own.Bundles == own.Volumes {
		errs = append(errs, &Fault{Key: "container.volumes", Text: "is the directory of the bundles: give volumes one of their own"})
	}
	for _, p := range []struct{ key, path string }{{"runc", own.Runc}, {"criu", own.Criu}} {
		if p.path == "" {
			errs = append(errs, &Fault{Key: "container." + p.key, Text: "is empty: write the path of the program, or leave it out"})
		}
	}
	if own.Podman != "" && (!filepath.IsAbs(own.Podman) || filepath.Clean(own.Podman) != own.Podman) {
		errs = append(errs, &Fault{Key: "container.podman",
			Text: fmt.Sprintf("is %q: write the absolute path of podman's socket, such as /run/podman/podman.sock", own.Podman)})
	}
	if own.KeepLeft < 0 {
		errs = append(errs, &Fault{Key: "container.keep_left",
			Text: fmt.Sprintf("is %v: write how long to keep what a container has left, such as 24h, or 0s to remove it", own.KeepLeft)})
	}
	return errs
}
