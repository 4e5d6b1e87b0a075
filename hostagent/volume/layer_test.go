//go:build linux

package volume

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestLayer copies the upper layer of an overlay: what hides files of the layers below is
// copied, and what the kernel notes of this host's files is neither sent nor taken away.
func TestLayer(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root sees the attributes of a layer")
	}
	from, to := t.TempDir(), t.TempDir()
	opts := Options{Devices: true, Layer: true}
	if err := os.Mkdir(filepath.Join(from, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mknod(filepath.Join(from, "gone"), unix.S_IFCHR, 0); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"trusted.overlay.opaque": "y", "trusted.overlay.origin": "of this host"} {
		if err := unix.Lsetxattr(filepath.Join(from, "etc"), name, []byte(value), 0); err != nil {
			t.Fatal(err)
		}
	}
	mustCopy(t, mustOpen(t, from, opts), to, opts, Round{Frozen: true})
	var st unix.Stat_t
	if err := unix.Lstat(filepath.Join(to, "gone"), &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFCHR || st.Rdev != 0 {
		t.Errorf("what hides a file: mode %o, device %d, %v", st.Mode, st.Rdev, err)
	}
	space := make([]byte, 64)
	n, err := unix.Lgetxattr(filepath.Join(to, "etc"), "trusted.overlay.opaque", space)
	if err != nil || string(space[:n]) != "y" {
		t.Errorf("the directory that hides another: got %q, %v", space[:n], err)
	}
	if _, err := unix.Lgetxattr(filepath.Join(to, "etc"), "trusted.overlay.origin", space); err != unix.ENODATA {
		t.Errorf("what the kernel notes of its own files was copied: %v", err)
	}
	// Elsewhere such a device may not be.
	if _, err, took := copyRound(t, mustOpen(t, from, Options{Devices: true}), t.TempDir(), opts, Round{}); err == nil && took == nil {
		t.Error("the device 0:0 was copied out of a volume")
	}
}
