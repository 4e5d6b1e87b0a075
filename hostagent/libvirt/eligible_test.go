package libvirt

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestIneligible(t *testing.T) {
	shared := func(path string) bool { return strings.HasPrefix(path, "/mnt/nfs/") || path == "san/vol1" }
	for _, c := range []struct {
		name, devices string
		want          string // a part of the reason; "" for eligible
	}{
		{"no disk", ``, ""},
		{"file on shared storage", `<disk type='file' device='disk'><source file='/mnt/nfs/a.qcow2'/><target dev='vda'/></disk>`, ""},
		{"file of this host", `<disk type='file' device='disk'><source file='/var/lib/a.qcow2'/><target dev='vda'/></disk>`, "/var/lib/a.qcow2"},
		{"second disk of this host", `<disk type='file' device='disk'><source file='/mnt/nfs/a'/><target dev='vda'/></disk>
			<disk type='file' device='disk'><source file='/srv/b'/><target dev='vdb'/></disk>`, "/srv/b"},
		{"shareable says nothing of where a file lies", `<disk type='file' device='disk'><source file='/srv/b'/><target dev='vdb'/><shareable/></disk>`, "/srv/b"},
		{"file that is only read", `<disk type='file' device='cdrom'><source file='/srv/a.iso'/><target dev='sda'/><readonly/></disk>`, ""},
		{"empty drive", `<disk type='file' device='cdrom'><target dev='sda'/><readonly/></disk>`, ""},
		{"block device", `<disk type='block' device='disk'><source dev='/dev/vg/a'/><target dev='vda'/></disk>`, "/dev/vg/a"},
		{"volume of an unknown pool", `<disk type='volume' device='disk'><source pool='default' volume='a'/><target dev='vda'/></disk>`, "default/a"},
		{"volume of a shared pool", `<disk type='volume' device='disk'><source pool='san' volume='vol1'/><target dev='vda'/></disk>`, ""},
		{"network disk", `<disk type='network' device='disk'><source protocol='rbd' name='pool/a'/><target dev='vda'/></disk>`, ""},
		{"NVMe of this host", `<disk type='nvme' device='disk'><source type='pci' namespace='1'><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source><target dev='vda'/></disk>`, "NVMe"},
		{"PCI device", `<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='0' function='0'/></source></hostdev>`, "hostdev"},
		{"network device of this host", `<interface type='hostdev'><source><address type='pci' domain='0' bus='1' slot='0' function='0'/></source></interface>`, "network device"},
		{"network device on a bridge", `<interface type='bridge'><source bridge='br0'/></interface>`, ""},
		{"directory of this host", `<filesystem type='mount'><source dir='/srv'/><target dir='x'/></filesystem>`, "directory"},
		{"memory of this host", `<shmem name='x'><model type='ivshmem-plain'/></shmem>`, "shmem"},
		{"TPM of this host", `<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>`, "TPM"},
		{"copy of a disk", `<disk type='file' device='disk'><source file='/mnt/nfs/a'/><mirror type='file' file='/mnt/nfs/b'/><target dev='vda'/></disk>`, "vda is being copied"},
		{"disk whose changes are thrown away", `<disk type='file' device='disk'><source file='/mnt/nfs/a'/><target dev='vda'/><transient/></disk>`, "transient"},
		{"disk of a process", `<disk type='vhostuser' device='disk'><source type='unix' path='/run/spdk.sock'/><target dev='vda'/></disk>`, "process or a device"},
		{"network device in hardware", `<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>`, "vDPA"},
		{"video card of this host", `<video><model type='virtio'><acceleration accel3d='yes'/></model></video>`, "accel3d"},
		{"video card", `<video><model type='virtio'><acceleration accel3d='no'/></model></video>`, ""},
		{"IOMMU of AMD", `<iommu model='amd'/>`, "IOMMU"},
		{"keyboard of this host", `<input type='evdev'><source dev='/dev/input/event1'/></input>`, "input device"},
		{"persistent memory of this host", `<memory model='nvdimm'><source><path>/srv/nvdimm</path></source><target><size unit='MiB'>1</size></target></memory>`, "/srv/nvdimm"},
		{"serial port of this host", `<serial type='dev'><source path='/dev/ttyS0'/></serial>`, "/dev/ttyS0"},
		{"serial port on a terminal", `<serial type='pty'/>`, ""},
		{"emulated TPM", `<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>`, ""},
	} {
		d, err := describe(fmt.Sprintf("<domain type='kvm'><devices>%s</devices></domain>", c.devices), shared)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if (d.ineligible == "") != (c.want == "") || !strings.Contains(d.ineligible, c.want) {
			t.Errorf("%s: got reason %q, want one with %q", c.name, d.ineligible, c.want)
		}
	}
	d, err := describe(`<domain type='kvm'><launchSecurity type='sev'><policy>0x0001</policy></launchSecurity></domain>`, shared)
	if err != nil || !strings.Contains(d.ineligible, "launchSecurity") {
		t.Errorf("encrypted memory: got reason %q, error %v, want a reason", d.ineligible, err)
	}
}

// Processors that QEMU does not migrate.
func TestIneligibleProcessors(t *testing.T) {
	for text, want := range map[string]string{
		`<cpu mode='host-passthrough' migratable='off'/>`:                                                                            "not migratable",
		`<cpu mode='host-passthrough' migratable='on'/>`:                                                                             "",
		`<cpu mode='host-model'><feature policy='require' name='invtsc'/></cpu>`:                                                     "invtsc",
		`<cpu mode='host-model'><feature policy='disable' name='invtsc'/></cpu>`:                                                     "",
		`<cpu><feature policy='require' name='invtsc'/></cpu><clock offset='utc'><timer name='tsc' frequency='3000000000'/></clock>`: "",
	} {
		d, err := describe("<domain type='kvm'>"+text+"</domain>", nothingShared)
		if err != nil || (d.ineligible == "") != (want == "") || !strings.Contains(d.ineligible, want) {
			t.Errorf("%s: got reason %q, error %v, want one with %q", text, d.ineligible, err, want)
		}
	}
}

func TestDeclaredShared(t *testing.T) {
	declared := []string{"/mnt/san/", "/dev/mapper/mpatha", "pool"}
	for path, want := range map[string]bool{
		"/mnt/san/a.qcow2":      true,
		"/mnt/san":              true,
		"/mnt/san/../local/a":   false,
		"/mnt/sandbox/a":        false,
		"/dev/mapper/mpatha":    true,
		"/dev/mapper/mpathab":   false,
		"pool/volume":           true,
		"pool2/volume":          false,
		"/somewhere/pool/thing": false,
	} {
		if got := declaredShared(declared, path); got != want {
			t.Errorf("declaredShared(%q): got %v, want %v", path, got, want)
		}
	}
}

func TestLocalFilesAreNotShared(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "not", "there", "yet"), "/dev/null", "relative"} {
		if (Options{}).shared(path) {
			t.Errorf("shared(%q): got true, want false", path)
		}
	}
	if o := (Options{Shared: []string{dir}}); !o.shared(filepath.Join(dir, "disk.img")) {
		t.Error("a file in a directory declared as shared: got false, want true")
	}
}
