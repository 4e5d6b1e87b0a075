package baseline

import (
	"strings"
	"testing"
	"time"
)

func TestNewFleet(t *testing.T) {
	f, err := NewFleet(1052, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Hosts) != 800 || f.Hosts[0].Kind != "G4" || f.Hosts[799].Kind != "G5" || f.Hosts[799].Capacity() != 5320 {
		t.Errorf("hosts: got %d, the first %+v, the last %+v", len(f.Hosts), f.Hosts[0], f.Hosts[799])
	}
	for i, want := range map[int]Guest{0: {2500, 870}, 262: {2500, 870}, 263: {2000, 1740}, 526: {1000, 1740}, 1051: {500, 613}} {
		if f.Guests[i] != want {
			t.Errorf("guest %d: got %+v, want %+v", i, f.Guests[i], want)
		}
	}
	checkRoom(t, f)
	// A guest of 2,500 MIPS does not fit a core of a G4, and two on one G5 cost more
	// than one on each of two.
	for i := range 263 {
		if want := 2*i + 1; f.Placement[i] != want {
			t.Fatalf("guest %d: got host %d, want %d", i, f.Placement[i], want)
		}
	}
}

func TestFirstFitFleet(t *testing.T) {
	f, err := firstFitFleet(1052, 0)
	if err != nil {
		t.Fatal(err)
	}
	checkRoom(t, f)
	for i, want := range []int{1, 1, 3, 3} {
		if f.Placement[i] != want {
			t.Errorf("guest %d: got host %d, want %d", i, f.Placement[i], want)
		}
	}
}

// checkRoom checks that the initial hosts have the MIPS that their guests reserve.
func checkRoom(t *testing.T, f *Fleet) {
	t.Helper()
	if len(f.Placement) != len(f.Guests) {
		t.Fatalf("placed %d of %d guests", len(f.Placement), len(f.Guests))
	}
	reserved := make([]float64, len(f.Hosts))
	for i, at := range f.Placement {
		reserved[at] += f.Guests[i].MIPS
		if f.Guests[i].MIPS > f.Hosts[at].MIPS {
			t.Errorf("guest %d needs %v MIPS, a core of host %d has %v", i, f.Guests[i].MIPS, at, f.Hosts[at].MIPS)
		}
		if reserved[at] > f.Hosts[at].Capacity() {
			t.Errorf("host %d: %v of %v MIPS reserved", at, reserved[at], f.Hosts[at].Capacity())
		}
	}
}

func TestNewFleetWithoutRoom(t *testing.T) {
	_, err := NewFleet(9, 3)
	if err == nil || !strings.Contains(err.Error(), "none of 3 hosts has room for guest 2 of 9, which needs a core of 2500 MIPS and 870 MB") {
		t.Errorf("got %v", err)
	}
}

func TestMigrationTime(t *testing.T) {
	for i, want := range []time.Duration{13920, 27840, 27840, 9808} {
		if got := guestTypes[i].MigrationTime(); got != want*time.Millisecond {
			t.Errorf("%d MB: got %v, want %v", guestTypes[i].MemoryMB, got, want*time.Millisecond)
		}
	}
}
