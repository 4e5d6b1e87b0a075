package hostagent

// levels answers, for any level that a text asks about, whether the load stands
// above it or below it. It begins to hold when the load was beyond the level in
// hold samples in a row and all looks between them, and ends when a look shows
// it back by the hysteresis.
//
// The levels are not known beforehand and a question must not change anything,
// so what is kept answers for all of them at once: of the windows of hold
// samples, the latest whose lowest load was above each level; of the looks, the
// latest with a load as low as each level. Whichever is later decides.
type levels struct {
	hold       int
	hysteresis float64

	looks  int
	window []extent // the last samples, oldest first, at most hold

	highest, lowest stack // over windows: their lowest, their highest load
	low, high       stack // over looks: the load
}

// extent is what the looks of one sample showed.
type extent struct{ min, max float64 }

// add takes in a look. begins says that it begins a new sample; the other
// looks belong to the sample before.
func (l *levels) add(load float64, begins bool) {
	l.looks++
	if begins || len(l.window) == 0 {
		l.window = append(l.window, extent{load, load})
		if len(l.window) > l.hold {
			l.window = l.window[1:]
		}
	} else {
		last := &l.window[len(l.window)-1]
		last.min, last.max = min(last.min, load), max(last.max, load)
	}
	l.low.push(l.looks, -load)
	l.high.push(l.looks, load)
	if len(l.window) < l.hold {
		return
	}
	all := l.window[0]
	for _, s := range l.window[1:] {
		all.min, all.max = min(all.min, s.min), max(all.max, s.max)
	}
	l.highest.push(l.looks, all.min)
	l.lowest.push(l.looks, -all.max)
}

// forget begins anew: what was not seen must not count as what was.
func (l *levels) forget() {
	*l = levels{hold: l.hold, hysteresis: l.hysteresis}
}

func (l *levels) above(level float64) bool {
	began := l.highest.latest(func(v float64) bool { return v > level })
	return began > l.low.latest(func(v float64) bool { return v >= -(level - l.hysteresis) })
}

func (l *levels) below(level float64) bool {
	began := l.lowest.latest(func(v float64) bool { return v > -level })
	return began > l.high.latest(func(v float64) bool { return v >= level+l.hysteresis })
}

// stack keeps, of a sequence of values, those that no later one reaches:
// enough to find the latest value that is great enough.
type stack []struct {
	look  int
	value float64
}

// stackMax bounds a stack. Loads fall into so few values that it is hardly
// reached; then the oldest, the most extreme, is forgotten.
const stackMax = 4096

func (s *stack) push(look int, value float64) {
	kept := *s
	for len(kept) > 0 && kept[len(kept)-1].value <= value {
		kept = kept[:len(kept)-1]
	}
	if len(kept) == stackMax {
		kept = append(kept[:0], kept[1:]...)
	}
	*s = append(kept, struct {
		look  int
		value float64
	}{look, value})
}

// latest returns the look of the latest value that is enough, 0 for none.
// Values fall from the oldest to the latest.
func (s stack) latest(enough func(float64) bool) int {
	for i := len(s) - 1; i >= 0; i-- {
		if enough(s[i].value) {
			return s[i].look
		}
	}
	return 0
}
