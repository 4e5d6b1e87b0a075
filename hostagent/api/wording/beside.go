package wording

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/hostagent/site"
)

// Beside says line by line what a move was expected to cost and to bring, and what came of
// it.
func Beside(m site.Move, story site.Story, report site.Report) []string {
	d := m.Deal
	lines := []string{
		fmt.Sprintf("%-26s %14s %14s", "", "EXPECTED", "CAME"),
		fmt.Sprintf("%-26s %14s %14s", "time of the move", known(d.ExpectedTotal), came(d, d.Total)),
		fmt.Sprintf("%-26s %14s %14s", "time the guest stops", known(d.ExpectedDowntime), came(d, d.Downtime)),
	}
	left, there := alone(m, story, report)
	after := "A MINUTE LATER"
	if !m.Settled {
		after = "SO FAR"
	}
	lines = append(lines, "", fmt.Sprintf("%-26s %14s %14s %14s", "load of", "BEFORE", "BY THIS ALONE", after),
		fmt.Sprintf("%-26s %14s %14s %14s", d.Source+", the source", shareOf(m.SourceBefore), shareOf(left), shareOf(m.SourceAfter)),
		fmt.Sprintf("%-26s %14s %14s %14s", d.Target+", the target", shareOf(m.TargetBefore), shareOf(there), shareOf(m.TargetAfter)))
	if m.Others > 0 {
		lines = append(lines, fmt.Sprintf("%d other moves of theirs have a part in the last loads.", m.Others))
	}
	return lines
}

func known(d time.Duration) string {
	if d == 0 {
		return "not known"
	}
	return seconds(d)
}

func came(d site.Deal, took time.Duration) string {
	if d.State != "done" {
		return d.State
	}
	return known(took)
}

func shareOf(s site.Share) string {
	if !s.Known {
		return "not known"
	}
	return fmt.Sprintf("%.0f %%", 100*s.Of)
}

// alone are the loads of both hosts with nothing changed but this move.
func alone(m site.Move, story site.Story, report site.Report) (left, there site.Share) {
	var cpu, memory float64
	var guest site.Candidate
	for _, end := range story.Ends {
		for _, c := range end.Choice {
			cpu, memory = cpu+c.CPU, memory+c.Memory
			if c.Guest == m.Deal.Guest {
				guest = c
			}
		}
	}
	from, found := report.Find(m.Deal.Source)
	to, also := report.Find(m.Deal.Target)
	if guest.Guest == "" || !found || !also || !from.Load.Known || !to.Load.Known {
		return left, there
	}
	part, ratio := guest.CPU, from.Load.CapacityCPU/to.Load.CapacityCPU
	if memory > cpu { // the fuller resource
		part, ratio = guest.Memory, float64(from.Load.CapacityMemory)/float64(to.Load.CapacityMemory)
	}
	if m.SourceBefore.Known {
		left = site.Share{Of: m.SourceBefore.Of - part, Known: true}
	}
	if m.TargetBefore.Known {
		there = site.Share{Of: m.TargetBefore.Of + part*ratio, Known: true}
	}
	return left, there
}

// dealTerm is a deal in a message, whose token is hidden anyway.
var dealTerm = regexp.MustCompile(`\bdeal\((deal \w+), ?"hidden", ?[\d.]+\)`)

// Term writes a term of a message for people: a deal is its name alone, and a number has six
// digits.
func Term(term string) string { return digits(dealTerm.ReplaceAllString(term, "$1")) }

// exact is a number as a computation leaves it: 0.8200000000000001.
var exact = regexp.MustCompile(`\b\d+\.\d{7,}\b`)

// digits writes such numbers with the six digits that a person reads.
func digits(text string) string {
	return exact.ReplaceAllStringFunc(text, func(number string) string {
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number // it has more digits than a number can have
		}
		short := strconv.FormatFloat(v, 'g', 6, 64)
		if !strings.ContainsAny(short, ".e") {
			short += ".0"
		}
		return short
	})
}
