// Package label is the one rule for labels: those of hosts, of guests, of stages
// and targets, wherever they are written or read.
package label

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a list of labels may have. Hosts tell each other whole lists, so each list
// must fit into one message.
const (
	Most  = 16 // labels of a list
	Bytes = 64 // of a label
)

// Check says why a text is no label.
func Check(label string) error {
	key, value, ok := strings.Cut(label, "=")
	if !ok || key == "" || value == "" || len(label) > Bytes || !utf8.ValidString(label) || strings.ContainsFunc(label, unfit) {
		return fmt.Errorf("%s is no label: write key=value, at most %d bytes, without spaces, commas, quotes and control characters",
			shown(label), Bytes)
	}
	return nil
}

func unfit(r rune) bool { return r == ',' || r == '"' || r == ' ' || !unicode.IsPrint(r) }

// shown quotes a text for an error; of a long one the beginning.
func shown(text string) string {
	if len(text) > 2*Bytes {
		return fmt.Sprintf("%q...", text[:2*Bytes])
	}
	return fmt.Sprintf("%q", text)
}

// CheckAll says what is wrong with a list of labels.
func CheckAll(labels []string) error {
	if len(labels) > Most {
		return fmt.Errorf("%d labels, more than %d", len(labels), Most)
	}
	for _, label := range labels {
		if err := Check(label); err != nil {
			return err
		}
	}
	return nil
}

// Fit makes one list of several: each label once, as many as a list may have, those
// of the first list first and then in the order of their bytes. What is left out is no
// label, or found no room. Both results are sorted.
func Fit(lists ...[]string) (kept, left []string) {
	for _, list := range lists {
		for _, label := range slices.Compact(slices.Sorted(slices.Values(list))) {
			switch {
			case slices.Contains(kept, label):
			case len(kept) < Most && Check(label) == nil:
				kept = append(kept, label)
			default:
				left = append(left, label)
			}
		}
	}
	slices.Sort(kept)
	slices.Sort(left)
	return kept, slices.Compact(left)
}
