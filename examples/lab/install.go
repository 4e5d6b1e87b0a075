//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
)

// needed are the programs of the laboratory and the Debian packages that contain them.
var needed = map[string]string{
	"libvirtd":           "libvirt-daemon-system",
	"virsh":              "libvirt-clients",
	"qemu-system-x86_64": "qemu-system-x86",
	"ip":                 "iproute2",
	"unshare":            "util-linux",
}

// missing returns the packages that the machine lacks, sorted.
func missing() []string {
	var list []string
	for program, packageName := range needed {
		if _, err := exec.LookPath(program); err != nil {
			list = append(list, packageName)
		}
	}
	sort.Strings(list)
	return list
}

// installThenRestart installs what is missing and restarts this program: the libvirt
// binding looks for its library once in a process, so the process that installs libvirt
// does not find it.
func installThenRestart(ctx context.Context) error {
	if len(missing()) == 0 {
		return nil
	}
	if err := install(ctx); err != nil {
		return err
	}
	if left := missing(); len(left) > 0 {
		return fmt.Errorf("the laboratory still lacks programs of the packages %s: is their directory in PATH?", strings.Join(left, ", "))
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return fmt.Errorf("start %s again: %w", program, syscall.Exec(program, os.Args, os.Environ()))
}

// install installs the missing packages.
func install(ctx context.Context) error {
	missing := missing()
	if len(missing) == 0 {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("the laboratory needs the Debian packages %s: install what your system calls them", strings.Join(missing, ", "))
	}
	say("installing %s", strings.Join(missing, ", "))
	if err := apt(ctx, "", "update", "-q"); err != nil {
		return err
	}
	return apt(ctx, "", append([]string{"install", "-q", "-y", "--no-install-recommends"}, missing...)...)
}

func apt(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

const cacheDir = "/var/cache/parley-lab"

// kernel returns the unpacked files of Debian's cloud kernel.
func kernel(ctx context.Context) (dir string, err error) {
	dir = filepath.Join(cacheDir, "kernel")
	if isThere(dir, "boot/vmlinuz-*") {
		return dir, nil
	}
	// The package is the one that this one depends on.
	name, err := kernelPackage(ctx)
	if err != nil {
		if err := apt(ctx, "", "update", "-q"); err != nil {
			return "", err
		}
		if name, err = kernelPackage(ctx); err != nil {
			return "", err
		}
	}
	return dir, unpackInto(ctx, name, dir)
}

// unpack returns the unpacked files of a package.
func unpack(ctx context.Context, name, file string) (dir string, err error) {
	dir = filepath.Join(cacheDir, name)
	if isThere(dir, file) {
		return dir, nil
	}
	return dir, unpackInto(ctx, name, dir)
}

// isThere says whether the files of a package are in dir, by one of them.
func isThere(dir, file string) bool {
	found, err := filepath.Glob(filepath.Join(dir, file))
	return err == nil && len(found) == 1
}

// unpackInto downloads a package and unpacks it. It does not install it.
func unpackInto(ctx context.Context, name, dir string) error {
	say("getting %s", name)
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	unpacked := dir + ".new"
	if err := errors.Join(os.RemoveAll(unpacked), os.MkdirAll(unpacked, 0o755)); err != nil {
		return err
	}
	if err := apt(ctx, cacheDir, "download", "-q", name); err != nil {
		return err
	}
	packages, err := filepath.Glob(filepath.Join(cacheDir, name+"_*.deb"))
	if err != nil || len(packages) == 0 {
		return fmt.Errorf("apt-get download %s left no package", name)
	}
	if out, err := exec.CommandContext(ctx, "dpkg", "-x", packages[0], unpacked).CombinedOutput(); err != nil {
		return fmt.Errorf("unpack %s: %w\n%s", packages[0], err, out)
	}
	for _, file := range packages {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return os.Rename(unpacked, dir)
}

func kernelPackage(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "apt-cache", "depends", "--important", "linux-image-cloud-amd64").Output()
	if err != nil {
		return "", fmt.Errorf("look up the kernel package: %w", err)
	}
	for _, line := range strings.Split(string(out), "\n") {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "Depends: "); ok {
			return name, nil
		}
	}
	return "", errors.New("linux-image-cloud-amd64 depends on no kernel: run apt-get update")
}
