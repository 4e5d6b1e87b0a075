package record

import (
	"slices"
)

// life is a guest from when it came to when it went: cells from first to last.
type life struct {
	*line
	id          string
	first, last int
	host        int32
	values      []float32 // cores, one for each cell
}

// A guest counts as gone once it is not seen for so many cells and so many seconds: while it
// moves from one host to another neither may have a value.
const (
	awayCells   = 3
	awaySeconds = 600
)

// lives returns when each guest was there, in the order of their beginnings. What nobody
// looked at is taken to be as before.
func (g *grid) lives(hosts []Host) (list []life) {
	for id, l := range g.guests {
		for from := 0; from < g.n; {
			first := nextSeen(l, from)
			if first < 0 {
				break
			}
			last, next := first, first
			for ; next >= 0 && !g.gone(l, hosts, last, next); next = nextSeen(l, last+1) {
				last = next
			}
			one := life{line: l, id: id, first: first, last: last, host: l.host[first]}
			if next < 0 {
				next = g.n
			}
			g.extend(&one, hosts, from, next)
			one.values = sharpened(l.between(one.first, one.last), float32(l.Cores))
			list = append(list, one)
			from = one.last + 1
		}
	}
	slices.SortFunc(list, func(a, b life) int {
		if a.first != b.first {
			return a.first - b.first
		}
		return compareText(a.id, b.id)
	})
	return list
}

// nextSeen is the first cell from one on in which a guest was seen; -1: none.
func nextSeen(l *line, from int) int {
	for i := from; i < len(l.weight); i++ {
		if l.weight[i] > 0 {
			return i
		}
	}
	return -1
}

// gone says whether a guest was away between two cells in which it was seen: its host
// looked, and it was not there.
func (g *grid) gone(l *line, hosts []Host, last, next int) bool {
	known, missing := g.known[hosts[l.host[last]].Name], 0
	for i := last + 1; i < next; i++ {
		if known[i] {
			missing++
		}
	}
	return missing >= awayCells && int64(missing)*g.step >= awaySeconds
}

// extend makes a life longer where its host did not look: before the first cell down to
// from, after the last one up to next.
func (g *grid) extend(l *life, hosts []Host, from, next int) {
	known := g.known[hosts[l.host].Name]
	for l.first > from && !known[l.first-1] {
		l.first--
	}
	if l.first <= 1 && from == 0 { // a guest has no value in the step of the first look
		l.first = 0
	}
	known = g.known[hosts[l.line.host[l.last]].Name]
	for l.last+1 < next && !known[l.last+1] {
		l.last++
	}
	if l.last >= g.n-2 && next == g.n {
		l.last = g.n - 1
	}
}

// between are the cores that a guest wanted in cells from first to last; what is not known
// is on a straight line between what is.
func (l *line) between(first, last int) []float32 {
	values := make([]float32, last-first+1)
	before := -1
	for i := range values {
		cell := first + i
		if l.weight[cell] == 0 {
			continue
		}
		values[i] = l.cores[cell] / l.weight[cell]
		for k := before + 1; k < i; k++ {
			if before < 0 {
				values[k] = values[i]
				continue
			}
			part := float32(k-before) / float32(i-before)
			values[k] = values[before] + part*(values[i]-values[before])
		}
		before = i
	}
	for k := before + 1; before >= 0 && k < len(values); k++ {
		values[k] = values[before]
	}
	return values
}

// sharpened returns values of which a straight line from each to the next has the given
// means over the steps around them. A trace is followed in straight lines, and lines between
// the means themselves would cut every peak. What a guest wants is within what it has, and
// not below 0.
func sharpened(means []float32, most float32) []float32 {
	// The mean of the lines around a value is an eighth of each neighbour and six of its own.
	n := len(means)
	if n < 3 {
		return means
	}
	// The ends, which have one neighbour, are taken to continue as they are.
	diagonal := func(i int) float64 {
		if i == 0 || i == n-1 {
			return 7
		}
		return 6
	}
	values, up := make([]float64, n), make([]float64, n)
	for i := range n {
		below, right := diagonal(i), 8*float64(means[i])
		if i > 0 {
			below -= up[i-1]
			right -= values[i-1]
		}
		up[i], values[i] = 1/below, right/below
	}
	sharp := make([]float32, n)
	for i := n - 1; i >= 0; i-- {
		if i < n-1 {
			values[i] -= up[i] * values[i+1]
		}
		sharp[i] = float32(max(0, min(values[i], float64(max(most, means[i])))))
	}
	return sharp
}
