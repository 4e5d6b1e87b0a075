//go:build linux

// Package packaging_test builds the package and installs it, in a copy of this
// machine that is thrown away.
package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// inCopy runs a script as root in an overlay of this machine's file system: what
// it installs is gone with it.
const inCopy = `set -eu
mount -t tmpfs none "$1"
mkdir "$1/up" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$1/root"
mount -t proc none "$1/root/proc"
mount --bind /dev "$1/root/dev"
mkdir -p "$1/root/package"
cp "$2" "$1/root/package/parley.deb"
chroot "$1/root" sh -euc "$3"
`

// steps install the package, look at it, and take it away again. The copy begins
// as a machine that never had Parley, whatever this machine has.
const steps = `
if dpkg -s parley >/dev/null 2>&1; then dpkg --purge --force-depends parley; fi
rm -rf /etc/parley /var/lib/parley /run/parley /etc/libvirt/hooks/qemu.d/50-parley /lib/systemd/system/parley.service
if getent passwd parley >/dev/null; then userdel parley; fi
dpkg -i --force-depends package/parley.deb
parley version
test -x /etc/libvirt/hooks/qemu.d/50-parley
test "$(stat -c '%U %a' /etc/parley/parley.yaml)" = "root 640"
getent passwd parley
bash -n /usr/share/bash-completion/completions/parley
gzip -t /usr/share/man/man1/parley.1.gz
# Nobody has started the agent yet: migrations by hand go on as before.
echo '<domain/>' | /etc/libvirt/hooks/qemu.d/50-parley g1 migrate begin -
# The configuration as it comes is one that the agent takes, as its user.
install -d -o parley /var/lib/parley
setpriv --reuid parley --regid parley --init-groups parley agent --config /etc/parley/parley.yaml --print-id
# From now on the arrival check stands, also while the agent is down.
if echo '<domain><uuid>u</uuid></domain>' | /etc/libvirt/hooks/qemu.d/50-parley g1 migrate begin -; then echo "a migration was let in"; exit 1; fi
if command -v systemd-analyze >/dev/null; then systemd-analyze verify --man=no /lib/systemd/system/parley.service; fi
dpkg -r parley
test -e /etc/parley/parley.yaml
test -e /var/lib/parley/peer.key
test ! -e /usr/bin/parley
echo '<domain/>' | /etc/libvirt/hooks/qemu.d/50-parley g1 migrate begin -
dpkg --purge parley
test ! -e /etc/parley
test ! -e /var/lib/parley
test ! -e /etc/libvirt/hooks/qemu.d/50-parley
echo all is well
`

// The package installs, works, is removed without taking state along, and purged
// with it.
func TestInstall(t *testing.T) {
	if os.Getenv("PARLEY_LAB") == "" || os.Geteuid() != 0 {
		t.Skip("to install a package needs root: run `sudo make test` (PARLEY_LAB=1)")
	}
	for _, tool := range []string{"dpkg-deb", "unshare", "setpriv"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("to install the package needs %s, which is not on this machine", tool)
		}
	}
	dist := t.TempDir()
	build := exec.Command("./deb.sh")
	build.Env = append(os.Environ(), "OUT="+dist)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make deb: %v\n%s", err, out)
	}
	packages, err := filepath.Glob(filepath.Join(dist, "*.deb"))
	if err != nil || len(packages) != 1 {
		t.Fatalf("packages: got %v, %v, want one", packages, err)
	}
	out, err := exec.Command("unshare", "--mount", "--propagation", "private", "sh", "-c", inCopy, "sh", t.TempDir(), packages[0], steps).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "all is well") {
		t.Fatalf("%v\n%s", err, out)
	}
}
