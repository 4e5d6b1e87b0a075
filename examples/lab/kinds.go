//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/examples/ground"
	"parley/hostagent"
	"parley/hostagent/api"
)

// This file adds containers and cooperative processes to a laboratory: guests beside the
// virtual machines, on the same hosts.

// engines are the programs that run them; the zero value if there are none.
type engines struct {
	runc, criu, worker string
	capabilities       string // that an agent may have, as setpriv wants them
}

// share is what a container or process uses of a core.
const share = 0.2

// findEngines gets what runs containers, and builds what runs in them and beside them.
// runc and criu are those of a newer system, which find its libraries: runc, which starts
// itself again, by what is written in it, criu by a script.
func findEngines(ctx context.Context) (e engines, err error) {
	if err := ground.Install(ctx, say); err != nil {
		return e, err
	}
	patcher, err := unpack(ctx, "patchelf", "usr/bin/patchelf")
	if err != nil {
		return e, err
	}
	dir := filepath.Join(runDir, "engines")
	e = engines{runc: filepath.Join(dir, "runc"), criu: filepath.Join(dir, "criu"), worker: filepath.Join(runDir, "worker")}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return e, err
	}
	loader, libraries := ground.Engines+"/lib64/ld-linux-x86-64.so.2", ground.Engines+"/lib/x86_64-linux-gnu"
	if _, err := ground.Run(ctx, filepath.Join(patcher, "usr/bin/patchelf"), "--set-interpreter", loader, "--set-rpath", libraries,
		"--output", e.runc, ground.Engines+"/usr/sbin/runc"); err != nil {
		return e, err
	}
	script := fmt.Sprintf("#!/bin/sh\nexec %s --library-path %s %s/usr/sbin/criu \"$@\"\n", loader, libraries, ground.Engines)
	if err := os.WriteFile(e.criu, []byte(script), 0o755); err != nil {
		return e, err
	}
	if e.capabilities, err = packagedCapabilities(); err != nil {
		return e, err
	}
	return e, ground.BuildStatic(ctx, e.worker, "parley/examples/lab/worker")
}

// packagedCapabilities are those that the package gives to the agent of a host with
// containers.
func packagedCapabilities() (string, error) {
	text, err := os.ReadFile(filepath.Join(moduleRoot(), "packaging/containers.conf"))
	if err != nil {
		return "", err
	}
	list := "-all"
	for line := range strings.Lines(string(text)) {
		if names, is := strings.CutPrefix(line, "CapabilityBoundingSet="); is {
			for _, name := range strings.Fields(names) {
				list += ",+" + strings.ToLower(strings.TrimPrefix(name, "CAP_"))
			}
		}
	}
	return list, nil
}

// limit is the command before that of an agent, by which it has no more rights than it has
// where the package is installed.
func (e engines) limit() []string {
	if e.capabilities == "" {
		return nil
	}
	return []string{"setpriv", "--bounding-set=" + e.capabilities}
}

// config is what the configuration of an agent says of them.
func (e engines) config() string {
	return fmt.Sprintf("container: {on: true, runc: %s, criu: %s}\nprocess: {on: true, programs: [%s]}\n", e.runc, e.criu, e.worker)
}

// newContainer and newWorker are guests with a number, at an address if they have one.
func newContainer(number int) guestSpec {
	return guestSpec{kind: hostagent.Container, name: fmt.Sprintf("c%d", number), address: fmt.Sprintf("%s%d", subnet, 150+number),
		mac: fmt.Sprintf("02:77:00:00:01:%02x", number), cpu: share, dirtyMiB: 4}
}

func newWorker(number int) guestSpec {
	return guestSpec{kind: hostagent.Process, name: fmt.Sprintf("p%d", number), cpu: share}
}

// runContainer writes a container's bundle on a host, with a network and a volume, and
// runs it.
func (h *host) runContainer(ctx context.Context, e engines, g guestSpec, program string) error {
	if err := os.MkdirAll(filepath.Join(h.dir, "srv/volumes", g.name), 0o755); err != nil {
		return err
	}
	args := []string{fmt.Sprint(g.cpu), fmt.Sprint(g.dirtyMiB), "/vol/lines"}
	spec := ground.Container(g.name, "/parley", args, [3]string{"0.5", "64MiB", "64MiB"})
	if err := ground.WriteBundle(filepath.Join(h.dir, "srv/containers", g.name), spec, program); err != nil {
		return err
	}
	network := fmt.Sprintf(`set -e
ip netns add %[1]s
ip link add v-%[1]s type veth peer name eth0 address %[2]s netns %[1]s
ip link set v-%[1]s master br0 up
ip -n %[1]s link set lo up
ip -n %[1]s addr add %[3]s/24 dev eth0
ip -n %[1]s link set eth0 up
cd /srv/containers/%[1]s
exec %[4]s run -d %[1]s </dev/null >/dev/null 2>&1`, g.name, g.mac, g.address, e.runc)
	words := h.inside("sh", "-c", network)
	_, err := ground.Run(ctx, words[0], words[1:]...)
	return err
}

