package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"parley/hostagent"
	"parley/hostagent/memory"
)

// drawnGuest is a guest in memory, and the host that it begins on.
type drawnGuest struct {
	memory.Guest
	host int
}

// drawGuests draws guests of mixed sizes, most of them on the first hosts.
func drawGuests(hosts, guests int, seed uint64) (list []drawnGuest, err error) {
	chance := rand.New(rand.NewPCG(seed, 0))
	sizes := []struct {
		cores  float64
		memory int64
	}{{1, 1 << 30}, {1, 1 << 30}, {2, 2 << 30}, {2, 4 << 30}, {4, 8 << 30}}
	cpu, memoryUsed := make([]float64, hosts), make([]int64, hosts)
	for i := range guests {
		size := sizes[chance.IntN(len(sizes))]
		// The mean of two uniform draws: seldom near idle or full use.
		use := size.cores * (0.15 + 0.8*(chance.Float64()+chance.Float64())/2)
		// A power of a uniform draw puts most guests on the first hosts.
		at := int(math.Pow(chance.Float64(), 2.2) * float64(hosts))
		for tries := 0; memoryUsed[at]+size.memory > demoMemory || cpu[at]+use > demoCores; tries++ {
			if tries == hosts {
				return nil, fmt.Errorf("%d guests do not fit on %d hosts: take fewer guests or more hosts", guests, hosts)
			}
			at = (at + 1) % hosts
		}
		cpu[at] += use
		memoryUsed[at] += size.memory
		list = append(list, drawnGuest{host: at, Guest: memory.Guest{
			ID:       hostagent.GuestID(fmt.Sprintf("guest%03d", i+1)),
			Declared: hostagent.Resources{CPU: size.cores, MemoryBytes: size.memory},
			CPU:      use, DirtyBytes: 32 << 20,
		}})
	}
	return list, nil
}
