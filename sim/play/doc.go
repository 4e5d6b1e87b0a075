// Package play records a run of the simulator, so that the state of its site at any moment
// can be shown: what an agent tells of its host, for all hosts, as often as it looks.
package play
