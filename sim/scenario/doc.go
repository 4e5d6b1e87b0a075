// Package scenario reads the description of a simulated site: its hosts, guests and
// loads, its network, its faults, and its figures.
//
// A scenario is a short, readable YAML file; docs/scenarios.md describes each key.
// Numbers of hosts and guests, sizes and loads are drawn from a seed, so that one file
// and a list of seeds give a reproducible series of different sites. Errors name the
// file and the line.
package scenario
