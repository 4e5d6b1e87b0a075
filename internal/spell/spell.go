// Package spell finds the name that a misspelt one was meant to be.
package spell

import "github.com/agnivade/levenshtein"

// A comparison takes the product of two lengths, and some names come from others:
// longer ones, and more of them, are not compared.
const (
	nameMax  = 64
	namesMax = 256
)

// Nearest returns the known name that is nearest, or "" where none is near enough to
// be worth suggesting: a quarter of the letters of the longer name may differ, and one
// more; where more than two differ the first letter is the same. Of two that are as near it takes the first in the alphabet. A name that is
// known is not misspelt.
func Nearest(name string, known []string) string {
	if len(name) > nameMax {
		return ""
	}
	best, least := "", 0
	for _, other := range known[:min(len(known), namesMax)] {
		if len(other) > nameMax {
			continue
		}
		switch d := levenshtein.ComputeDistance(name, other); {
		case d == 0:
			return ""
		case d > 1+max(len(name), len(other))/4, d > 2 && name[0] != other[0]:
		case best == "", d < least, d == least && other < best:
			best, least = other, d
		}
	}
	return best
}
