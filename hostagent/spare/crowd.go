package spare

import (
	"iter"
	"slices"
)

// isCrowded says whether a guest would exceed a limit on the host: its own, or one of a guest
// there that counts it.
func (b *bin) isCrowded(g *Guest) bool {
	if !b.picky && len(g.AtMost) == 0 {
		return false
	}
	if slices.ContainsFunc(g.AtMost, func(l Limit) bool { return b.exceeds(l, g) }) {
		return true
	}
	for other := range b.guests() {
		for _, l := range other.AtMost {
			if slices.Contains(g.Labels, l.Label) && b.exceeds(l, g) {
				return true
			}
		}
	}
	return false
}

// exceeds says whether more guests than a limit allows would be on the host, with one that comes.
func (b *bin) exceeds(l Limit, g *Guest) bool {
	n := 0
	for other := range b.guests() {
		if slices.Contains(other.Labels, l.Label) {
			n++
		}
	}
	if slices.Contains(g.Labels, l.Label) {
		n++
	}
	return n > l.Most
}

// guests are those that are on the host, and those that were put there.
func (b *bin) guests() iter.Seq[*Guest] {
	return func(yield func(*Guest) bool) {
		for i := range b.host.Guests {
			if !yield(&b.host.Guests[i]) {
				return
			}
		}
		for _, g := range b.came {
			if !yield(g) {
				return
			}
		}
	}
}
