//go:build linux

package container

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// moveAnnotation names the move by which a container of podman has come.
const moveAnnotation = "parley.move"

// podmanOwn is what podman at the target learns of a container besides its spec.
type podmanOwn struct {
	Image       string            `json:"image"` // its digest
	ImageName   string            `json:"image_name"`
	User        string            `json:"user,omitempty"`
	Command     []string          `json:"command"`
	Entrypoint  []string          `json:"entrypoint"`
	Labels      map[string]string `json:"labels,omitempty"`
	CapAdd      []string          `json:"cap_add,omitempty"`
	CapDrop     []string          `json:"cap_drop,omitempty"`
	Groups      []string          `json:"groups,omitempty"`
	ShmSize     int64             `json:"shm_size,omitempty"`
	Log         string            `json:"log,omitempty"`
	StopSignal  string            `json:"stop_signal,omitempty"`
	StopTimeout uint              `json:"stop_timeout"`
	Umask       string            `json:"umask,omitempty"`
}

// own is what the target learns.
func (i inspected) own() (json.RawMessage, error) {
	return json.Marshal(podmanOwn{Image: i.Image, ImageName: i.ImageName, User: i.Config.User, Command: i.Config.Cmd,
		Entrypoint: i.Config.Entrypoint, Labels: i.Config.Labels, CapAdd: i.HostConfig.CapAdd, CapDrop: i.HostConfig.CapDrop,
		Groups: i.HostConfig.GroupAdd, ShmSize: i.HostConfig.ShmSize, Log: i.HostConfig.LogConfig.Type,
		StopSignal: i.Config.StopSignal, StopTimeout: i.Config.StopTimeout, Umask: i.Config.Umask})
}

// logs are podman's ways to keep what a container writes that have nothing of a host's.
var logs = []string{"k8s-file", "json-file", "journald", "none"}

// whyNot says what only podman knows that keeps a container here; "" if nothing does.
func (i inspected) whyNot() string {
	switch host, config := i.HostConfig, i.Config; {
	case filepath.Base(i.OCIRuntime) != "runc":
		return fmt.Sprintf("its runtime is %s, and only those of runc are moved: create it by podman --runtime runc", i.OCIRuntime)
	case i.Pod != "" || len(i.Dependencies) > 0:
		return "it is in a pod, or uses namespaces of another container, which stays behind"
	case host.AutoRemove:
		return "podman removes it when it ends: create it without --rm"
	case host.RestartPolicy.Name != "" && host.RestartPolicy.Name != "no":
		return "podman would start it again where it has left: podman update --restart no " + i.Name
	case len(config.Healthcheck) > 0 && string(config.Healthcheck) != "null":
		return "it has a health check, which is a timer of its host: create it with --no-healthcheck"
	case len(config.Secrets) > 0:
		return "it has secrets, which are not moved: put them into a volume"
	case len(host.SecurityOpt) > 0:
		return "it has " + strings.Join(host.SecurityOpt, ", ") + ", which is not moved: create it without --security-opt"
	case config.SystemdMode:
		return "podman takes its first process for systemd: create it with --systemd=false"
	case i.Rootfs != "" || !imageDigest.MatchString(i.Image):
		return "it has no image: its root would not be at the target"
	case i.GraphDriver.Name != "overlay":
		return fmt.Sprintf("podman stores it by %q: only overlay is supported", i.GraphDriver.Name)
	case !slices.Contains(logs, host.LogConfig.Type):
		return fmt.Sprintf("its output goes to %q, which stays behind: create it with --log-driver journald", host.LogConfig.Type)
	}
	for _, m := range i.Mounts {
		if m.Type != "bind" {
			return fmt.Sprintf("it has podman's %s %s at %s: give it a directory with -v instead", m.Type, m.Name, m.Destination)
		}
	}
	return ""
}

var imageDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// plain is the spec of a container without what podman itself puts into each: the target's
// podman does so again.
func (i inspected) plain(spec specs.Spec) specs.Spec {
	own := []string{i.StaticDir, filepath.Dir(i.ConmonPidFile)}
	spec.Mounts = slices.DeleteFunc(slices.Clone(spec.Mounts), func(m specs.Mount) bool {
		return m.Type == "cgroup" || isBind(m) && slices.Contains(own, filepath.Dir(m.Source))
	})
	annotations := map[string]string{}
	for name, value := range spec.Annotations {
		if !podmans(name) {
			annotations[name] = value
		}
	}
	spec.Annotations = annotations
	if spec.Root != nil {
		spec.Root = &specs.Root{Path: "rootfs", Readonly: spec.Root.Readonly}
	}
	if spec.Linux == nil {
		return spec
	}
	linux := *spec.Linux
	linux.Seccomp, linux.CgroupsPath = nil, ""
	if linux.Resources != nil {
		resources := *linux.Resources
		resources.Devices = slices.DeleteFunc(slices.Clone(resources.Devices), func(d specs.LinuxDeviceCgroup) bool { return !d.Allow })
		linux.Resources = &resources
	}
	spec.Linux = &linux
	return spec
}

