// Package bytesize reads and writes amounts of memory in the form that files and tables
// have: a number and a unit.
package bytesize

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/dustin/go-humanize"
)

// bytesMost is the largest amount that is read.
const bytesMost = 1 << 62

// units are those that files may have.
var units = []struct {
	name string
	size int64
}{
	{"KiB", humanize.KiByte}, {"MiB", humanize.MiByte}, {"GiB", humanize.GiByte}, {"TiB", humanize.TiByte},
	{"kB", humanize.KByte}, {"MB", humanize.MByte}, {"GB", humanize.GByte}, {"TB", humanize.TByte}, {"B", humanize.Byte},
}

// The library takes more than a file should have: "64g" for a power of 1000, "1,5 GiB"
// for fifteen.
var (
	amount = regexp.MustCompile(`^[0-9]*\.?[0-9]+ *([KMGT]iB|[kMGT]?B)$`)
	number = regexp.MustCompile(`^[0-9]*\.?[0-9]+$`)
)

// Parse reads an amount such as 64 GiB, 1.25GB or 1000 B. Part of a byte is dropped.
func Parse(text string) (int64, error) {
	if number.MatchString(text) {
		return 0, fmt.Errorf("%q has no unit: write one, such as %s GiB or %s MiB", text, text, text)
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n > bytesMost || !amount.MatchString(text) {
		return 0, fmt.Errorf("%q is not a number of bytes: write one such as 64 GiB or 62.5 MB", text)
	}
	return int64(n), nil
}

// Text is an amount with three digits, for tables.
func Text(n int64) string { return humanize.IBytesN(uint64(max(0, n)), 3) }

// GiB is an amount in GiB with about three digits: amounts that are compared have one unit.
func GiB(n int64) string {
	amount := float64(max(0, n)) / humanize.GiByte
	digits := 2
	switch {
	case amount >= 99.95:
		digits = 0
	case amount >= 9.995:
		digits = 1
	}
	return strconv.FormatFloat(amount, 'f', digits, 64) + " GiB"
}

// Exact is an amount with the largest unit that leaves its number whole.
func Exact(n int64) string {
	best := units[len(units)-1]
	for _, u := range units {
		if n%u.size == 0 && u.size > best.size {
			best = u
		}
	}
	return strconv.FormatInt(n/best.size, 10) + " " + best.name
}
