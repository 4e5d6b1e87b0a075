package hostagent

import "testing"

// A machine keeps some of its memory, and never all.
func TestMachineKeepsMemory(t *testing.T) {
	const gib = int64(1) << 30
	for _, c := range []struct{ total, want int64 }{
		{1 * gib, gib / 2},
		{16 * gib, gib + 16*gib/20},
		{128 * gib, gib + 128*gib/20},
		{1024 * gib, 8 * gib},
	} {
		guests, reserve := DivideMemory(c.total, nil)
		if reserve != c.want || guests != c.total-c.want {
			t.Errorf("of %d: got %d for guests, %d kept, want %d kept and the rest", c.total, guests, reserve, c.want)
		}
	}
	for kept, want := range map[int64]int64{0: 16 * gib, 4 * gib: 12 * gib, 99 * gib: 0} {
		if guests, _ := DivideMemory(16*gib, &kept); guests != want {
			t.Errorf("with %d reserved: got %d for guests, want %d", kept, guests, want)
		}
	}
}