// podmans says that an annotation is podman's own, or of the move by which a container came.
func podmans(name string) bool {
	for _, prefix := range []string{"io.podman.", "io.container.", "io.kubernetes.", "org.systemd.property.", "org.opencontainers.image."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == moveAnnotation
}

// creation is what podman is asked to make: its SpecGenerator, as far as it is used.
type creation struct {
	Name        string                `json:"name"`
	Image       string                `json:"image"`
	Command     []string              `json:"command"`
	Entrypoint  []string              `json:"entrypoint"`
	Env         map[string]string     `json:"env"`
	Hostname    string                `json:"hostname,omitempty"`
	User        string                `json:"user,omitempty"`
	WorkDir     string                `json:"work_dir,omitempty"`
	Umask       string                `json:"umask,omitempty"`
	Labels      map[string]string     `json:"labels,omitempty"`
	Annotations map[string]string     `json:"annotations,omitempty"`
	CapAdd      []string              `json:"cap_add,omitempty"`
	CapDrop     []string              `json:"cap_drop,omitempty"`
	Groups      []string              `json:"groups,omitempty"`
	Mounts      []specs.Mount         `json:"mounts,omitempty"`
	Sysctl      map[string]string     `json:"sysctl,omitempty"`
	Resources   *specs.LinuxResources `json:"resource_limits,omitempty"`
	Limits      []specs.POSIXRlimit   `json:"r_limits"`
	Network     joined                `json:"netns"`
	Log         logging               `json:"log_configuration"`
	ShmSize     int64                 `json:"shm_size,omitempty"`
	Manner      manner                `json:"-"`
}

// manner is the part of a creation that says how podman runs a container.
type manner struct {
	StopSignal     int    `json:"stop_signal,omitempty"`
	StopTimeout    uint   `json:"stop_timeout"`
	ReadOnly       bool   `json:"read_only_filesystem"`
	ReadWriteTmpfs bool   `json:"read_write_tmpfs"`
	Systemd        string `json:"systemd"`
	Restart        string `json:"restart_policy"`
	ImageVolumes   string `json:"image_volume_mode"`
	Runtime        string `json:"oci_runtime"`
}

// MarshalJSON writes all as one object, as podman reads it.
func (c creation) MarshalJSON() ([]byte, error) {
	type rest creation
	return json.Marshal(struct {
		rest
		manner
	}{rest(c), c.Manner})
}

type joined struct {
	Mode  string `json:"nsmode"`
	Value string `json:"value"`
}

type logging struct {
	Driver string `json:"driver"`
}

// creationOf makes of a spec, which was held against what a container may have, and of what
// the source's podman has said, what podman is to make here.
func creationOf(name, mark string, spec specs.Spec, text json.RawMessage) (creation, error) {
	var own podmanOwn
	if err := json.Unmarshal(text, &own); err != nil {
		return creation{}, fmt.Errorf("what podman at the source says of the container: %w", err)
	}
	switch {
	case !imageDigest.MatchString(own.Image):
		return creation{}, errors.New("the digest of the container's image is malformed")
	case !slices.Contains(logs, own.Log):
		return creation{}, fmt.Errorf("the container's output goes to %q, which is not moved", own.Log)
	case own.ShmSize < 0 || own.ShmSize > 1<<40:
		return creation{}, errors.New("the size of the container's /dev/shm is malformed")
	}
	for _, c := range own.CapAdd {
		if !slices.Contains(usual, c) {
			return creation{}, fmt.Errorf("the container has the capability %q, by which it could reach its host", c)
		}
	}
	c := creation{Name: name, Image: own.Image, Command: own.Command, Entrypoint: own.Entrypoint, Env: map[string]string{},
		Hostname: spec.Hostname, User: own.User, WorkDir: spec.Process.Cwd, Umask: own.Umask, Labels: own.Labels,
		Annotations: map[string]string{moveAnnotation: mark}, CapAdd: own.CapAdd, CapDrop: own.CapDrop, Groups: own.Groups,
		Sysctl: spec.Linux.Sysctl, Resources: spec.Linux.Resources, Limits: []specs.POSIXRlimit{}, Log: logging{own.Log},
		Network: joined{"path", namespaceOf(spec)}, ShmSize: own.ShmSize,
		Manner: manner{StopSignal: int(unix.SignalNum(own.StopSignal)), StopTimeout: own.StopTimeout, ReadOnly: spec.Root.Readonly,
			Systemd: "false", Restart: "no", ImageVolumes: "ignore", Runtime: runcName}}
	for annotation, value := range spec.Annotations {
		if !podmans(annotation) {
			c.Annotations[annotation] = value
		}
	}
	for _, line := range spec.Process.Env {
		if key, value, _ := strings.Cut(line, "="); key != "HOSTNAME" && key != "container" {
			c.Env[key] = value
		}
	}
	for _, limit := range spec.Process.Rlimits {
		limit.Type = strings.TrimPrefix(limit.Type, "RLIMIT_") // which podman adds
		c.Limits = append(c.Limits, limit)
	}
	for _, m := range spec.Mounts {
		if isBind(m) || m.Type == "tmpfs" && m.Destination != "/dev" {
			c.Mounts = append(c.Mounts, m)
		}
	}
	return c, nil
}
