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
	"strings"
	"syscall"
	"time"

	"parley/examples/ground"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

const (
	prefix  = "pguest-"
	fabric  = prefix + "fabric"
	inside  = prefix + "web" // the network namespace of the container at its start
	subnet  = "10.79.0."
	address = subnet + "50"
	port    = "7000"
	guest   = "web"
	runDir  = "/var/cache/parley-lab/guests"
)

// host is a host of the laboratory: a root of its own below dir, and namespaces that end
// with its first process.
type host struct {
	name, dir string
	init      *exec.Cmd
	pid       int  // of its first process
	podman    bool // its containers are podman's
	service   *exec.Cmd
	agent     *exec.Cmd
	ended     chan struct{} // closed when the agent has
}

func space(name string) string { return prefix + name }

// buildNetwork makes a fabric, two hosts with a bridge each, and the container's device at
// the first.
func buildNetwork(ctx context.Context) error {
	lines := []string{
		"ip netns add " + fabric,
		"ip -n " + fabric + " link set lo up",
		"ip -n " + fabric + " link add br0 type bridge forward_delay 0",
		"ip -n " + fabric + " addr add " + subnet + "254/24 dev br0",
		"ip -n " + fabric + " link set br0 up",
		"ip netns add " + inside,
	}
	for n, name := range []string{"h1", "h2"} {
		in := "ip -n " + space(name)
		lines = append(lines, "ip netns add "+space(name), in+" link set lo up",
			fmt.Sprintf("%s link add br0 address 02:79:00:00:00:%02x type bridge forward_delay 0", in, n+1),
			fmt.Sprintf("%s addr add %s%d/24 dev br0", in, subnet, n+1), in+" link set br0 up",
			in+" link add up0 type veth peer name to-"+name+" netns "+fabric, in+" link set up0 master br0 up",
			"ip -n "+fabric+" link set to-"+name+" master br0 up")
	}
	in := "ip -n " + inside
	return ground.RunAll(ctx, append(lines,
		"ip -n "+space("h1")+" link add web0 type veth peer name eth0 address 02:79:00:00:00:50 netns "+inside,
		"ip -n "+space("h1")+" link set web0 master br0 up", in+" link set lo up", in+" link set eth0 up",
		in+" addr add "+address+"/24 dev eth0")...)
}

// script makes a host's root in its namespaces, and becomes its first process.
const script = `set -e
hostname $NAME
mount -t overlay overlay -o lowerdir=$ENGINES,upperdir=$DIR/upper,workdir=$DIR/work $DIR/root
cd $DIR/root
mkdir -p proc sys dev run tmp srv var/lib/parley var/lib/containers var/tmp root lab old
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs dev
for d in null zero full random urandom; do touch dev/$d; mount --bind /dev/$d dev/$d; done
ln -s /proc/self/fd dev/fd
mkdir dev/net
touch dev/net/tun
mount --bind /dev/net/tun dev/net/tun
mkdir dev/pts dev/shm dev/mqueue
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
mount -t mqueue mqueue dev/mqueue
mount -t cgroup2 cgroup2 sys/fs/cgroup
mkdir sys/fs/cgroup/init
echo 0 >sys/fs/cgroup/init/cgroup.procs
mount --bind $DIR/srv srv
mount --bind $DIR/state var/lib/parley
mount --bind $DIR/containers var/lib/containers
mount --bind $LAB lab
mkdir -p run/netns run/podman
if [ $NAME = h1 ]; then touch run/netns/web; mount --bind /run/netns/$INSIDE run/netns/web; fi
pivot_root . old
exec /lab/guests init
`

