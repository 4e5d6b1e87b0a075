package main

import (
	"testing"

	"parley/hostagent"
	"parley/hostagent/config"
)

// A host of containers or processes keeps memory for the machine itself, as one of virtual machines
// does: by default a part of it, or what is configured; with a declared capacity that says it all.
func TestMachineKeepsMemory(t *testing.T) {
	whole, reserve, err := ofMachine(config.Capacity{ReserveMemory: "0MiB"}, hostagent.Resources{})
	if err != nil || reserve != 0 || whole.MemoryBytes <= 0 || whole.CPU < 1 {
		t.Fatalf("got %+v, %d and %v, want all of the machine", whole, reserve, err)
	}
	usual, kept, err := ofMachine(config.Capacity{}, hostagent.Resources{})
	if err != nil || kept != hostagent.DefaultReserve(whole.MemoryBytes) || usual.MemoryBytes != whole.MemoryBytes-kept || kept == 0 {
		t.Errorf("got %+v, %d and %v, want that the default is kept", usual, kept, err)
	}
	declared, kept, err := ofMachine(config.Capacity{}, hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30, DiskBytes: 5})
	if err != nil || kept != 0 || declared != (hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30, DiskBytes: 5}) {
		t.Errorf("got %+v, %d and %v, want what is declared", declared, kept, err)
	}
	if _, _, err := ofMachine(config.Capacity{ReserveMemory: "much"}, hostagent.Resources{}); err == nil {
		t.Error("an amount that is none is taken")
	}
}
