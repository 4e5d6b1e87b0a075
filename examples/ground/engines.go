//go:build linux

// Package ground is what the laboratories of real guests stand on: programs that run
// containers, bundles that they run, and a cgroup for each host.
package ground

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	engines = "/var/cache/parley-lab/engines"
	podman  = "/var/cache/parley-lab/podman"
	// Engines is the root of a small Debian with what runs containers, and Podman that of
	// one which has podman, too.
	Engines = engines + "/root"
	Podman  = podman + "/root"
	suite   = "forky" // Debian 14: the first with criu 4.2
)

// Install unpacks criu and runc with all that they need.
func Install(ctx context.Context, say func(format string, args ...any)) error {
	return install(ctx, engines, []string{"criu", "runc", "dash"}, say)
}

// InstallPodman unpacks podman with criu, runc and all that they need. What packs the
// file systems in memory of a container for criu is among it.
func InstallPodman(ctx context.Context, say func(format string, args ...any)) error {
	return install(ctx, podman, []string{"podman", "criu", "runc", "dash", "tar", "gzip"}, say)
}

// install unpacks packages with all that they need below a directory, by apt with lists,
// status and cache of its own. The mirror is the system's.
func install(ctx context.Context, cache string, packages []string, say func(format string, args ...any)) error {
	root := filepath.Join(cache, "root")
	if err := os.MkdirAll(filepath.Dir(cache), 0o755); err != nil {
		return err
	}
	// Two laboratories may begin at one time.
	lock, err := os.Create(cache + ".lock")
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return err
	}
	if _, err := os.Stat(root + "/complete"); err == nil {
		return nil
	}
	say("getting %s", strings.Join(packages, ", "))
	if err := os.RemoveAll(cache); err != nil {
		return err
	}
	mirror, err := Mirror()
	if err != nil {
		return err
	}
	apt := filepath.Join(cache, "apt")
	for _, dir := range []string{"etc/preferences.d", "state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(apt, dir), 0o755); err != nil {
			return err
		}
	}
	for _, dir := range []string{"bin", "sbin", "lib", "lib64"} {
		if err := os.MkdirAll(filepath.Join(root, "usr", dir), 0o755); err != nil {
			return err
		}
		if err := os.Symlink("usr/"+dir, filepath.Join(root, dir)); err != nil {
			return err
		}
	}
	config := fmt.Sprintf("Dir %q;\nDir::Etc \"etc\";\nDir::Etc::sourceparts \"-\";\nDir::State \"state\";\nDir::State::status %q;\n"+
		"Dir::Cache \"cache\";\nAPT::Sandbox::User \"root\";\n", apt, apt+"/status")
	for name, text := range map[string]string{
		"apt.conf": config, "status": "",
		"etc/sources.list": "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] " + mirror + " " + suite + " main\n",
	} {
		if err := os.WriteFile(filepath.Join(apt, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	conf := apt + "/apt.conf"
	if _, err := Run(ctx, "apt-get", "-q", "-c", conf, "update"); err != nil {
		return err
	}
	get := append([]string{"-q", "-y", "-c", conf, "--no-install-recommends", "-d", "install"}, packages...)
	if _, err := Run(ctx, "apt-get", get...); err != nil {
		return err
	}
	files, err := filepath.Glob(apt + "/cache/archives/*.deb")
	if err != nil || len(files) == 0 {
		return errors.New("apt-get has got no packages")
	}
	for _, file := range files {
		if _, err := Run(ctx, "sh", "-c", `dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --keep-directory-symlink`, file, root); err != nil {
			return err
		}
	}
	if _, err := os.Lstat(root + "/bin/sh"); errors.Is(err, os.ErrNotExist) {
		if err := os.Symlink("dash", root+"/bin/sh"); err != nil {
			return err
		}
	}
	return os.WriteFile(root+"/complete", nil, 0o644)
}

// Mirror is where this system gets the packages of Debian.
func Mirror() (string, error) {
	// The site of a repository is what apt itself makes of its sources, wherever they are.
	format := "$(ORIGIN) $(LABEL) $(REPO_URI)"
	out, err := exec.Command("apt-get", "indextargets", "--format", format, "Created-By: Packages").Output()
	if err != nil {
		return "", fmt.Errorf("apt-get does not say where packages come from: %w", err)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "Debian" && f[1] == "Debian" {
			return f[2], nil
		}
	}
	return "", errors.New("no source of apt is Debian's archive, or its lists are missing: run apt-get update")
}
