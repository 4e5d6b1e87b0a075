package libvirt

import (
	"slices"
	"strings"
	"testing"
)

func TestFilesThatATargetNeeds(t *testing.T) {
	d, err := describe(`<domain type='kvm'>
  <os><type>hvm</type><loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>
    <nvram template='/usr/share/OVMF/OVMF_VARS.fd'>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram>
    <kernel>/boot/guest/vmlinuz</kernel><initrd>/mnt/nfs/initrd</initrd></os>
  <devices>
    <disk type='file' device='cdrom'><source file='/srv/iso/install.iso'/><target dev='sda'/><readonly/></disk>
    <disk type='file' device='cdrom'><source file='/srv/iso/tools.iso' startupPolicy='optional'/><target dev='sdb'/><readonly/></disk>
    <disk type='file' device='cdrom'><source file='/mnt/nfs/shared.iso'/><target dev='sdc'/><readonly/></disk>
    <disk type='file' device='floppy'><source file='/srv/floppy.img'/><target dev='fda'/><readonly/></disk>
    <disk type='file' device='cdrom'><target dev='sdd'/><readonly/></disk>
    <disk type='file' device='disk'><source file='/mnt/nfs/disk.qcow2'/><target dev='vda'/></disk>
  </devices>
</domain>`, func(path string) bool { return strings.HasPrefix(path, "/mnt/nfs/") })
	want := []string{
		"/boot/guest/vmlinuz", "/srv/floppy.img", "/srv/iso/install.iso", "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd",
	}
	if err != nil || !slices.Equal(d.files, want) || d.ineligible != "" {
		t.Errorf("got %v, %q, %v, want %v", d.files, d.ineligible, err, want)
	}
}
