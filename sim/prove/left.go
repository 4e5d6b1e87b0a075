package prove

import "fmt"

// Left says what was not explored because of a bound.
func (r Report) Left() (list []string) {
	sites, all := 0, 0
	for _, s := range r.Shapes {
		sites, all = sites+s.Sites, all+s.AllSites
	}
	if sites < all {
		list = append(list, fmt.Sprintf("%d of the %d sites", all-sites, all))
	}
	if r.Found != nil {
		return append(list, "what comes after the run that was found")
	}
	for _, l := range r.Levels {
		if l.Runs < l.All {
			list = append(list, fmt.Sprintf("%d of the %d ways to deviate %s", l.All-l.Runs, l.All, times(l.Deviations)))
		}
	}
	return append(list, fmt.Sprintf("loads that are no tenths, guests above 0.6 of a host, hosts that differ, "+
		"runs that deviate more than %s, and delays other than the three of docs/prove.md", times(r.Deviations)))
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
