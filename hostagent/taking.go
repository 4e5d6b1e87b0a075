package hostagent

// This file says when this host takes no guest of a model, whatever a guest needs, so
// that nobody asks it in vain: the least loaded of all hosts may be one that is drained,
// and would be asked first, each time. What a model asks nevertheless is refused by
// reserve, which looks at all else as well.

// taking is what was said of it last.
type taking struct{ why string }

// tell returns what is to be said, where it is not what was said last.
func (t *taking) tell(why string) (Unable, bool) {
	if t.why == why {
		return Unable{}, false
	}
	t.why = why
	return Unable{Action: "reserve", Why: why}, true
}

// whyTakesNobody says why an operator's orders keep all guests of models away; ""
// when they do not.
func (s Settings) whyTakesNobody() Refusal {
	switch {
	case s.Drained:
		return drained
	case s.Paused:
		return paused
	}
	return Refusal{}
}
