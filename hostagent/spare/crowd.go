package spare

import "slices"

// isCrowded says whether a guest would exceed a limit on the host: its own, or one of a guest
// there that counts it.
func (b *bin) isCrowded(g *Guest) bool {
	if !b.picky && len(g.AtMost) == 0 {
		return false
	}
	return slices.ContainsFunc(g.AtMost, func(l Limit) bool { return b.exceeds(l, g) }) ||
		b.some(func(other *Guest) bool {
			return slices.ContainsFunc(other.AtMost, func(l Limit) bool {
				return slices.Contains(g.Labels, l.Label) && b.exceeds(l, g)
			})
		})
}

// exceeds says whether more guests than a limit allows would be on the host, with one that comes.
func (b *bin) exceeds(l Limit, g *Guest) bool {
	n := 0
	count := func(other *Guest) bool {
		if slices.Contains(other.Labels, l.Label) {
			n++
		}
		return false
	}
	b.some(count)
	count(g)
	return n > l.Most
}

// some says whether something holds of a guest that is on the host or was put there.
func (b *bin) some(holds func(*Guest) bool) bool {
	for i := range b.host.Guests {
		if holds(&b.host.Guests[i]) {
			return true
		}
	}
	return slices.ContainsFunc(b.came, holds)
}
