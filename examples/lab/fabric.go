//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"parley/examples/ground"
)

const (
	// Not under /run: each host has its own /run, and its guests and its agent must see
	// these files.
	runDir = cacheDir + "/run"
	prefix = "plab-"
	fabric = prefix + "fabric"
	subnet = "10.77.0."
)

// host is one host of the laboratory.
type host struct {
	name    string
	address string
	dir     string   // its files
	space   string   // its network namespace
	holder  *process // keeps its other namespaces
	daemon  *process // libvirtd
	agent   *process
	peerID  string
}

// process is a program that the laboratory started.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	log  string
}

// buildFabric makes the network: a bridge in a separate namespace, in which the client
// runs.
func buildFabric(ctx context.Context) error {
	return ground.RunAll(ctx,
		"ip netns add "+fabric,
		"ip -n "+fabric+" link set lo up",
		"ip -n "+fabric+" link add br0 type bridge",
		"ip -n "+fabric+" addr add "+subnet+"254/24 dev br0",
		"ip -n "+fabric+" link set br0 up",
	)
}

// newSpace makes the network of a host: a namespace with a bridge that holds its address.
func newSpace(ctx context.Context, number int) (*host, error) {
	h := &host{name: fmt.Sprintf("h%d", number), address: subnet + strconv.Itoa(number)}
	h.space = prefix + h.name
	h.dir = filepath.Join(runDir, h.name)
	err := ground.RunAll(ctx,
		"ip netns add "+h.space,
		"ip -n "+h.space+" link set lo up",
		// A bridge without an address of its own takes the lowest of its ports. Where
		// that is a guest's, it changes with each guest that comes and goes, and the
		// other hosts send to the old one for half a minute.
		"ip -n "+h.space+fmt.Sprintf(" link add br0 address 02:77:00:00:00:%02x type bridge", number),
		"ip -n "+h.space+" addr add "+h.address+"/24 dev br0",
		"ip -n "+h.space+" link set br0 up",
		"ip -n "+fabric+" link add to-"+h.name+" type veth peer name eth0 netns "+h.space,
		"ip -n "+fabric+" link set to-"+h.name+" master br0 up",
		"ip -n "+h.space+" link set eth0 master br0 up",
	)
	return h, err
}

