package prove

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley/hostagent"
	"parley/sim/compare"
)

// aim says when a host is overloaded, and when a move fits, for a policy. Levels are shares
// of a host.
type aim struct {
	high  float64 // a host above this is overloaded
	above float64 // and above the mean of all hosts by more than this
	full  float64 // a move fits that leaves its target below this
	// leaves is the label of a host that is to be empty: that one alone is overloaded, by
	// any guest; leaver is the number of the host that has it.
	leaves string
	leaver int
	idle   bool // the policy moves no guest, so that no host is relieved by it
}

// aimOf reads the aim of a policy from the facts at the head of its texts: high, full,
// threshold and leaves. A policy without high is content with less than full; one without
// both goes by the levels of the host: the room of underloaded/1 ends at its low.
func aimOf(p compare.Policy) aim {
	a := aim{idle: !slices.ContainsFunc(p.Texts, moves.MatchString)}
	config := hostagent.DefaultConfig()
	for _, text := range p.Texts {
		if n, ok := number(text, "full"); ok {
			a.full = n
		}
		if n, ok := number(text, "high"); ok {
			a.high = n
		}
		if n, ok := number(text, "threshold"); ok {
			a.above = n
		}
		if found := regexp.MustCompile(`(?m)^leaves\("([^"=]+=[^"]*)"\)\.`).FindStringSubmatch(text); found != nil {
			a.leaves = found[1]
		}
	}
	if a.high == 0 && a.full == 0 {
		a.high, a.full = config.High, config.Low
	}
	if a.high == 0 {
		a.high = a.full
	}
	if a.full == 0 {
		a.full = a.high
	}
	return a
}

// moves matches a text that moves guests.
var moves = regexp.MustCompile(`(?m)^[^%\n]*\bmigrate\(`)

// number is the value of a fact of one number that begins a line.
func number(text, name string) (float64, bool) {
	found := regexp.MustCompile(`(?m)^` + name + `\(([0-9.]+)\)\.`).FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(found[1], 64)
	return n, err == nil
}

// Overloaded says in words when a host is overloaded.
func (a aim) overloaded() string {
	if a.idle {
		return "never: the policy moves no guest"
	}
	if a.leaves != "" {
		return "it has the label " + a.leaves + " and a guest"
	}
	words := []string{fmt.Sprintf("its load is above %g", a.high)}
	if a.above > 0 {
		words = append(words, fmt.Sprintf("it is above the mean of all by more than %g", a.above))
	}
	return strings.Join(words, ", and ")
}

// fits says in words when a move fits.
func (a aim) fits() string {
	words := fmt.Sprintf("its target has less than %g with the guest, and less than its source has now", a.full)
	if a.leaves != "" {
		words = fmt.Sprintf("its target has less than %g with the guest", a.full)
	}
	if a.above > 0 {
		words += fmt.Sprintf(", and less than the mean and %g", a.above)
	}
	return words
}

// exact is what levels are compared with: loads are tenths, and sums of them.
const exact = 1e-9

// isOver says whether a host is overloaded, by the loads of all in tenths.
func (a aim) isOver(host int, loads []int, guests int) bool {
	if a.idle {
		return false
	}
	if a.leaves != "" {
		return host == a.leaver && guests > 0
	}
	load := float64(loads[host]) / tenths
	return load > a.high+exact && (a.above == 0 || load > mean(loads)+a.above+exact)
}

func mean(loads []int) float64 { return float64(sum(loads)) / tenths / float64(len(loads)) }

// isFit says whether a guest of this load fits on a host, coming from another.
func (a aim) isFit(size, from, to int, loads []int) bool {
	if from == to {
		return false
	}
	with, full := float64(loads[to]+size)/tenths, a.full
	if a.above > 0 {
		full = min(full, mean(loads)+a.above)
	}
	return with < full-exact && (a.leaves != "" || loads[to]+size < loads[from])
}
