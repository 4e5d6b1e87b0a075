package main

import (
	"context"
	"math"

	"parley/hostagent"
)

// demand is what the guests of a host were set up to use: shares of its capacity, from
// 0 to 1. What agents measure lags behind it, and is imprecise on a busy machine.
type demand struct {
	cpu, memory float64
	guests      int
}

func (d demand) load() float64 { return math.Max(d.cpu, d.memory) }

// demands returns the demand on each host. A guest on its way counts where it runs.
func demands(ctx context.Context, hosts []*demoHost) (list []demand, err error) {
	for _, h := range hosts {
		seen, err := h.platform.Observe(ctx)
		if err != nil {
			return nil, err
		}
		var d demand
		for _, g := range seen.Guests {
			if g.State != hostagent.Running {
				continue
			}
			d.cpu += h.uses[g.ID] / demoCores
			d.memory += float64(g.Declared.MemoryBytes) / demoMemory
			d.guests++
		}
		list = append(list, d)
	}
	return list, nil
}

// spread is the standard deviation of the loads.
func spread(list []demand) float64 {
	var sum, squares float64
	for _, d := range list {
		sum += d.load()
	}
	mean := sum / float64(len(list))
	for _, d := range list {
		squares += (d.load() - mean) * (d.load() - mean)
	}
	return math.Sqrt(squares / float64(len(list)))
}

func highest(list []demand) (most float64) {
	for _, d := range list {
		most = math.Max(most, d.load())
	}
	return most
}

// occupied counts the hosts that have guests.
func occupied(list []demand) (n int) {
	for _, d := range list {
		if d.guests > 0 {
			n++
		}
	}
	return n
}
