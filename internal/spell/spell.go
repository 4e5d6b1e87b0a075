// Package spell finds the name that a misspelt one was meant to be.
package spell

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// A comparison takes the product of two lengths, and some names come from others:
// longer ones, and more of them, are not compared.
const (
	nameMax  = 64
	namesMax = 256
)

// Nearest returns the known name that is nearest, or "" where none is near enough to
// be worth suggesting: a quarter of the letters of the longer name may differ, and one
// more; where more than two differ, or two of at most four, the first letter is the same.
// Two neighbours that changed places count as one. Short names of which only the number
// differs, such as h7 and h1, are not near. Of two that are as near it takes the first in the
// alphabet. A name that is known is not misspelt.
func Nearest(name string, known []string) string {
	if len(name) > nameMax {
		return ""
	}
	best, least := "", 0
	for _, other := range known[:min(len(known), namesMax)] {
		if len(other) > nameMax {
			continue
		}
		short := max(len(name), len(other)) <= 4
		switch d := distance(name, other); {
		case d == 0:
			return ""
		case d > 1+max(len(name), len(other))/4, otherNumber(name, other), d > 2 && name[0] != other[0], d == 2 && short && name[0] != other[0]:
		case best == "", d < least, d == least && other < best:
			best, least = other, d
		}
	}
	return best
}

// numbered is the longest name that is another one if its number is another.
const numbered = 3

// otherNumber says whether two short names differ in a number alone.
func otherNumber(a, b string) bool {
	const digits = "0123456789"
	at := strings.TrimRight(a, digits)
	return len(a) <= numbered && len(b) <= numbered && at != "" && at != a && at != b && at == strings.TrimRight(b, digits)
}

func distance(name, other string) int {
	if swapped(name, other) {
		return 1
	}
	return levenshtein.ComputeDistance(name, other)
}

// swapped says whether two neighbours that change places are all that differs.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}
