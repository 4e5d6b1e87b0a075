package doctor

import (
	"fmt"

	"parley/hostagent"
	"parley/internal/bytesize"
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
			bytesize.Text(own), bytesize.Text(guests), bytesize.Text(total)), mend}
	case own+room > total:
		return Finding{"memory", Warn, fmt.Sprintf("the machine takes %s beside its guests, and guests may fill %s: more than the %s that it has",
			bytesize.Text(own), bytesize.Text(room), bytesize.Text(total)), mend}
	}
	return ok("memory", "guests may take %s of %s; the machine takes %s beside them",
		bytesize.Text(seen.Capacity.MemoryBytes), bytesize.Text(total), bytesize.Text(own))
}
