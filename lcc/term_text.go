package lcc

// A string and a constant of one spelling are one term wherever terms meet: the ids of
// peers are strings, and texts write constants for them. Only the empty list is no text.

// textOf returns the spelling of a string or of a constant.
func textOf(t Term) (text string, ok bool) {
	switch t := t.(type) {
	case String:
		return string(t), true
	case Atom:
		return string(t), t != Nil
	}
	return "", false
}

// sameAtomic reports whether two dereferenced terms, not both compound, are one term.
func sameAtomic(a, b Term) bool {
	if a == b {
		return true
	}
	x, okX := textOf(a)
	y, okY := textOf(b)
	return okX && okY && x == y
}

// indexed is the term that an index has for an atomic term and for all that are the same.
func indexed(t Term) Term {
	if text, ok := textOf(t); ok {
		return String(text)
	}
	return t
}
