package sim

import (
	"fmt"
	"slices"
	"time"

	"parley/hostagent"
)

// This file is what a guest's kind changes: on which hosts it can be, and what its moves
// cost. A virtual machine moves as Migration says.
//
// A container sends its volumes while it runs. Then it is frozen: its memory is dumped,
// sent and restored, in one piece. Measured with runc and criu 4.2.1, memory of 64 MiB in
// tmpfs: 221 ms, of which the dump and the restore of each MiB take 2.1 ms.
//
// A process that takes part in its own moves has its program started at the target
// first. Then it is suspended, and its state, which is its working set, is sent and made
// durable. Measured: 60 ms for the start of a Python program, 3.6 to 6 ms of standstill.
const (
	containerPause  = 85 * time.Millisecond
	containerPerMiB = 2100 * time.Microsecond
	processStart    = 60 * time.Millisecond
	processPause    = 5 * time.Millisecond
)

// takes says whether guests of a kind can be on a host.
func (h *SiteHost) takes(kind hostagent.Kind) bool {
	return kind.Known() == hostagent.VM && len(h.Takes.Kinds) == 0 || slices.Contains(h.Takes.Kinds, kind.Known())
}

// Lacks says what a host lacks that a guest needs beside room: a platform for its kind,
// or one of its needs; "": nothing.
func (h *SiteHost) Lacks(g SiteGuest) string {
	if !h.takes(g.Kind) {
		return fmt.Sprintf("host %s takes no %s", h.Name, g.Kind.Words())
	}
	for _, need := range g.Needs {
		if !slices.Contains(h.Takes.Offers, need) {
			return fmt.Sprintf("host %s does not offer %s", h.Name, need)
		}
	}
	return ""
}

// endpoints are where guests of each kind are sent.
func (h *SiteHost) endpoints() map[hostagent.Kind]string {
	if len(h.Takes.Kinds) == 0 {
		return map[hostagent.Kind]string{hostagent.VM: h.Name}
	}
	all := make(map[hostagent.Kind]string, len(h.Takes.Kinds))
	for _, kind := range h.Takes.Kinds {
		all[kind] = h.Name
	}
	return all
}

// prepares is how long the target prepares for a guest before anything is sent.
func (g *siteGuest) prepares() time.Duration {
	if g.Kind == hostagent.Process {
		return processStart
	}
	return 0
}

// first is what a guest sends in the first round, while it runs.
func (g *siteGuest) first() float64 {
	switch g.Kind.Known() {
	case hostagent.Container:
		return float64(g.Declared.DiskBytes)
	case hostagent.Process:
		return 0
	}
	return float64(g.Declared.MemoryBytes)
}

// last is what a container or a process sends while it stands still, and for how long it
// stands still besides.
func (g *siteGuest) last() (bytes float64, pause time.Duration) {
	if g.Kind == hostagent.Process {
		return g.WorkingSet, processPause
	}
	memory := float64(g.Declared.MemoryBytes)
	return memory, containerPause + time.Duration(memory/(1<<20)*float64(containerPerMiB))
}

// endFirst ends the first round of a container or a process: it stops, unless it is said
// not to converge.
func (s *migrations) endFirst(m *move) {
	m.sent += m.size
	if m.stalls {
		again := 2 * m.rate
		m.round, m.at, m.size, m.left = s.now, s.now, again, again
	} else {
		bytes, pause := m.guest.last()
		m.settled = true
		m.sent += bytes
		m.round, m.at, m.size, m.left = s.now, s.now, bytes, bytes+pause.Seconds()*m.rate
	}
	s.planRound(m)
}

// disk is what the volumes of the guests take that are here or moving here, as far as the
// agent was asked about them.
func (h *siteHost) disk() (bytes int64) {
	for _, list := range [][]*siteGuest{h.here, h.coming} {
		for _, g := range list {
			if g.strange == (strange{}) {
				bytes += g.Declared.DiskBytes
			}
		}
	}
	return bytes
}

// checkDisk checks that volumes fit into a host's disk, with those that it has reserved
// room for.
func (s *checks) checkDisk(h *siteHost) error {
	sum := h.disk()
	for _, held := range h.agent.held {
		if g := s.named[held.guest]; g == nil || g.at != h && (g.move == nil || g.move.to != h) {
			sum += held.disk
		}
	}
	if sum > h.Capacity.DiskBytes {
		return fmt.Errorf("sim: invariant: volumes on %s, on their way to it and promised room take %d bytes of %d, at %v", h.Name, sum,
			h.Capacity.DiskBytes, s.since())
	}
	return nil
}

// checkTaken checks that a guest is sent only to a host that can run it.
func (s *checks) checkTaken(h *siteHost, g *siteGuest) error {
	if why := h.Lacks(g.SiteGuest); why != "" {
		return fmt.Errorf("sim: invariant: %s is admitted: %s, at %v", g.Name, why, s.since())
	}
	return nil
}