// newHost makes a host's network and files, and its namespaces.
func newHost(ctx context.Context, number int) (*host, error) {
	h, err := newSpace(ctx, number)
	if err != nil {
		return nil, err
	}
	for _, dir := range private {
		if err := os.MkdirAll(h.dir+dir, 0o755); err != nil {
			return nil, err
		}
	}
	uuid := fmt.Sprintf("00000000-0000-4000-8000-0000000000%02d", number)
	files := map[string]string{
		"/etc/libvirt/libvirtd.conf": "listen_tls = 0\nlisten_tcp = 1\nauth_tcp = \"none\"\nauth_unix_rw = \"none\"\n" +
			"listen_addr = \"" + h.address + "\"\nhost_uuid = \"" + uuid + "\"\n",
		"/etc/libvirt/qemu.conf": "user = \"root\"\ngroup = \"root\"\nsecurity_driver = \"none\"\n" +
			"cgroup_controllers = []\nnamespaces = []\nremember_owner = 0\nstdio_handler = \"file\"\n" +
			"migration_address = \"" + h.address + "\"\nmigration_host = \"" + h.address + "\"\n",
	}
	for name, text := range files {
		if err := os.WriteFile(h.dir+name, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	if err := h.setHook("exit 0"); err != nil {
		return nil, err
	}
	return h, h.hold(ctx)
}

// private are the directories of which each host has its own.
var private = []string{"/etc/libvirt", "/run", "/srv", "/var/lib/libvirt", "/var/lib/parley", "/var/log/libvirt", "/var/cache/libvirt"}

// hold makes the namespaces of the host, other than its network: they stay while a
// process in them sleeps, whatever else is killed. Its cgroups are below one of its own.
func (h *host) hold(ctx context.Context) error {
	script := "hostname " + h.name
	for _, dir := range private {
		script += " && mkdir -p " + dir + " && mount --bind " + h.dir + dir + " " + dir
	}
	script += " && mount -t cgroup2 cgroup2 /sys/fs/cgroup && mkdir -p /sys/fs/cgroup/host" +
		" && echo 0 >/sys/fs/cgroup/host/cgroup.procs && touch " + h.dir + "/held && exec sleep infinity"
	group, err := ground.OpenGroup(h.space)
	if err != nil {
		return err
	}
	defer group.Close()
	h.holder, err = startIn(group, filepath.Join(h.dir, "host.log"), "ip", "netns", "exec", h.space,
		"unshare", "--mount", "--uts", "--cgroup", "--propagation", "private", "sh", "-c", script)
	if err != nil {
		return err
	}
	if err := remember(h.holder, h.name+"-host"); err != nil {
		return err
	}
	return ground.Until(ctx, 10*time.Second, "the namespaces of "+h.name+" are there", func() (bool, error) {
		_, err := os.Stat(filepath.Join(h.dir, "held"))
		if err != nil && h.holder.ended() {
			return false, fmt.Errorf("the namespaces of %s cannot be made: see %s", h.name, h.holder.log)
		}
		return err == nil, nil
	})
}

// startDaemon starts the host's libvirtd and waits until it answers.
func (h *host) startDaemon(ctx context.Context) error {
	var err error
	if h.daemon, err = h.start("libvirtd.log", "libvirtd", "--listen"); err != nil {
		return err
	}
	if err := remember(h.daemon, h.name+"-libvirtd"); err != nil {
		return err
	}
	return ground.Until(ctx, time.Minute, "libvirtd of "+h.name+" answers", func() (bool, error) {
		if h.daemon.ended() {
			return false, fmt.Errorf("libvirtd of %s has ended: see %s", h.name, h.daemon.log)
		}
		_, err := h.virsh(ctx, "version")
		return err == nil, nil
	})
}

// uri is the libvirt URI of the host for the other hosts.
func (h *host) uri() string { return "qemu+tcp://" + h.address + "/system" }

// virsh runs virsh for the host's libvirtd, from the fabric.
func (h *host) virsh(ctx context.Context, args ...string) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return ground.Run(bounded, "ip", append([]string{"netns", "exec", fabric, "virsh", "-q", "-c", h.uri()}, args...)...)
}

// inside is a command line that runs in the namespaces of the host.
func (h *host) inside(args ...string) []string {
	return append([]string{"nsenter", "-t", strconv.Itoa(h.holder.cmd.Process.Pid), "-m", "-u", "-n", "-C"}, args...)
}

// start starts a program of the host, in its namespaces and in its cgroup.
func (h *host) start(log string, args ...string) (*process, error) {
	group, err := ground.OpenGroup(filepath.Join(h.space, "host"))
	if err != nil {
		return nil, err
	}
	defer group.Close()
	return startIn(group, filepath.Join(h.dir, log), h.inside(args...)...)
}

// start starts a program in its own session, so that a signal to the laboratory does
// not reach it too early.
func start(log string, args ...string) (*process, error) { return startIn(nil, log, args...) }

// startIn starts it in a cgroup, if there is one.
func startIn(group *os.File, log string, args ...string) (*process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = file, file
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if group != nil {
		cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(group.Fd())
	}
	err = cmd.Start()
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, done: make(chan struct{}), log: log}
	go func() {
		defer close(p.done)
		_ = cmd.Wait() // its log has the error
	}()
	return p, nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// stop ends a process, first with SIGTERM.
func (p *process) stop() {
	if p == nil || p.ended() {
		return
	}
	// Signalling a process that has just ended fails, which is fine.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		p.kill()
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}
