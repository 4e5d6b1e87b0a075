//go:build linux

package container

import (
	"encoding/json"
	"strings"
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/hostagent"
	"parley/hostagent/guestnet"
)

func testOptions(t *testing.T) Options {
	t.Helper()
	o, err := Options{Bundles: "/srv/containers", Volumes: "/srv/volumes", State: "/var/lib/parley/containers"}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// movable is a spec of a container that can be moved.
func movable() specs.Spec {
	return specs.Spec{
		Root: &specs.Root{Path: "rootfs"}, Process: &specs.Process{Args: []string{"/bin/server"}},
		Mounts: []specs.Mount{{Destination: "/proc", Type: "proc"}, {Destination: "/data", Type: "bind", Source: "/srv/volumes/web/data"}},
		Linux: &specs.Linux{Namespaces: []specs.LinuxNamespace{{Type: "pid"}, {Type: "mount"}, {Type: "ipc"}, {Type: "uts"},
			{Type: "network", Path: "/run/netns/web"}}},
		Annotations: map[string]string{criuAnnotation: "/var/lib/parley/containers/criu.conf", cpuAnnotation: "1.5",
			memoryAnnotation: "64MiB", diskAnnotation: "1GiB"},
	}
}

func TestWhyNot(t *testing.T) {
	o := testOptions(t)
	if why := o.whyNot(movable()); why != "" {
		t.Fatalf("a container that can be moved: %s", why)
	}
	namespace := func(kind specs.LinuxNamespaceType, path string) func(*specs.Spec) {
		return func(s *specs.Spec) {
			for n := range s.Linux.Namespaces {
				if s.Linux.Namespaces[n].Type == kind {
					s.Linux.Namespaces[n].Path = path
				}
			}
		}
	}
	mount := func(m specs.Mount) func(*specs.Spec) {
		return func(s *specs.Spec) { s.Mounts = append(s.Mounts, m) }
	}
	for name, c := range map[string]struct {
		change func(*specs.Spec)
		want   string
	}{
		"no process":       {func(s *specs.Spec) { s.Process = nil }, "no process"},
		"another root":     {func(s *specs.Spec) { s.Root.Path = "/" }, "not the directory rootfs"},
		"hooks":            {func(s *specs.Spec) { s.Hooks = &specs.Hooks{} }, "it has hooks"},
		"terminal":         {func(s *specs.Spec) { s.Process.Terminal = true }, "it has a terminal"},
		"devices":          {func(s *specs.Spec) { s.Linux.Devices = []specs.LinuxDevice{{Path: "/dev/sda"}} }, "it has devices"},
		"device rule":      {func(s *specs.Spec) { s.Linux.Resources = allowed() }, "it may use devices"},
		"no hook":          {func(s *specs.Spec) { delete(s.Annotations, criuAnnotation) }, "criu would not ask Parley"},
		"host's processes": {namespace("pid", "/proc/1/ns/pid"), "no pid namespace of its own"},
		"no ipc":           {func(s *specs.Spec) { s.Linux.Namespaces = s.Linux.Namespaces[:2] }, "no ipc namespace"},
		"host's network":   {namespace("network", ""), "no network namespace by name"},
		"another's path":   {namespace("network", "/run/netns/../../proc/1/ns/net"), "no network namespace by name"},
		"twice": {func(s *specs.Spec) {
			s.Linux.Namespaces = append(s.Linux.Namespaces, specs.LinuxNamespace{Type: "pid", Path: "/proc/1/ns/pid"})
		}, "twice"},
		"users": {func(s *specs.Spec) {
			s.Linux.Namespaces = append(s.Linux.Namespaces, specs.LinuxNamespace{Type: "user"})
		}, "user or time namespace"},
		"capability": {func(s *specs.Spec) {
			s.Process.Capabilities = &specs.LinuxCapabilities{Ambient: []string{"CAP_SYS_ADMIN"}}
		}, "CAP_SYS_ADMIN"},
		"host's files":   {mount(specs.Mount{Type: "bind", Source: "/etc", Destination: "/etc"}), "not of a directory below /srv/volumes"},
		"all volumes":    {mount(specs.Mount{Type: "bind", Source: "/srv/volumes"}), "not of a directory below"},
		"upwards":        {mount(specs.Mount{Type: "bind", Source: "/srv/volumes/../../etc"}), "not of a directory below"},
		"bind by option": {mount(specs.Mount{Source: "/etc", Options: []string{"rbind"}}), "not of a directory below"},
		"shared":         {mount(specs.Mount{Type: "bind", Source: "/srv/volumes/a", Options: []string{"rshared"}}), "reaches its host"},
		"a file system":  {mount(specs.Mount{Type: "ext4", Source: "/dev/sda1", Destination: "/x"}), `type "ext4"`},
		"no cpu":         {func(s *specs.Spec) { delete(s.Annotations, cpuAnnotation) }, "bounds its processors"},
		"no memory":      {func(s *specs.Spec) { delete(s.Annotations, memoryAnnotation) }, "bounds its memory"},
		"no disk":        {func(s *specs.Spec) { delete(s.Annotations, diskAnnotation) }, "root and volumes"},
		"bad cpu":        {func(s *specs.Spec) { s.Annotations[cpuAnnotation] = "NaN" }, "processors"},
		"bad memory":     {func(s *specs.Spec) { s.Annotations[memoryAnnotation] = "much" }, memoryAnnotation},
	} {
		t.Run(name, func(t *testing.T) {
			spec := movable()
			c.change(&spec)
			if got := o.whyNot(spec); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func allowed() *specs.LinuxResources {
	return &specs.LinuxResources{Devices: []specs.LinuxDeviceCgroup{{Allow: true}}}
}

// TestThroughTheWire sends a spec and takes it: paths are those of the target, and what
// the source may not have does not come.
func TestThroughTheWire(t *testing.T) {
	source := testOptions(t)
	target, err := Options{Bundles: "/b", Volumes: "/v", State: "/s", Cgroups: "/c"}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	text, err := source.leavingSpec(movable())
	if err != nil {
		t.Fatal(err)
	}
	net := guestnet.Network{Bridge: "br0", Device: "eth0", MAC: "02:00:00:00:00:01", MTU: 1500,
		Addresses: []string{"10.0.0.5/24"}, Gateways: []string{"10.0.0.1"}}
	spec, err := target.arrivingSpec("web", manifest{Spec: text, Network: net})
	if err != nil {
		t.Fatal(err)
	}
	if got := target.volumes(spec); len(got) != 1 || got[0] != "web/data" || spec.Mounts[1].Source != "/v/web/data" {
		t.Errorf("volumes: got %v and %s", got, spec.Mounts[1].Source)
	}
	if got := namespaceOf(spec); got != "/run/netns/parley-web" {
		t.Errorf("network namespace: got %s", got)
	}
	if group, criu := spec.Linux.CgroupsPath, spec.Annotations[criuAnnotation]; group != "/c/web" || criu != "/s/criu.conf" {
		t.Errorf("cgroup and criu's options: got %s and %s", group, criu)
	}
	bad := movable()
	bad.Mounts[1].Source = "../../etc"
	evil, err := json.Marshal(bad)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.arrivingSpec("web", manifest{Spec: evil, Network: net}); err == nil {
		t.Error("a volume outside of the directory of volumes: got no error")
	}
	for name, change := range map[string]func(*guestnet.Network){
		"no MAC":     func(n *guestnet.Network) { n.MAC = "x" },
		"a path":     func(n *guestnet.Network) { n.Bridge = "../x" },
		"no address": func(n *guestnet.Network) { n.Addresses = nil },
		"a name":     func(n *guestnet.Network) { n.Gateways = []string{"example.org"} },
		"no MTU":     func(n *guestnet.Network) { n.MTU = 0 },
	} {
		wrong := net
		change(&wrong)
		if _, err := target.arrivingSpec("web", manifest{Spec: text, Network: wrong}); err == nil {
			t.Errorf("a network with %s: got no error", name)
		}
	}
}

func TestDeclared(t *testing.T) {
	spec := movable()
	limit, quota, period := int64(1<<20), int64(50_000), uint64(100_000)
	spec.Annotations = map[string]string{diskAnnotation: "2GiB"}
	spec.Linux.Resources = &specs.LinuxResources{Memory: &specs.LinuxMemory{Limit: &limit},
		CPU: &specs.LinuxCPU{Quota: &quota, Period: &period}}
	got, err := declared(spec)
	if want := (hostagent.Resources{CPU: 0.5, MemoryBytes: 1 << 20, DiskBytes: 2 << 30}); err != nil || got != want {
		t.Errorf("got %v and %v, want %v", got, err, want)
	}
}

func TestShared(t *testing.T) {
	others := map[hostagent.GuestID][]string{"db": {"db/data"}}
	for volume, want := range map[string]bool{"db/data": true, "db": true, "db/data/x": true, "db/data2": false, "web": false} {
		if got := whyShared([]string{volume}, others) != ""; got != want {
			t.Errorf("%s: got %v, want %v", volume, got, want)
		}
	}
}

func TestCheckName(t *testing.T) {
	for name, want := range map[hostagent.GuestID]bool{"web": true, "web-1.a_b": true, "": false, ".x": false, "..": false, "a/b": false,
		"a b": false, hostagent.GuestID(strings.Repeat("x", 65)): false} {
		if got := checkName(name) == nil; got != want {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}
