package hostagent

import "slices"

// levels answers, for any level, whether the load is above or below it. The condition
// begins when the load was beyond the level in hold consecutive samples and all looks
// between them; it ends when a look shows the load back past the level by the
// hysteresis.
//
// The levels are not known beforehand and a question must have no side effects, so the
// state serves all levels at once: of the windows of hold samples, the latest one whose
// lowest load was above each level; of the looks, the latest one with a load as low as
// each level. The later of the two decides.
type levels struct {
	hold       int
	hysteresis float64

	looks  int
	window []extent // the last samples, oldest first, at most hold

	highest, lowest stack // over windows: their lowest load, their highest load
	low, high       stack // over looks: the load
}

// extent is the range of the load in one sample.
type extent struct{ min, max float64 }

// add takes in a look. begins says that it begins a new sample; other looks belong to
// the current sample.
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

// forget resets the state after a failed look: a gap must not count as seen.
func (l *levels) forget() {
	*l = levels{hold: l.hold, hysteresis: l.hysteresis}
}

// clone returns a copy that is not changed with l.
func (l *levels) clone() *levels {
	c := *l
	c.window = slices.Clone(l.window)
	for _, s := range []*stack{&c.highest, &c.lowest, &c.low, &c.high} {
		*s = slices.Clone(*s)
	}
	return &c
}

func (l *levels) above(level float64) bool {
	began := l.highest.latest(func(v float64) bool { return v > level })
	return began > l.low.latest(func(v float64) bool { return v >= -(level - l.hysteresis) })
}

func (l *levels) below(level float64) bool {
	began := l.lowest.latest(func(v float64) bool { return v > -level })
	return began > l.high.latest(func(v float64) bool { return v >= level+l.hysteresis })
}

// stack keeps the values of a sequence that no later value reaches: enough to find the
// latest value that is great enough.
type stack []struct {
	look  int
	value float64
}

// stackMax bounds a stack. Loads have so few distinct values that it is hardly ever
// reached; then the oldest value, the most extreme, is dropped.
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

// latest returns the look of the latest value that is enough, 0 if there is none.
// Values decrease from the oldest to the latest.
func (s stack) latest(enough func(float64) bool) int {
	for i := len(s) - 1; i >= 0; i-- {
		if enough(s[i].value) {
			return s[i].look
		}
	}
	return 0
}
