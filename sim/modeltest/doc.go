// Package modeltest runs tests of interaction models: text files beside a
// model that say who plays what, what each peer knows, what happens to them,
// and which messages must come of it in which partial order. The format is
// that of docs/testing.md.
//
// A test runs on sim.PeerRun: the peers and the engine of production in virtual
// time. What happened is held against the expectations by a search through
// their partial order, and against the tree of the model for coverage: which
// events and which branches of its choices no test has reached.
package modeltest
