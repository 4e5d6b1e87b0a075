// Package scenario reads the description of a simulated site: its hosts, guests
// and their loads, its network, what goes wrong, and what is looked at.
//
// A scenario is a file of YAML that a person reads in one go; docs/scenarios.md
// describes each key. Numbers of hosts and guests, sizes and loads are drawn from
// a seed, so that one file and a list of seeds make a series of sites that differ
// and can be had again. What cannot be is refused with the file and the line.
package scenario
