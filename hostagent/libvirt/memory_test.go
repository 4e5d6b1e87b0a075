package libvirt

import (
	"fmt"
	"testing"
)

const gib = int64(1) << 30

// A machine keeps some of its memory, and never all.
func TestMachineKeepsMemory(t *testing.T) {
	for _, c := range []struct{ total, want int64 }{
		{1 * gib, gib / 2},
		{16 * gib, gib + 16*gib/20},
		{128 * gib, gib + 128*gib/20},
		{1024 * gib, 8 * gib},
	} {
		guests, reserve := Options{}.room(c.total)
		if reserve != c.want || guests != c.total-c.want {
			t.Errorf("of %d: got %d for guests, %d kept, want %d kept and the rest", c.total, guests, reserve, c.want)
		}
	}
	for kept, want := range map[int64]int64{0: 16 * gib, 4 * gib: 12 * gib, 99 * gib: 0} {
		if guests, _ := (Options{Reserve: &kept}).room(16 * gib); guests != want {
			t.Errorf("with %d reserved: got %d for guests, want %d", kept, guests, want)
		}
	}
}

// Guests that declare a quarter of a machine each: the fourth does not fit beside
// three, their emulators and the machine.
func TestGuestsLeaveRoomForTheMachine(t *testing.T) {
	total := 16 * gib
	room, _ := Options{}.room(total)
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
