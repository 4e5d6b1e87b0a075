package record

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"parley/hostagent/past"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

// cellsMost bounds the values of a record: where there would be more, its steps are longer.
const cellsMost = 10_000_000

// grid is the time of a record in even steps, with what is known of each host and guest in
// each step.
type grid struct {
	begin  int64 // Unix seconds
	step   int64
	n      int
	known  map[string][]bool // by host: it looked in that step
	guests map[string]*line  // by the guest's id
}

// line is one guest over time.
type line struct {
	past.Guest           // as it was seen last
	last       int64     // when that was
	cores      []float32 // that it wanted, times the seconds that are known
	weight     []float32 // seconds that are known; 0: it was not seen
	host       []int32   // where it was seen: the number of the host, or -1
}

var errNothing = errors.New("no host has kept what its guests used in that time: look at `audit.loads_for` in the configuration of the " +
	"hosts, or give an earlier --since; a host has something after its first `audit.loads_every`")

// newGrid lays all blocks on one grid.
func newGrid(s Site) (*grid, error) {
	g := &grid{known: map[string][]bool{}, guests: map[string]*line{}}
	first, last := int64(0), int64(0)
	ids := map[string]bool{}
	for _, h := range s.Hosts {
		for _, b := range h.Blocks {
			start, end := max(b.Start, s.Begin.Unix()), min(b.End().Unix(), s.End.Unix())
			if start >= end {
				continue
			}
			if first == 0 || start < first {
				first = start
			}
			last = max(last, end)
			if step := int64(b.Step); g.step == 0 || step < g.step {
				g.step = step
			}
			for _, one := range b.Guests {
				ids[one.ID] = true
			}
		}
	}
	if g.step == 0 {
		return nil, errNothing
	}
	for (last-first)/g.step*int64(len(ids)) > cellsMost {
		g.step *= 2
	}
	g.begin = first / g.step * g.step
	g.n = int((last - g.begin + g.step - 1) / g.step)
	for i, h := range s.Hosts {
		known := make([]bool, g.n)
		g.known[h.Name] = known
		blocks := slices.Clone(h.Blocks)
		slices.SortStableFunc(blocks, func(a, b past.Block) int { return cmp.Compare(a.Start, b.Start) })
		for _, b := range blocks {
			g.add(b, int32(i), known)
		}
	}
	return g, nil
}

// add lays a block on the grid.
func (g *grid) add(b past.Block, host int32, known []bool) {
	for i := range b.Samples {
		g.cells(b, i, func(cell int, _ int64) { known[cell] = true })
	}
	for _, s := range b.Guests {
		l := g.guests[s.ID]
		if l == nil {
			l = &line{cores: make([]float32, g.n), weight: make([]float32, g.n), host: make([]int32, g.n)}
			for i := range l.host {
				l.host[i] = -1
			}
			g.guests[s.ID] = l
		}
		seen := false
		for i, v := range s.CPU {
			if v == past.Absent {
				continue
			}
			g.cells(b, i, func(cell int, seconds int64) {
				cores := float64(v) / past.Full * s.Cores
				l.cores[cell] += float32(cores * float64(seconds))
				l.weight[cell] += float32(seconds)
				l.host[cell] = host
				seen = true
			})
		}
		if seen && b.Start >= l.last {
			l.Guest, l.last = s.Guest, b.Start
		}
	}
}

// cells calls a function for each cell of a value of a block, with the seconds of it that
// are in the cell.
func (g *grid) cells(b past.Block, i int, do func(cell int, seconds int64)) {
	from := b.Start + int64(i)*int64(b.Step)
	to := min(from+int64(b.Step), g.begin+int64(g.n)*g.step)
	for from = max(from, g.begin); from < to; {
		cell := (from - g.begin) / g.step
		end := min(to, g.begin+(cell+1)*g.step)
		do(int(cell), end-from)
		from = end
	}
}

// at is the time of a cell since the beginning.
func (g *grid) at(cell int) time.Duration { return time.Duration(int64(cell)*g.step) * time.Second }
