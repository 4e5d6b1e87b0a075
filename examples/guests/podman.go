//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/examples/ground"
)

// podmanSocket is where podman listens on each host.
const podmanSocket = "/run/podman/podman.sock"

// image is that of the containers: the program of the server and nothing else.
const image = "localhost/server:1"

// startPodman starts podman's service on a host, and has the image there: made at the
// first host, and the same at the second.
func (h *host) startPodman(ctx context.Context, first bool) error {
	words := h.enter("sh", "-c", "exec podman system service -t 0 unix://"+podmanSocket+" </dev/null >/var/tmp/podman.log 2>&1")
	service := exec.CommandContext(ctx, words[0], words[1:]...)
	if err := service.Start(); err != nil {
		return err
	}
	h.service = service
	steps := []string{"podman load -q -i /lab/image.tar"}
	if first {
		if err := writeImage(ctx); err != nil {
			return err
		}
		steps = []string{"podman import -q /lab/root.tar " + image, "podman save -q -o /lab/image.tar " + image}
	}
	for _, step := range steps {
		words := h.enter(strings.Fields(step)...)
		if _, err := ground.Run(ctx, words[0], words[1:]...); err != nil {
			return err
		}
	}
	return ground.Until(ctx, 30*time.Second, "podman listens", func() (bool, error) {
		_, err := os.Stat(filepath.Join("/proc", fmt.Sprint(h.pid), "root", podmanSocket))
		return err == nil, nil
	})
}

// writeImage packs the root of the image.
func writeImage(ctx context.Context) error {
	root := filepath.Join(runDir, "lab/root")
	for _, dir := range []string{"bin", "vol", "etc"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			return err
		}
	}
	if err := os.Link(filepath.Join(runDir, "lab/server"), filepath.Join(root, "bin/server")); err != nil {
		return err
	}
	_, err := ground.Run(ctx, "tar", "-C", root, "-cf", root+".tar", ".")
	return err
}

// runContainer runs what a spec says, whose volume is there.
func (h *host) runContainer(ctx context.Context, spec specs.Spec) error {
	name := spec.Hostname
	line := "cd /srv/containers/" + name + " && exec runc run -d " + name
	said := "/dev/null" // a container of runc has the standard streams, and those must not be files of this host
	if h.podman {
		line, said = "exec "+podmanLine(spec), "/var/tmp/run.log"
	}
	words := h.enter("sh", "-c", line+" </dev/null >"+said+" 2>&1")
	if _, err := ground.Run(ctx, words[0], words[1:]...); err != nil {
		log, _ := os.ReadFile(filepath.Join("/proc", fmt.Sprint(h.pid), "root/var/tmp/run.log")) // it is a part of the error
		return fmt.Errorf("%w: %s", err, log)
	}
	return nil
}

// podmanLine is how podman runs what a spec says. The machine has none of the controllers
// that bound what a container may use.
func podmanLine(spec specs.Spec) string {
	line := []string{"podman", "--runtime", "runc", "run", "-d", "--name", spec.Hostname, "--hostname", spec.Hostname,
		"--network", "ns:/run/netns/" + spec.Hostname, "--pids-limit", "0", "--ulimit", "host", "--cap-drop", "all"}
	for _, c := range spec.Process.Capabilities.Bounding {
		line = append(line, "--cap-add", c)
	}
	for name, value := range spec.Annotations {
		line = append(line, "--annotation", name+"="+value)
	}
	for _, value := range spec.Process.Env[1:] {
		line = append(line, "--env", value)
	}
	for _, m := range spec.Mounts {
		if m.Type == "bind" {
			line = append(line, "-v", m.Source+":"+m.Destination)
		}
	}
	return strings.Join(append(append(line, image), spec.Process.Args...), " ")
}

// endContainer removes a container, if it is on the host.
func (h *host) endContainer(ctx context.Context, name string) error {
	line := "runc state " + name + " >/dev/null 2>&1 || exit 0; exec runc delete --force " + name
	if h.podman {
		line = "exec podman rm --force --ignore --time 0 " + name
	}
	words := h.enter("sh", "-c", line)
	_, err := ground.Run(ctx, words[0], words[1:]...)
	return err
}
