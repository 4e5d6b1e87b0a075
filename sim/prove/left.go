package prove

import "fmt"

// Left says what was not explored because of a bound.
func (r Report) Left() (list []string) {
	levels, all := r.levels(), 0
	for _, s := range r.Shapes {
		all += s.Sites
	}
	if len(levels) > 0 && levels[0].Sites < all {
		list = append(list, fmt.Sprintf("%d of the %d sites", all-levels[0].Sites, all))
	}
	if r.Found != nil {
		return append(list, "what comes after the run that was found")
	}
	for depth, l := range levels {
		if depth > 0 && l.Sites < all {
			list = append(list, fmt.Sprintf("runs that deviate %s, of %d of the %d sites", times(depth), all-l.Sites, all))
		}
		if l.Runs < l.All {
			list = append(list, fmt.Sprintf("%d of the %d ways to deviate %s on the others, and what follows from them", l.All-l.Runs, l.All,
				times(depth)))
		}
	}
	return append(list, fmt.Sprintf("loads that are no tenths, guests above 0.6 of a host, hosts that differ, "+
		"runs that deviate more than %s, and delays other than the three of docs/prove.md", times(r.Deviations)))
}

// levels are the sums of the levels of all shapes.
func (r Report) levels() (sums []Level) {
	for _, s := range r.Shapes {
		for depth, l := range s.Levels {
			if depth == len(sums) {
				sums = append(sums, Level{})
			}
			sums[depth].Sites += l.Sites
			sums[depth].All += l.All
			sums[depth].Runs += l.Runs
		}
	}
	return sums
}

func times(n int) string {
	switch n {
	case 0:
		return "no times"
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
