//go:build linux

package ground

import (
	"encoding/json"
	"os"
	"path/filepath"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// WriteBundle writes a container's bundle: what it is, and a root with one static program
// at /bin/server, static devices, and an empty directory for a volume at /vol.
func WriteBundle(dir string, spec specs.Spec, program string) error {
	root := filepath.Join(dir, "rootfs")
	for _, dir := range []string{"bin", "dev", "proc", "vol"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			return err
		}
	}
	code, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "bin/server"), code, 0o755); err != nil {
		return err
	}
	for name, minor := range map[string]uint32{"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9} {
		if err := unix.Mknod(filepath.Join(root, "dev", name), unix.S_IFCHR|0o666, int(unix.Mkdev(1, minor))); err != nil {
			return err
		}
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.json"), text, 0o644)
}

// Container is what the container of a program says, that has a network namespace and a
// volume by its name. need is its CPU, memory and disk, as Parley's annotations say them.
func Container(name, cgroup string, args []string, need [3]string) specs.Spec {
	own := []string{"CAP_NET_BIND_SERVICE"}
	return specs.Spec{
		Version: "1.0.2", Hostname: name, Root: &specs.Root{Path: "rootfs"},
		Process: &specs.Process{Cwd: "/", Args: append([]string{"/bin/server"}, args...),
			// criu knows nothing of multipath TCP, which Go's listeners use.
			Env:          []string{"PATH=/bin", "GOMAXPROCS=1", "GODEBUG=multipathtcp=0"},
			Capabilities: &specs.LinuxCapabilities{Bounding: own, Effective: own, Permitted: own}},
		Mounts: []specs.Mount{{Destination: "/proc", Type: "proc", Source: "proc"},
			{Destination: "/vol", Type: "bind", Source: "/srv/volumes/" + name, Options: []string{"bind", "rw"}}},
		Linux: &specs.Linux{CgroupsPath: cgroup + "/" + name, Namespaces: []specs.LinuxNamespace{{Type: "pid"}, {Type: "mount"}, {Type: "ipc"},
			{Type: "uts"}, {Type: "network", Path: "/run/netns/" + name}}},
		Annotations: map[string]string{"org.criu.config": "/var/lib/parley/container/criu.conf",
			"parley.cpu": need[0], "parley.memory": need[1], "parley.disk": need[2]},
	}
}
