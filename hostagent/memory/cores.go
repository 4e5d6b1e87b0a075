package memory

import "time"

// Used is what a guest got of a host's cores in some time.
type Used struct {
	CPU   time.Duration // that it got
	Delay time.Duration // that it wanted and did not get
}

// slicesMax bounds the work of ShareCores after a long time without a look.
const slicesMax = 1000

// ShareCores returns what guests get of a host's cores between two moments. wants has for
// each guest the cores that it wants at a moment, which is sampled in the middle of slices
// of a second or longer. If the host has too little for all, each gets the same share of
// what it wants.
func ShareCores(cores float64, since, until time.Time, wants []func(at time.Time) float64) []Used {
	got := make([]Used, len(wants))
	gone := until.Sub(since)
	if gone <= 0 {
		return got
	}
	slice := max(time.Second, gone/slicesMax)
	wanted := make([]float64, len(wants))
	for begin := since; begin.Before(until); begin = begin.Add(slice) {
		length := min(slice, until.Sub(begin))
		total := 0.0
		for i, want := range wants {
			wanted[i] = want(begin.Add(length / 2))
			total += wanted[i]
		}
		granted := 1.0
		if total > cores {
			granted = cores / total
		}
		for i, w := range wanted {
			cpu := time.Duration(w * granted * float64(length))
			got[i].CPU += cpu
			got[i].Delay += time.Duration(w*float64(length)) - cpu
		}
	}
	return got
}