// startHost makes the files of a host and starts its first process.
func startHost(ctx context.Context, name string, podman bool) (*host, error) {
	h := &host{name: name, podman: podman, dir: filepath.Join(runDir, name)}
	for _, dir := range []string{"upper", "work", "root", "srv/containers", "srv/volumes", "state", "containers"} {
		if err := os.MkdirAll(filepath.Join(h.dir, dir), 0o755); err != nil {
			return nil, err
		}
	}
	if name == "h1" {
		if err := h.writeBundle(bundle(guest, 64)); err != nil {
			return nil, err
		}
	}
	h.init = exec.CommandContext(ctx, "ip", "netns", "exec", space(name),
		"unshare", "-C", "-m", "-u", "-i", "-p", "--fork", "--kill-child", "--propagation", "private", "sh", "-c", script)
	engines := ground.Engines
	if podman {
		engines = ground.Podman
	}
	h.init.Env = append(os.Environ(), "NAME="+name, "DIR="+h.dir, "ENGINES="+engines,
		"LAB="+filepath.Join(runDir, "lab"), "INSIDE="+inside)
	group, err := ground.OpenGroup(space(name))
	if err != nil {
		return nil, err
	}
	defer group.Close()
	h.init.SysProcAttr = &syscall.SysProcAttr{Setsid: true, UseCgroupFD: true, CgroupFD: int(group.Fd())}
	log, err := os.Create(filepath.Join(h.dir, "init.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	h.init.Stdout, h.init.Stderr = log, log
	if err := h.init.Start(); err != nil {
		return nil, err
	}
	err = ground.Until(ctx, 30*time.Second, "host "+name+" has started", func() (bool, error) {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", h.init.Process.Pid, h.init.Process.Pid))
		if err != nil {
			return false, err
		}
		if h.pid, err = strconv.Atoi(strings.TrimSpace(string(children))); err != nil {
			return false, nil // none yet
		}
		program, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", h.pid))
		return strings.TrimSpace(string(program)) == "guests", nil
	})
	if err == nil && podman {
		err = h.startPodman(ctx, name == "h1")
	}
	return h, err
}

// writeBundle makes the volume of a container and, where runc runs it, its bundle.
func (h *host) writeBundle(spec specs.Spec) error {
	if err := os.MkdirAll(filepath.Join(h.dir, "srv/volumes", spec.Hostname), 0o755); err != nil {
		return err
	}
	if h.podman {
		return nil
	}
	return ground.WriteBundle(filepath.Join(h.dir, "srv/containers", spec.Hostname), spec, filepath.Join(runDir, "lab/server"))
}

// bundle is what a container of the server says that has so many MiB of memory.
func bundle(name string, mebibytes int) specs.Spec {
	return ground.Container(name, "/pguest/h1", []string{port, strconv.Itoa(mebibytes), "/vol/lines"},
		[3]string{"1", "192MiB", "256MiB"})
}

// enter is a command line that runs on the host.
func (h *host) enter(args ...string) []string {
	return append([]string{"nsenter", "-t", strconv.Itoa(h.pid), "-C", "-m", "-u", "-i", "-n", "-p", "--root", "--wdns=/"}, args...)
}

// startAgent starts the host's agent and waits until it answers.
func (h *host) startAgent(ctx context.Context) error {
	words := []string{"/lab/guests", "agent", h.name}
	if h.podman {
		words = append(words, podmanSocket)
	}
	return h.runAgent(ctx, "agent.log", h.enter(words...), func() error {
		_, err := h.ask(ctx, order{})
		return err
	})
}

// runAgent starts a command as the host's agent, with a log to which it is appended, and
// waits until it answers.
func (h *host) runAgent(ctx context.Context, log string, words []string, answers func() error) error {
	file, err := os.OpenFile(filepath.Join(h.dir, log), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	h.agent = exec.CommandContext(ctx, words[0], words[1:]...)
	h.agent.Stdout, h.agent.Stderr = file, file
	if err := h.agent.Start(); err != nil {
		return err
	}
	h.ended = make(chan struct{})
	go func() {
		defer close(h.ended)
		_ = h.agent.Wait() // its log has the error
	}()
	return ground.Until(ctx, 30*time.Second, "the agent of "+h.name+" answers", func() (bool, error) {
		select {
		case <-h.ended:
			return false, errors.New("the agent of " + h.name + " has ended")
		default:
		}
		return answers() == nil, nil
	})
}

// killed waits for the end of the agent, which kills itself.
func (h *host) killed() { <-h.ended }

// stopped waits until the agent has stopped itself: nsenter stops with it.
func (h *host) stopped(ctx context.Context) error {
	return ground.Until(ctx, 30*time.Second, "the agent of "+h.name+" stops", func() (bool, error) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", h.agent.Process.Pid))
		_, state, _ := strings.Cut(string(stat), ") ")
		return strings.HasPrefix(state, "T"), err
	})
}

// continues has an agent that was stopped continue.
func (h *host) continues() error { return h.agent.Process.Signal(syscall.SIGCONT) }

func (h *host) stop() {
	if h == nil || h.init == nil || h.init.Process == nil {
		return
	}
	_ = h.init.Process.Kill() // its namespaces end with it
	_ = h.init.Wait()
	if h.service != nil {
		_ = h.service.Wait()
	}
	if h.ended != nil {
		<-h.ended
	}
}

// closeAll removes what a laboratory leaves on the machine, also an earlier one's.
func closeAll() error {
	ctx := context.Background()
	for _, name := range []string{"h1", "h2"} {
		if err := ground.RemoveGroup(ctx, space(name)); err != nil {
			return err
		}
	}
	for _, name := range []string{fabric, inside, space("h1"), space("h2")} {
		if _, err := os.Stat("/run/netns/" + name); err == nil {
			if _, err := ground.Run(ctx, "ip", "netns", "del", name); err != nil {
				return err
			}
		}
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return err
	}
	if strings.Contains(string(mounts), runDir) {
		return errors.New("something is mounted below " + runDir + ": unmount it")
	}
	return os.RemoveAll(runDir)
}
