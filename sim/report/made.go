package report

import (
	"fmt"
	"strings"
	"time"
)

// Made says of what, when and how a comparison was made, so that somebody else can make
// it again.
type Made struct {
	Version  string
	Commit   string // "": unknown
	Date     time.Time
	Command  string
	Scenario Digest
	Traces   []Digest
}

// jsonMade is Made in JSON.
type jsonMade struct {
	Version  string   `json:"version"`
	Commit   string   `json:"commit"`
	Date     string   `json:"date"`
	Command  string   `json:"command"`
	Seeds    []uint64 `json:"seeds"`
	Scenario Digest   `json:"scenario"`
	Traces   []Digest `json:"traces"`
}

func (c Comparison) json() *jsonMade {
	m := c.Made
	if m == nil {
		return nil
	}
	return &jsonMade{
		Version: m.Version, Commit: m.Commit, Date: m.date(), Command: m.Command, Seeds: append([]uint64{}, c.seedList()...),
		Scenario: m.Scenario, Traces: append([]Digest{}, m.Traces...),
	}
}

func (m *Made) date() string { return m.Date.UTC().Format(time.RFC3339) }

// JSONMade is what JSON writes under "made", for other outputs in JSON.
func (c Comparison) JSONMade() any { return c.json() }

// Provenance says in lines how the comparison was made; none without Made.
func (c Comparison) Provenance() (lines []string) {
	m := c.Made
	if m == nil {
		return nil
	}
	made := "made by parley " + m.Version
	if m.Commit != "" {
		made += ", commit " + m.Commit
	}
	lines = append(lines, made+", "+m.date(), "command: "+m.Command)
	if seeds := seedText(c.seedList()); seeds != "" {
		lines = append(lines, "seeds: "+seeds)
	}
	sum := func(what string, d Digest) {
		lines = append(lines, fmt.Sprintf("sha256 of %s %s: %s", what, d.Name, d.SHA256))
	}
	sum("scenario", m.Scenario)
	for _, d := range m.Traces {
		sum("trace", d)
	}
	seen := map[Digest]bool{}
	for _, p := range c.Policies {
		for _, d := range p.Models {
			if !seen[d] {
				sum("model", d)
			}
			seen[d] = true
		}
	}
	return lines
}

// seedList are the seeds of all runs, in the order in which they come first.
func (c Comparison) seedList() (list []uint64) {
	seen := map[uint64]bool{}
	for _, p := range c.Policies {
		for _, r := range p.Runs {
			if !seen[r.Seed] {
				list = append(list, r.Seed)
			}
			seen[r.Seed] = true
		}
	}
	return list
}

// seedText shortens consecutive seeds: "1 to 5, 9".
func seedText(seeds []uint64) string {
	var parts []string
	for i := 0; i < len(seeds); {
		end := i
		for end+1 < len(seeds) && seeds[end+1] == seeds[end]+1 {
			end++
		}
		switch end - i {
		case 0:
			parts = append(parts, fmt.Sprint(seeds[i]))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", seeds[i], seeds[end]))
		}
		i = end + 1
	}
	return strings.Join(parts, ", ")
}

// madeColumns are the columns of CSV that say how its rows were made.
var madeColumns = []string{"version", "commit", "date", "command", "scenario_sha256", "traces_sha256", "policy_sha256"}

func (m *Made) columns(p Policy) []string {
	return []string{m.Version, m.Commit, m.date(), m.Command, m.Scenario.SHA256, Sums(m.Traces), Sums(p.Models)}
}
