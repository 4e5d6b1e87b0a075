//go:build linux

package container

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/hostagent"
	"parley/hostagent/guestnet"
	"parley/hostagent/handover"
	"parley/internal/atomicfile"
)

// manifest is what the target learns of a container, beside what each guest says.
type manifest struct {
	// Spec names volumes by their paths below the directory of volumes.
	Spec    json.RawMessage  `json:"spec"`
	Network guestnet.Network `json:"network"`
	Engine  string           `json:"engine,omitempty"`
	// Own is what the engine needs besides the spec, in its own form.
	Own json.RawMessage `json:"own,omitempty"`
}

// move is what a host keeps on its disk of a container that leaves or comes.
type move struct {
	ID        handover.MoveID  `json:"id"`
	Arriving  bool             `json:"arriving,omitempty"`
	Network   guestnet.Network `json:"network"`
	Port      string           `json:"port"`
	Namespace string           `json:"namespace"`
	Volumes   []string         `json:"volumes"`
	DiskBytes int64            `json:"disk_bytes"`
	// MemoryBytes bounds the memory of a container that comes.
	MemoryBytes int64  `json:"memory_bytes,omitempty"`
	Engine      string `json:"engine,omitempty"`
	Place       place  `json:"place,omitzero"`
	// Told says that the hook was told to let the container run: it may have run here.
	Told bool `json:"told,omitempty"`
	// Left is when the container left, where what it leaves is kept.
	Left time.Time `json:"left,omitzero"`
	// Boot names the run of the machine in which it was told.
	Boot string `json:"boot,omitempty"`
}

// bootID names this run of the machine.
func bootID() string {
	text, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // "" is one name for all
	return strings.TrimSpace(string(text))
}

// kept are the rules of a container and when it has moved.
type kept struct {
	Rules   hostagent.Rules `json:"rules"`
	MovedAt time.Time       `json:"moved_at,omitzero"`
}

func writeJSON(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(path, append(text, '\n'), 0o600)
}

// readJSON reads a file; that it is not there leaves the zero value, and ok false.
func readJSON(path string, into any) (ok bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return false, fmt.Errorf("%s is not what Parley has written: %w", path, err)
	}
	return true, nil
}

// withNamespace returns a spec with another network namespace.
func withNamespace(spec specs.Spec, path string) specs.Spec {
	linux := *spec.Linux
	linux.Namespaces = append([]specs.LinuxNamespace(nil), linux.Namespaces...)
	for n := range linux.Namespaces {
		if linux.Namespaces[n].Type == specs.NetworkNamespace {
			linux.Namespaces[n].Path = path
		}
	}
	spec.Linux = &linux
	return spec
}

func namespaceOf(spec specs.Spec) string {
	for _, ns := range spec.Linux.Namespaces {
		if ns.Type == specs.NetworkNamespace {
			return ns.Path
		}
	}
	return ""
}

// arrivingSpec makes of a manifest the spec of this host: with its own paths, and only
// what a container may have.
func (o Options) arrivingSpec(guest hostagent.GuestID, m manifest) (specs.Spec, error) {
	spec, err := parseSpec(m.Spec)
	if err != nil {
		return spec, err
	}
	if spec.Linux == nil || m.Network.Validate() != nil {
		return spec, errors.New("the description of its network is malformed")
	}
	spec = withNamespace(spec, o.namespace(guest))
	spec.Linux.CgroupsPath = filepath.Join(o.Cgroups, string(guest))
	if spec.Annotations == nil {
		spec.Annotations = map[string]string{}
	}
	spec.Annotations[criuAnnotation] = o.criuConfig()
	mounts := append([]specs.Mount(nil), spec.Mounts...)
	for n := range mounts { // volumes are named by their path below the directory of them
		if isBind(mounts[n]) {
			if !filepath.IsLocal(mounts[n].Source) {
				return spec, fmt.Errorf("the volume %s is not below the directory of volumes", mounts[n].Source)
			}
			mounts[n].Source = filepath.Join(o.Volumes, mounts[n].Source)
		}
	}
	spec.Mounts = mounts
	if why := o.whyNot(spec); why != "" {
		return spec, errors.New(why)
	}
	return spec, nil
}

// leavingSpec is the spec as it goes to another host.
func (o Options) leavingSpec(spec specs.Spec) (json.RawMessage, error) {
	mounts := append([]specs.Mount(nil), spec.Mounts...)
	for n := range mounts {
		if isBind(mounts[n]) {
			rel, err := o.volumeOf(mounts[n])
			if err != nil {
				return nil, err
			}
			mounts[n].Source = rel
		}
	}
	spec.Mounts = mounts
	return json.Marshal(spec)
}

// partOf is the directory of a part of a container: "root", "memory", "memory/N", "shm", or "volume/N".
func (m move) partOf(o Options, guest hostagent.GuestID, at place, name string) (string, error) {
	switch {
	case name == "root":
		return at.Root, nil
	case name == "memory":
		return held{o.memory(guest)}.images(), nil
	case roundOf(name) > 0:
		return held{o.memory(guest)}.round(roundOf(name)), nil
	case name == "shm" && at.Static != "":
		return held{o.memory(guest)}.shm(), nil
	}
	for n, rel := range m.Volumes {
		if name == fmt.Sprintf("volume/%d", n) {
			return filepath.Join(o.Volumes, rel), nil
		}
	}
	return "", fmt.Errorf("a part of no name known: %q", strings.ToValidUTF8(name, "?"))
}
