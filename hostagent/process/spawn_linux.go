package process

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"

	"parley/hostagent/guestnet"
)

// supported says why this machine has no cooperative processes.
func supported() error { return nil }

// bootID names the start of the machine; "" where it cannot be read, and processes are told
// apart by their birth alone.
var bootID = sync.OnceValue(func() string {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
})

// start starts a program in a session of its own, and in its cgroup.
func start(c command) (identity, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return identity{}, err
	}
	defer null.Close()
	attr := &os.ProcAttr{Dir: c.spec.Dir, Env: c.env, Files: []*os.File{null, c.log, c.log}, Sys: &syscall.SysProcAttr{Setsid: true}}
	if c.as != nil {
		attr.Sys.Credential = &syscall.Credential{Uid: c.as.uid, Gid: c.as.gid, Groups: c.as.groups}
	}
	if c.cgroup != "" {
		dir, err := os.Open(c.cgroup)
		if err != nil {
			return identity{}, err
		}
		defer dir.Close()
		attr.Sys.UseCgroupFD, attr.Sys.CgroupFD = true, int(dir.Fd())
	}
	var process *os.Process
	begin := func() (err error) {
		process, err = os.StartProcess(c.spec.Program, append([]string{c.spec.Program}, c.spec.Args...), attr)
		return err
	}
	if c.space == "" {
		err = begin()
	} else {
		err = guestnet.Inside(c.space, begin)
	}
	if err != nil {
		return identity{}, err
	}
	id := identity{PID: process.Pid, Boot: bootID()}
	stat, err := statOf(id.PID)
	if err == nil {
		id.Born = stat.Starttime
		err = process.Release() // the agent looks itself whether it has ended
	}
	return id, err
}

func statOf(pid int) (procfs.ProcStat, error) {
	proc, err := procfs.NewProc(pid)
	if err != nil {
		return procfs.ProcStat{}, err
	}
	return proc.Stat()
}

// identify returns who connects.
func identify(pid int) (identity, error) {
	stat, err := statOf(pid)
	return identity{PID: pid, Born: stat.Starttime, Boot: bootID()}, err
}

// alive says whether a process still runs; of one that has ended and was started by this
// agent, how.
func (id identity) alive() (is bool, how syscall.WaitStatus) {
	if id.PID <= 0 {
		return false, 0
	}
	stat, err := statOf(id.PID)
	switch {
	case err != nil || stat.Starttime != id.Born || bootID() != id.Boot:
		return false, 0
	case stat.State != "Z" && stat.State != "X":
		return true, 0
	}
	// The first thread has ended; the others may take longer. One that another agent has
	// started has another parent, which learns how it ended.
	pid, err := unix.Wait4(id.PID, (*unix.WaitStatus)(&how), unix.WNOHANG, nil)
	if err == nil {
		return pid != id.PID, how
	}
	threads, err := procfs.AllThreads(id.PID)
	return err == nil && len(threads) > 1, 0
}

// end kills what runs in a program's session and cgroup.
func end(id identity, cgroup string) error {
	if cgroup != "" {
		err := os.WriteFile(filepath.Join(cgroup, "cgroup.kill"), []byte("1"), 0)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if id.PID <= 0 || id.Boot != bootID() {
		return nil
	}
	if stat, err := statOf(id.PID); err != nil || stat.Starttime != id.Born {
		return nil // it has ended
	}
	if err := unix.Kill(-id.PID, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}

// caller returns the process and the user at the other end of a socket.
func caller(fd uintptr) (pid, uid int, err error) {
	who, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return 0, 0, err
	}
	return int(who.Pid), int(who.Uid), nil
}
