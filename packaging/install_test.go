//go:build linux

// Package packaging_test builds what a release consists of, and uses it as the machines
// do that it is for: in a copy of this machine that is thrown away.
package packaging_test

import (
	"bytes"
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
test "$(stat -c '%U %G %a' /etc/parley/parley.yaml)" = "root parley 640"
getent passwd parley
bash -n /usr/share/bash-completion/completions/parley
gzip -t /usr/share/man/man1/parley.1.gz /usr/share/man/man1/parley-policy-publish.1.gz
# Nobody has started the agent yet: migrations by hand go on as before.
echo '<domain/>' | /etc/libvirt/hooks/qemu.d/50-parley g1 migrate begin -
# The configuration as it comes is one that the agent takes, as its user.
install -d -o parley /var/lib/parley
setpriv --reuid parley --regid parley --init-groups parley agent --config /etc/parley/parley.yaml --print-id
# The commands of the pages find what they name.
cd /usr/share/doc/parley
parley check models/agility/agility.lcc
parley sim run examples/scenarios/hot_spots.yaml --policy none >/dev/null
cd /
# A printed id does not arm the arrival check.
echo '<domain><uuid>u</uuid></domain>' | /etc/libvirt/hooks/qemu.d/50-parley g1 migrate begin -
# The agent's first start does, also while the agent is down.
install -d -o parley /run/parley
echo 'listen: [/ip4/127.0.0.1/tcp/0]' >/tmp/first.yaml
setpriv --reuid parley --regid parley --init-groups parley agent --config /tmp/first.yaml 2>/tmp/first.log & agent=$!
for i in $(seq 300); do if test -e /var/lib/parley/incarnation; then break; fi; sleep 0.1; done
kill $agent || cat /tmp/first.log
wait $agent || true
if echo '<domain><uuid>u</uuid></domain>' | /etc/libvirt/hooks/qemu.d/50-parley g1 migrate begin -; then
  echo "a migration was let in"
  exit 1
fi
if command -v systemd-analyze >/dev/null; then systemd-analyze verify --man=no /lib/systemd/system/parley.service; fi
dpkg -r parley
test -e /etc/parley/parley.yaml
test -e /var/lib/parley/peer.key
test ! -e /usr/bin/parley
test ! -e /usr/share/doc/parley
echo '<domain/>' | /etc/libvirt/hooks/qemu.d/50-parley g1 migrate begin -
# A unit that was removed and comes back can be started again.
dpkg -i --force-depends package/parley.deb
test ! -L /etc/systemd/system/parley.service
dpkg --purge parley
test ! -e /etc/parley
test ! -e /var/lib/parley
test ! -e /etc/libvirt/hooks/qemu.d/50-parley
test ! -e /etc/systemd/system/parley.service
echo all is well
`

// TestPackages builds the packages from one binary, twice, and looks at them.
func TestPackages(t *testing.T) {
	asRoot(t)
	binary := filepath.Join(t.TempDir(), "parley")
	script(t, "./build.sh", nil, binary)
	again := built(t, "deb", binary)
	deb := built(t, "deb", binary)
	if a, b := read(t, again), read(t, deb); !bytes.Equal(a, b) {
		t.Error("two builds of one commit have other bytes")
	}
	t.Run("install", func(t *testing.T) { installs(t, deb) })
	t.Run("lintian", func(t *testing.T) {
		needs(t, "lintian")
		out, err := exec.Command("lintian", "--allow-root", "--fail-on", "error,warning", deb).CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("rpm", func(t *testing.T) { rpm(t, built(t, "rpm", binary)) })
	t.Run("tree", func(t *testing.T) { tree(t, binary) })
}

// The package installs, works, is removed without taking state along, and purged
// with it.
func installs(t *testing.T, deb string) {
	needs(t, "unshare", "setpriv", "dpkg")
	cmd := exec.Command("unshare", "--mount", "--propagation", "private", "sh", "-c", inCopy, "sh", t.TempDir(), deb, steps)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "all is well") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// rpm holds the package for systems with rpm: it is one, and where rpm is installed it
// says what it needs, what is the operator's, and what it runs.
func rpm(t *testing.T, path string) {
	if lead := []byte{0xed, 0xab, 0xee, 0xdb}; !bytes.HasPrefix(read(t, path), lead) {
		t.Fatalf("%s is no rpm", path)
	}
	needs(t, "rpm")
	for query, wants := range map[string][]string{
		"--requires":    {"glibc >= 2."},
		"--recommends":  {"libvirt-libs"},
		"--configfiles": {"/etc/parley/parley.yaml", "/etc/libvirt/hooks/qemu.d/50-parley"},
		"--scripts":     {"systemd-sysusers parley.conf", "systemctl disable --now parley.service"},
		"--changelog":   {"The first package"},
		"--list":        {"/usr/bin/parley", "/usr/share/man/man1/parley-policy-publish.1.gz", "/usr/lib/systemd/system/parley.service"},
	} {
		out, err := exec.Command("rpm", "--query", "--package", query, path).CombinedOutput()
		for _, want := range wants {
			if err != nil || !strings.Contains(string(out), want) {
				t.Errorf("rpm %s: %v, want %q in\n%s", query, err, want, out)
			}
		}
	}
}

func asRoot(t *testing.T) {
	t.Helper()
	if os.Getenv("PARLEY_LAB") == "" || os.Geteuid() != 0 {
		t.Skip("to install a package needs root: run `sudo make test` (PARLEY_LAB=1)")
	}
}

func needs(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s, which is not on this machine", tool)
		}
	}
}

// script runs a script of this directory with additional variables.
func script(t *testing.T, name string, vars []string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), vars...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// built is the package of a format.
func built(t *testing.T, format, binary string) string {
	t.Helper()
	dir := t.TempDir()
	script(t, "./package.sh", []string{"OUT=" + dir, "BINARY=" + binary}, format)
	packages, err := filepath.Glob(filepath.Join(dir, "*."+format))
	if err != nil || len(packages) != 1 {
		t.Fatalf("packages: got %v, %v, want one", packages, err)
	}
	return packages[0]
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
