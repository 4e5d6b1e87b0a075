// Package compare runs a scenario under several policies and seeds, on all processors,
// and gathers the figures for a report.
//
// Each run is a pure function of the scenario, the policies and the seed, so the result
// does not depend on the number of concurrent runs. All runs of a seed cover the same
// span of virtual time. A policy is a list of models that hosts enact side by side,
// written "a+b".
package compare