// launch has the host's agent run a worker.
func (h *host) launch(ctx context.Context, e engines, g guestSpec) error {
	_, err := api.Client{Socket: h.socket()}.Launch(ctx, api.Launch{Name: g.name, Program: e.worker, Dir: runDir,
		Args: []string{fmt.Sprint(g.cpu), g.output()}, CPU: 0.5, Memory: 64 << 20})
	return err
}

// output is the file of a worker, which all hosts see.
func (g guestSpec) output() string { return filepath.Join(runDir, g.name+".out") }

// contained returns the containers that run on a host, as its runc says.
func (h *host) contained(ctx context.Context, e engines) (names []string, err error) {
	if _, err := os.Stat(filepath.Join(h.dir, "run/runc")); errors.Is(err, fs.ErrNotExist) {
		return nil, nil // it has not run one yet
	}
	words := h.inside(e.runc, "list", "-f", "json")
	text, err := ground.Run(ctx, words[0], words[1:]...)
	if err != nil {
		return nil, err
	}
	var list []struct{ ID, Status string }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("what runc of %s lists: %w", h.name, err)
	}
	for _, c := range list {
		if c.Status == "running" {
			names = append(names, c.ID)
		}
	}
	return names, nil
}

// workers returns the workers that run on a host, as the kernel says: of a network
// namespace, and by the file that they write.
func (h *host) workers(e engines) (names []string, err error) {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return nil, err
	}
	own, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", h.holder.cmd.Process.Pid))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		words := strings.Split(string(text), "\x00")
		if err != nil || len(words) < 3 || words[0] != e.worker {
			continue // it has ended, or is another program
		}
		if net, err := os.Readlink(filepath.Join(filepath.Dir(file), "ns/net")); err == nil && net == own {
			names = append(names, strings.TrimSuffix(filepath.Base(words[2]), ".out"))
		}
	}
	return names, nil
}

// mixed is a laboratory with guests of all kinds.
type mixed struct{ lab *lab }

// populate runs a guest of each kind on the first host, and begins.
func (m mixed) populate(ctx context.Context) error {
	first := m.lab.hosts[0]
	vm, c, p := newGuest(1, share), newContainer(1), newWorker(1)
	m.lab.guests, m.lab.memoryMiB = []guestSpec{vm, c, p}, 1024
	if err := first.define(ctx, vm, m.lab.image, vm.uuid); err != nil {
		return err
	}
	if _, err := first.virsh(ctx, "start", vm.name); err != nil {
		return err
	}
	if err := first.runContainer(ctx, m.lab.engines, c, filepath.Join(runDir, "guest")); err != nil {
		return err
	}
	if err := m.lab.enact(ctx, settings{policy: "agility", recommend: true, paused: true}); err != nil {
		return err
	}
	if err := first.launch(ctx, m.lab.engines, p); err != nil {
		return err
	}
	return m.lab.begin(ctx)
}

// containersWhole returns an error where the connection to a container broke or lost an
// echo.
func (m mixed) containersWhole() error {
	counts, err := m.lab.echoes()
	if err != nil {
		return err
	}
	for _, g := range m.lab.guests {
		if g.kind == hostagent.Container {
			if err := counts[g.name].whole(g.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// linesWhole returns an error where a line of a container's volume or of a worker's file
// is missing, or is there twice, or where none was added for a while.
func (m mixed) linesWhole(ctx context.Context) error {
	for _, g := range m.lab.guests {
		if g.kind.Known() == hostagent.VM {
			continue
		}
		before, err := m.lines(ctx, g)
		if err != nil {
			return err
		}
		if err := ground.Until(ctx, 30*time.Second, g.name+" adds lines", func() (bool, error) {
			now, err := m.lines(ctx, g)
			return now > before, err
		}); err != nil {
			return err
		}
	}
	return nil
}

// lines counts the lines that a guest has written, which are the numbers from 1.
func (m mixed) lines(ctx context.Context, g guestSpec) (int, error) {
	file := g.output()
	if g.kind == hostagent.Container {
		where, err := m.lab.everywhere(ctx)
		if err != nil || len(where[g.name]) != 1 {
			return 0, fmt.Errorf("%s runs on %v: want one host: %w", g.name, where[g.name], err)
		}
		file = filepath.Join(m.lab.named(where[g.name][0]).dir, "srv/volumes", g.name, "lines")
	} else if _, err := os.Stat(file + ".twice"); err == nil {
		return 0, fmt.Errorf("%s has run twice at one time", g.name)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	all := strings.Split(string(text), "\n")
	all = slices.Delete(all, len(all)-1, len(all)) // it is being written
	for n, line := range all {
		if line != fmt.Sprint(n+1) {
			return 0, fmt.Errorf("line %d of %s is %q", n+1, g.name, line)
		}
	}
	return len(all), nil
}

// apart returns an error if a host does not have one guest.
func apart(_ []float64, guests []int) error {
	for _, n := range guests {
		if n != 1 {
			return fmt.Errorf("the hosts have %v guests: want one on each", guests)
		}
	}
	return nil
}
