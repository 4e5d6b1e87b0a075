package prove

import (
	"sync"

	"parley/lcc"
	"parley/sim"
)

// memory is what a run needs while it lasts. The next run of the same goroutine has it again: a
// search makes thousands of short runs.
type memory struct {
	watch     sim.Watch
	workspace lcc.Workspace
}

// spare is the memory that no run has now.
type spare struct{ pool sync.Pool }

func (s *spare) take() *memory {
	if m, ok := s.pool.Get().(*memory); ok {
		return m
	}
	return &memory{}
}

func (s *spare) give(m *memory) { s.pool.Put(m) }
