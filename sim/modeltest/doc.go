// Package modeltest runs tests of interaction models: text files beside a model that
// say who plays which role, what each peer knows, what happens to the peers, and which
// messages they must send in which partial order. docs/testing.md defines the format.
//
// A test runs on sim.PeerRun: the production peers and engine in virtual time. A search
// through the partial order checks the messages against the expectations. The model's
// syntax tree gives the coverage: the events, and the branches of choices, that no test
// has reached.
package modeltest
