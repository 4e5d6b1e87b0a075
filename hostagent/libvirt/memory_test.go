package libvirt

import (
	"fmt"
	"testing"

	"parley/hostagent"
)

const gib = int64(1) << 30

// Guests that declare a quarter of a machine each: the fourth does not fit beside
// three, their emulators and the machine.
func TestGuestsLeaveRoomForTheMachine(t *testing.T) {
	total := 16 * gib
	room, _ := hostagent.DivideMemory(total, nil)
	d, err := describe(fmt.Sprintf("<domain type='kvm'><memory unit='b'>%d</memory><vcpu>2</vcpu></domain>", total/4), nothingShared)
	if err != nil {
		t.Fatal(err)
	}
	if each := (Options{}).declared(d).MemoryBytes; 3*each > room || 4*each <= room {
		t.Errorf("each takes %d of %d: got room for %d guests, want 3", each, room, room/each)
	}
}

func TestEmulatorTakesMemory(t *testing.T) {
	for text, want := range map[string]int64{
		"<vcpu>1</vcpu>": 64 + 8 + 2 + 8,
		"<vcpu>4</vcpu><iothreads>2</iothreads><devices><video><model type='virtio'/></video></devices>": 64 + 8 + 2 + 4*8 + 2*8 + 16,
		"<vcpu>1</vcpu><devices><video><model type='none'/></video></devices>":                           64 + 8 + 2 + 8,
	} {
		d, err := describe("<domain type='kvm'><memory unit='GiB'>1</memory>"+text+"</domain>", nothingShared)
		if err != nil || d.overhead != want<<20 || d.declared.MemoryBytes != gib {
			t.Errorf("%s: got %d MiB beside %d, %v, want %d beside 1 GiB", text, d.overhead>>20, d.declared.MemoryBytes, err, want)
		}
	}
	d := described{overhead: 5}
	d.declared.MemoryBytes = 10
	if got := (Options{Overhead: Overhead{Fixed: true, Bytes: 1}}).declared(d).MemoryBytes; got != 11 {
		t.Errorf("with a fixed overhead of 1: got %d, want 11", got)
	}
}
