// Package lcc compiles, checks and enacts interaction models written in the
// Lightweight Coordination Calculus (D. Robertson, 2004).
//
// A Model is made from a text by Compile. An Engine enacts one model for one
// peer: it holds the agents (running roles) of that peer and nothing of any
// other. It is a state machine,
//
//	func (e *Engine) Step(now Instant, ev Event) ([]Effect, error)
//
// that reads no clock, draws no random number, starts no goroutine and does no
// I/O: the same model, events and instants give the same effects, in the same
// order. What the host knows is looked up through a World, which must be as
// pure; what the host does is an effect (Solve) that an event (Solved) answers,
// so an action may take minutes and blocks nobody.
//
// Within: compile.go lowers a tree to program.go's form, in which an event knows
// what comes after it; look.go, enter.go, happen.go and send.go are the
// reduction; refuse.go keeps out of the roles that a host refuses; solver.go answers constraints with a stack of its own; route.go,
// link.go and talk.go bring messages to agents; meter.go charges; space.go and
// slabs.go keep what an engine allocates in use. check*.go find the faults of a
// text, explore*.go play its roles against each other, reveal.go follows what a
// host would tell, view.go shows agents to people, retire.go says
// when a text may be left.
package lcc
