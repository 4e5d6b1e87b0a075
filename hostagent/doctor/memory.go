package doctor

import (
	"fmt"

	"parley/hostagent"
)

// memory compares the machine's memory with what is taken beside the guests and
// what they may take at any moment.
func memory(p Probes, seen hostagent.Observation) Finding {
	total, own, err := p.Memory()
	if err != nil {
		return Finding{"memory", Warn, err.Error(), "see what the error says: how much memory the machine takes itself is not known"}
	}
	var guests int64
	for _, g := range seen.Guests {
		guests += g.Declared.MemoryBytes
	}
	const mend = "set capacity.reserve_memory, or capacity.memory, so that guests leave room for the machine (docs/configuration.md), and " +
		"move guests away"
	switch room := seen.Capacity.MemoryBytes; {
	case own+guests > total:
		return Finding{"memory", Warn, fmt.Sprintf("the machine takes %s beside its guests, and these may take %s: more than the %s that it has",
			mib(own), mib(guests), mib(total)), mend}
	case own+room > total:
		return Finding{"memory", Warn, fmt.Sprintf("the machine takes %s beside its guests, and guests may fill %s: more than the %s that it has",
			mib(own), mib(room), mib(total)), mend}
	}
	return ok("memory", "guests may take %s of %s; the machine takes %s beside them", mib(seen.Capacity.MemoryBytes), mib(total), mib(own))
}

func mib(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }
