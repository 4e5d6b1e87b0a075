// Package lcc compiles, checks and enacts interaction models written in the
// Lightweight Coordination Calculus (D. Robertson, 2004).
//
// A Model is made from a text by Compile. An Engine enacts one model for one peer and
// holds the agents (running roles) of that peer only. It is a state machine,
//
//	func (e *Engine) Step(now Instant, ev Event) ([]Effect, error)
//
// that reads no clock, draws no random number, starts no goroutine and does no I/O: the
// same model, events and instants give the same effects, in the same order. It queries
// the host through a World, which must be equally deterministic. It requests an action
// of the host with the effect Solve, which the event Solved answers, so an action may
// take minutes without blocking anything.
//
// Files: compile.go lowers a syntax tree to the form of program.go, in which an event
// knows its successor. engine_*.go enact it: engine_try.go, engine_enter.go,
// engine_commit.go and engine_send.go implement the reduction; engine_route.go,
// engine_partner.go and engine_conversation.go route messages to agents; engine_wake.go
// finds the agents that a change affects. solve_*.go solve constraints with an explicit
// stack, term_*.go hold the values, limit_*.go account for steps and memory, alloc_*.go
// pool allocations, explore*.go play the roles of a text against each other.
//
// Package check finds faults of a text; package vocabulary describes what a host
// answers.
package lcc
