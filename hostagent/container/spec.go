package container

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/hostagent"
	"parley/internal/bytesize"
)

// Annotations of a bundle.
const (
	criuAnnotation   = "org.criu.config" // of runc: where criu reads its options
	cpuAnnotation    = "parley.cpu"
	memoryAnnotation = "parley.memory"
	diskAnnotation   = "parley.disk"
)

// specBytes bounds a config.json.
const specBytes = 128 << 10

// readSpec reads the configuration of a bundle.
func (o Options) readSpec(guest hostagent.GuestID) (specs.Spec, error) {
	text, err := os.ReadFile(o.config(guest))
	if err != nil {
		return specs.Spec{}, err
	}
	return parseSpec(text)
}

func parseSpec(text []byte) (spec specs.Spec, err error) {
	if len(text) > specBytes {
		return spec, fmt.Errorf("its config.json has more than %d bytes", specBytes)
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		return spec, fmt.Errorf("its config.json: %w", err)
	}
	return spec, nil
}

// containerName is a name that is safe as that of files and cgroups.
var containerName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$`)

// checkName looks at the name of a container, which becomes that of files.
func checkName(guest hostagent.GuestID) error {
	if !containerName.MatchString(string(guest)) {
		return errors.New("the name of a container has at most 64 letters, digits, _, . and -, and begins with a letter or digit")
	}
	return nil
}

// usual are the capabilities that give a container no power over its host.
var usual = []string{"CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
	"CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT"}

// whyNot says why a container cannot be moved, and may not come; "" if it can.
func (o Options) whyNot(spec specs.Spec) string {
	if spec.Process == nil || spec.Root == nil || spec.Linux == nil {
		return "its config.json has no process, root or linux"
	}
	linux := spec.Linux
	switch {
	case spec.Root.Path != "rootfs":
		return "its root is not the directory rootfs of its bundle"
	case spec.Hooks != nil:
		return "it has hooks, which run on its host: remove hooks from its config.json"
	case spec.Process.Terminal:
		return "it has a terminal, which stays with who started it: set process.terminal to false"
	case len(linux.Devices) > 0 || len(linux.NetDevices) > 0:
		return "it has devices of its host: remove linux.devices from its config.json"
	case linux.RootfsPropagation == "shared" || linux.IntelRdt != nil || linux.MemoryPolicy != nil:
		return "its mounts reach its host, or it is bound to parts of the processor"
	case spec.Annotations[criuAnnotation] != o.criuConfig():
		return fmt.Sprintf("criu would not ask Parley: set the annotation %q to %q in its config.json", criuAnnotation, o.criuConfig())
	}
	if linux.Resources != nil {
		for _, d := range linux.Resources.Devices {
			if d.Allow {
				return "it may use devices of its host: remove linux.resources.devices from its config.json"
			}
		}
	}
	for _, why := range []string{o.whyNotNamespaces(linux), whyNotCapabilities(spec.Process.Capabilities), o.whyNotMounts(spec.Mounts)} {
		if why != "" {
			return why
		}
	}
	if _, err := declared(spec); err != nil {
		return err.Error()
	}
	return ""
}

func (o Options) whyNotNamespaces(linux *specs.Linux) string {
	paths := map[specs.LinuxNamespaceType]*string{}
	for _, ns := range linux.Namespaces {
		if paths[ns.Type] != nil {
			return fmt.Sprintf("it names its %s namespace twice", ns.Type)
		}
		paths[ns.Type] = &ns.Path
	}
	for _, kind := range []specs.LinuxNamespaceType{specs.PIDNamespace, specs.MountNamespace, specs.IPCNamespace, specs.UTSNamespace} {
		if paths[kind] == nil || *paths[kind] != "" {
			return fmt.Sprintf("it has no %s namespace of its own", kind)
		}
	}
	if paths[specs.UserNamespace] != nil || paths[specs.TimeNamespace] != nil {
		return "it has a user or time namespace, which is not moved"
	}
	if cgroups := paths[specs.CgroupNamespace]; cgroups != nil && *cgroups != "" {
		return "it has the cgroup namespace of another"
	}
	path := paths[specs.NetworkNamespace]
	if path == nil || filepath.Dir(*path) != o.Namespaces || filepath.Clean(*path) != *path {
		return "it has no network namespace by name in " + o.Namespaces
	}
	return ""
}

func whyNotCapabilities(c *specs.LinuxCapabilities) string {
	if c == nil {
		return ""
	}
	for _, name := range slices.Concat(c.Bounding, c.Effective, c.Permitted, c.Inheritable, c.Ambient) {
		if !slices.Contains(usual, name) {
			return fmt.Sprintf("it has the capability %s, by which it could reach its host", name)
		}
	}
	return ""
}

func (o Options) whyNotMounts(mounts []specs.Mount) string {
	for _, m := range mounts {
		switch {
		case isBind(m):
			if _, err := o.volumeOf(m); err != nil {
				return err.Error()
			}
			if len(m.UIDMappings) > 0 || slices.ContainsFunc(m.Options, func(s string) bool { return strings.Contains(s, "shared") }) {
				return "the mount at " + m.Destination + " reaches its host"
			}
		case !slices.Contains([]string{"proc", "sysfs", "tmpfs", "devpts", "mqueue"}, m.Type):
			return fmt.Sprintf("it has a mount of type %q at %s, which is not moved", m.Type, m.Destination)
		}
	}
	return ""
}

func isBind(m specs.Mount) bool {
	return m.Type == "bind" || slices.Contains(m.Options, "bind") || slices.Contains(m.Options, "rbind")
}

// volumeOf returns the path of a bind mount's volume below the directory of volumes.
func (o Options) volumeOf(m specs.Mount) (string, error) {
	rel, err := filepath.Rel(o.Volumes, m.Source)
	if err != nil || rel == "." || !filepath.IsLocal(rel) || filepath.Clean(m.Source) != m.Source {
		return "", fmt.Errorf("its mount of %s is not of a directory below %s", m.Source, o.Volumes)
	}
	if rel == leftName || strings.HasPrefix(rel, leftName+"/") {
		return "", fmt.Errorf("its mount of %s is of %s, where what containers have left is kept: move it to a directory of its own",
			m.Source, filepath.Join(o.Volumes, leftName))
	}
	return rel, nil
}

// volumes are the paths of a container's volumes below the directory of volumes, sorted.
func (o Options) volumes(spec specs.Spec) []string { return o.volumesOf(spec.Mounts) }

func (o Options) volumesOf(mounts []specs.Mount) (list []string) {
	for _, m := range mounts {
		if rel, err := o.volumeOf(m); err == nil && isBind(m) {
			list = append(list, rel)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// whyShared says that a container's volume is within another's; "" if none is.
func whyShared(own []string, others map[hostagent.GuestID][]string) string {
	for _, other := range slices.Sorted(maps.Keys(others)) {
		for _, a := range own {
			for _, b := range others[other] {
				if a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/") {
					return fmt.Sprintf("the container %s uses its volume %s, too", other, a)
				}
			}
		}
	}
	return ""
}

// declared is what a container may use at most: the limits of its config.json, or the
// annotations where it has none.
func declared(spec specs.Spec) (r hostagent.Resources, err error) {
	if limits := spec.Linux.Resources; limits != nil {
		if m := limits.Memory; m != nil && m.Limit != nil && *m.Limit > 0 {
			r.MemoryBytes = *m.Limit
		}
		if c := limits.CPU; c != nil && c.Quota != nil && c.Period != nil && *c.Quota > 0 && *c.Period > 0 {
			r.CPU = float64(*c.Quota) / float64(*c.Period)
		}
	}
	if text := spec.Annotations[cpuAnnotation]; text != "" {
		if r.CPU, err = strconv.ParseFloat(text, 64); err != nil {
			return r, fmt.Errorf("its annotation %s: %q is no number of processors", cpuAnnotation, text)
		}
	}
	for name, field := range map[string]*int64{memoryAnnotation: &r.MemoryBytes, diskAnnotation: &r.DiskBytes} {
		if text := spec.Annotations[name]; text != "" {
			if *field, err = bytesize.Parse(text); err != nil {
				return r, fmt.Errorf("its annotation %s: %w", name, err)
			}
		}
	}
	switch {
	case !(r.CPU > 0 && r.CPU <= 4096):
		return r, fmt.Errorf("nothing bounds its processors: set linux.resources.cpu or the annotation %s", cpuAnnotation)
	case r.MemoryBytes <= 0:
		return r, fmt.Errorf("nothing bounds its memory: set linux.resources.memory or the annotation %s", memoryAnnotation)
	case r.DiskBytes <= 0:
		return r, fmt.Errorf("nothing says what its root and volumes may take: set the annotation %s, such as 2GiB", diskAnnotation)
	}
	return r, nil
}
