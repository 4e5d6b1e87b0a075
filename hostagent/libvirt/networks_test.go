package libvirt

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestNetworks(t *testing.T) {
	d, err := describe(`<domain type='kvm'><devices>
  <interface type='bridge'><source bridge='br0'/></interface>
  <interface type='network'><source network='lan' bridge='virbr1'/></interface>
  <interface type='bridge'><source bridge='br0'/></interface>
  <interface type='user'/>
</devices></domain>`, nothingShared)
	if want := []string{"the bridge br0", "the network lan"}; err != nil || !slices.Equal(d.networks, want) {
		t.Errorf("got %v, %v, want %v", d.networks, err, want)
	}
	sys := t.TempDir()
	for _, dir := range []string{"class/net/br0/bridge", "class/net/eth0"} {
		if err := os.MkdirAll(filepath.Join(sys, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := bridges(sys); !slices.Equal(got, []string{"the bridge br0"}) {
		t.Errorf("bridges: got %v, want br0", got)
	}
}
