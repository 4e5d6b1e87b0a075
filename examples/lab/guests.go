//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/examples/ground"
	"parley/hostagent"
)

// guestSpec is one guest of the laboratory.
type guestSpec struct {
	kind                     hostagent.Kind // a virtual machine unless it says another
	name, uuid, address, mac string
	cpu                      float64
	dirtyMiB                 int    // written each second, and kept in memory
	disk                     string // a file; "" for none
}

func newGuest(number int, cpu float64) guestSpec {
	return guestSpec{
		name:    fmt.Sprintf("g%d", number),
		uuid:    fmt.Sprintf("11111111-0000-4000-8000-0000000000%02d", number),
		address: fmt.Sprintf("%s%d", subnet, 100+number),
		mac:     fmt.Sprintf("52:54:00:77:00:%02x", number),
		cpu:     cpu, dirtyMiB: 4,
	}
}

// memoryKiB is deliberately a little more than 96 MiB: if a guest's memory is a
// multiple of 256 KiB, QEMU before 9.0 under TCG loses writes to it during a live
// migration, and the guest continues with corrupt memory ("Fix migration dirty bitmap
// coherency with TCG memory access" in QEMU's history). Guests under KVM are not
// affected. Libvirt rounds to whole MiB, so the size is passed to QEMU directly.
const memoryKiB = 96<<10 + 8

// domain is the XML of a guest. QEMU itself serves its network: without hardware
// virtualization the kernel's vhost has no advantage.
func (g guestSpec) domain(img image, uuid string) string {
	disk := ""
	if g.disk != "" {
		disk = fmt.Sprintf("\n    <disk type='file' device='disk'><source file='%s'/><target dev='vda' bus='virtio'/></disk>", g.disk)
	}
	return fmt.Sprintf(`<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>%[1]s</name><uuid>%[2]s</uuid>
  <memory unit='MiB'>96</memory><vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <kernel>%[3]s</kernel><initrd>%[4]s</initrd>
    <cmdline>console=ttyS0 panic=1 parley.address=%[5]s/24 parley.cpu=%[6]g parley.dirty=%[10]d</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact'><model>qemu64</model></cpu>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <interface type='bridge'><source bridge='br0'/><mac address='%[7]s'/><model type='virtio'/><driver name='qemu'/><rom enabled='no'/></interface>
    <serial type='file'><source path='/var/log/libvirt/%[8]s-console.log'/></serial>
    <memballoon model='none'/>%[11]s
  </devices>
  <qemu:commandline>
    <qemu:arg value='-m'/><qemu:arg value='%[9]dK'/>
    <qemu:arg value='-object'/><qemu:arg value='memory-backend-ram,id=uneven,size=%[9]dK'/>
    <qemu:arg value='-machine'/><qemu:arg value='memory-backend=uneven'/>
  </qemu:commandline>
</domain>`, g.name, uuid, img.kernel, img.initrd, g.address, g.cpu, g.mac, g.name, memoryKiB, g.dirtyMiB, disk)
}

// define defines a guest on a host.
func (h *host) define(ctx context.Context, g guestSpec, img image, uuid string) error {
	file, err := h.writeXML(g, img, uuid)
	if err == nil {
		_, err = h.virsh(ctx, "define", file)
	}
	return err
}

func (h *host) writeXML(g guestSpec, img image, uuid string) (file string, err error) {
	file = filepath.Join(h.dir, g.name+".xml")
	return file, os.WriteFile(file, []byte(g.domain(img, uuid)), 0o644)
}

// running returns the virtual machines that run on a host.
func (h *host) running(ctx context.Context) ([]string, error) {
	out, err := h.virsh(ctx, "list", "--state-running", "--name")
	return strings.Fields(out), err
}

// everywhere returns the hosts on which each guest runs.
func (l *lab) everywhere(ctx context.Context) (map[string][]string, error) {
	where := map[string][]string{}
	for _, h := range l.hosts {
		names, err := h.running(ctx)
		if err != nil {
			return nil, err
		}
		if l.engines != (engines{}) {
			containers, err := h.contained(ctx, l.engines)
			if err != nil {
				return nil, err
			}
			workers, err := h.workers(l.engines)
			if err != nil {
				return nil, err
			}
			names = slices.Concat(names, containers, workers)
		}
		for _, name := range names {
			where[name] = append(where[name], h.name)
		}
	}
	return where, nil
}

// exactlyOnce returns an error for a guest that does not run on exactly one host. At
// the end of a move both hosts may show it, or neither, so it checks again.
func (l *lab) exactlyOnce(ctx context.Context) error {
	var wrong error
	err := ground.Until(ctx, 10*time.Second, "every guest runs on one host", func() (bool, error) {
		where, err := l.everywhere(ctx)
		wrong = nil
		for _, g := range l.guests {
			if len(where[g.name]) != 1 {
				wrong = fmt.Errorf("guest %s runs on %v: want one host", g.name, where[g.name])
			}
		}
		return wrong == nil, err
	})
	if err != nil {
		return errors.Join(wrong, err)
	}
	return nil
}
