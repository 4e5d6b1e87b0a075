//go:build !cgo || !libvirt_dlopen

package libvirt

import (
	"strings"
	"testing"
)

func TestOpenWithoutLibvirt(t *testing.T) {
	_, err := Open(Options{URI: "qemu:///system"})
	if err == nil || !strings.Contains(err.Error(), "-tags libvirt_dlopen") {
		t.Errorf("Open in a build without libvirt: got error %v, want one that says how to build", err)
	}
}
