//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"parley/examples/ground"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	gops "github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sync/errgroup"
)

// neededByMachines are the programs, with their packages, that machines need besides those
// of the laboratory.
var neededByMachines = map[string]string{
	"systemd-nspawn": "systemd-container",
	"sshd":           "openssh-server",
	"certtool":       "gnutls-bin",
	"nft":            "nftables",
	"virt-install":   "virtinst",
	"qemu-img":       "qemu-utils",
	"bindfs":         "bindfs",
	"git":            "git",
}

// machine is a whole Debian in a container: systemd as its first process, a network of its
// own, and a file system that begins as this machine's and is discarded at the end.
type machine struct {
	*host
	dir   string // its files outside
	shell *shell
}

const (
	machinesDir = runDir + "/machines"
	sharedDir   = machinesDir + "/shared" // all machines see it as /srv/lab
)

// errNoContainers says that this machine starts no container.
var errNoContainers = errors.New("systemd-nspawn starts no machine here")

// bootMachines starts machines h1 and so on. Between them root may log in from h1.
func bootMachines(ctx context.Context, count int) ([]*machine, error) {
	if err := os.MkdirAll(machinesDir, 0o755); err != nil {
		return nil, err
	}
	// The changes of an overlay cannot lie on another overlay, which a container's root is.
	if _, err := ground.Run(ctx, "mount", "-t", "tmpfs", "-o", "size=2G,mode=755", "tmpfs", machinesDir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(sharedDir, 0o755); err != nil {
		return nil, err
	}
	var list []*machine
	for i := range count {
		h, err := newSpace(ctx, i+1)
		if err != nil {
			return nil, err
		}
		list = append(list, &machine{host: h, dir: filepath.Join(machinesDir, h.name)})
	}
	if err := furnish(ctx, list); err != nil {
		return nil, err
	}
	var boots errgroup.Group
	for _, m := range list {
		boots.Go(func() error { return m.boot(ctx) })
	}
	return list, boots.Wait()
}

// furnish makes the files of machines as a new Debian has them, with logins from the first.
func furnish(ctx context.Context, list []*machine) error {
	for _, m := range list {
		if err := m.furnish(ctx); err != nil {
			return err
		}
	}
	ssh := filepath.Join(list[0].dir, "home", ".ssh")
	if _, err := ground.Run(ctx, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(ssh, "id_ed25519")); err != nil {
		return err
	}
	key, err := os.ReadFile(filepath.Join(ssh, "id_ed25519.pub"))
	if err != nil {
		return err
	}
	var known bytes.Buffer
	for _, m := range list {
		public, err := os.ReadFile(filepath.Join(m.dir, "root/etc/ssh/ssh_host_ed25519_key.pub"))
		if err != nil {
			return err
		}
		fmt.Fprintf(&known, "%s,%s %s", m.name, m.address, public)
		if err := os.WriteFile(filepath.Join(m.dir, "home/.ssh/authorized_keys"), key, 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(ssh, "known_hosts"), known.Bytes(), 0o600)
}

// furnish mounts a machine's file system, and takes out of it what this machine has and a new
// one has not.
func (m *machine) furnish(ctx context.Context) error {
	root := filepath.Join(m.dir, "root")
	for _, dir := range []string{"root", "changed", "work", "home/.ssh"} {
		if err := os.MkdirAll(filepath.Join(m.dir, dir), 0o700); err != nil {
			return err
		}
	}
	if err := os.Chmod(filepath.Join(m.dir, "changed"), 0o755); err != nil {
		return err
	}
	layers := fmt.Sprintf("lowerdir=/,upperdir=%[1]s/changed,workdir=%[1]s/work", m.dir)
	if _, err := ground.Run(ctx, "mount", "-t", "overlay", "overlay", "-o", layers, root); err != nil {
		return err
	}
	// No machine starts what this one starts.
	wants, err := filepath.Glob(root + "/etc/systemd/system/*.wants")
	if err != nil {
		return err
	}
	for _, path := range append(wants, root+"/etc/libvirt/hooks", root+"/etc/parley", root+"/var/lib/parley", root+"/etc/pki",
		root+"/etc/ssh/ssh_known_hosts",
		// What takes long, and changes nothing here: the index of the manual, and a session of
		// systemd for each login.
		root+"/var/lib/man-db/auto-update", root+"/lib/x86_64-linux-gnu/security/pam_systemd.so") {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	for link, unit := range map[string]string{
		"multi-user.target.wants/ssh.service":  "/lib/systemd/system/ssh.service",
		"sockets.target.wants/libvirtd.socket": "/lib/systemd/system/libvirtd.socket",
		"sockets.target.wants/virtlogd.socket": "/lib/systemd/system/virtlogd.socket",
		"console-getty.service":                os.DevNull,
	} {
		link = filepath.Join(root, "etc/systemd/system", link)
		if err := errors.Join(os.MkdirAll(filepath.Dir(link), 0o755), os.Symlink(unit, link)); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(root+"/etc/network", 0o755); err != nil {
		return err
	}
	number := strings.TrimPrefix(m.name, "h")
	for file, text := range map[string]string{
		"etc/hostname": m.name + "\n",
		"etc/hosts":    "127.0.0.1 localhost\n127.0.1.1 " + m.name + "\n",
		// Without an id systemd would take this for a first start, and enable every unit.
		"etc/machine-id": strings.Repeat("0", 12) + "4000" + fmt.Sprintf("%016s", number) + "\n",
		// A container may make no groups of processes.
		"etc/libvirt/qemu.conf":     "cgroup_controllers = []\n",
		"etc/libvirt/libvirtd.conf": "",
		// Its files are thrown away.
		"etc/dpkg/dpkg.cfg.d/unsafe": "force-unsafe-io\n",
	} {
		if err := os.WriteFile(filepath.Join(root, file), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// boot starts the container and waits until systemd has started its units.
func (m *machine) boot(ctx context.Context) (err error) {
	nspawn, err := start(filepath.Join(runDir, m.name+"-machine.log"), "systemd-nspawn", "--directory="+filepath.Join(m.dir, "root"), "--boot",
		"--machine="+m.name, "--register=no", "--keep-unit", "--network-namespace-path=/run/netns/"+m.space, "--capability=all",
		"--kill-signal=SIGKILL", "--bind=/dev/net/tun", "--bind=/dev/fuse", "--bind="+sharedDir+":/srv/lab",
		"--bind="+filepath.Join(m.dir, "home")+":/root", "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=read-only")
	if err != nil {
		return err
	}
	m.daemon = nspawn
	if err := remember(nspawn, m.name+"-machine"); err != nil {
		return m.noContainer(err)
	}
	err = ground.Until(ctx, 2*time.Minute, m.name+" has started", func() (bool, error) {
		if nspawn.ended() {
			return false, errors.New("it has ended")
		}
		if m.shell == nil {
			if m.shell, err = m.openShell(); err != nil {
				return false, nil // its first process has not begun
			}
		}
		out, _, err := m.shell.do(ctx, "systemctl is-system-running")
		state := strings.TrimSpace(out)
		return state == "running" || state == "degraded", err
	})
	if err != nil {
		return m.noContainer(err)
	}
	return nil
}

func (m *machine) noContainer(err error) error {
	log, _ := os.ReadFile(m.daemon.log) // whatever is there
	return fmt.Errorf("%w: %s: %w\n%s", errNoContainers, m.name, err, log)
}

// shell is a shell in a machine that keeps its directory and its variables, as that of a
// person who stays logged in.
type shell struct {
	in  io.WriteCloser
	out *bufio.Reader
	cmd *exec.Cmd
}

// openShell opens a shell in the namespaces of the container's first process.
func (m *machine) openShell() (*shell, error) {
	self, err := gops.NewProcess(int32(m.daemon.cmd.Process.Pid))
	if err != nil {
		return nil, err
	}
	children, err := self.Children()
	if err != nil || len(children) != 1 {
		return nil, errors.Join(err, fmt.Errorf("%d processes of the container: want 1", len(children)))
	}
	// Before it is systemd it is still in some namespaces of this machine.
	if name, err := children[0].Name(); err != nil || name != "systemd" {
		return nil, errors.Join(err, fmt.Errorf("the first process is %s: want systemd", name))
	}
	pid := strconv.Itoa(int(children[0].Pid))
	inside, err := os.Stat("/proc/" + pid + "/ns/net")
	if err != nil {
		return nil, err
	}
	// A command that changes a firewall must not reach that of this machine.
	if own, err := os.Stat("/run/netns/" + m.space); err != nil || !os.SameFile(inside, own) {
		return nil, errors.Join(err, errors.New("the first process is not in the network of "+m.name))
	}
	cmd := exec.Command("nsenter", "-t", pid, "-m", "-u", "-i", "-n", "-p", "-C",
		"env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
		"DEBIAN_FRONTEND=noninteractive", "bash", "-c", "cd && exec bash")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = cmd.Stdout
	return &shell{in: in, out: bufio.NewReader(out), cmd: cmd}, cmd.Start()
}

// ended is what the shell prints after a command, with its exit code.
const ended = "the command has ended: "

// do runs a command, and returns what it printed and its exit code.
func (s *shell) do(ctx context.Context, command string) (out string, code int, err error) {
	bounded, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	// Its end closes the pipe that is read from here.
	stop := context.AfterFunc(bounded, func() { _ = s.cmd.Process.Kill() })
	defer stop()
	if _, err := fmt.Fprintf(s.in, "{ %s\n} </dev/null 2>&1\nprintf '\\n%s%%d\\n' $?\n", command, ended); err != nil {
		return "", 0, err
	}
	for {
		line, err := s.out.ReadString('\n')
		if text, last := strings.CutPrefix(line, ended); last {
			code, err := strconv.Atoi(strings.TrimSpace(text))
			return strings.TrimSuffix(out, "\n"), code, err
		}
		if out += line; err != nil {
			return out, 0, fmt.Errorf("%s: the shell has ended: %w\n%s", command, errors.Join(err, bounded.Err()), out)
		}
	}
}

// machineLogs prints the last log lines of machines.
func machineLogs(t *testing.T, list []*machine) {
	for _, m := range list {
		if m.shell == nil {
			continue
		}
		out, _, err := m.shell.do(context.Background(), "journalctl --no-pager -n 60 -u parley -u libvirtd -u nftables | grep -v cgroup")
		t.Logf("%s: %v\n%s", m.name, err, out)
	}
}
