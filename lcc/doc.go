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
// Files by what they do: compile.go lowers a tree to program.go's form, in which
// an event knows what comes after it. engine_*.go enact it: engine_try.go,
// engine_enter.go, engine_commit.go and engine_send.go are the reduction,
// engine_route.go, engine_partner.go and engine_conversation.go bring messages to
// agents, engine_wake.go finds whom a change concerns. solve_*.go answer
// constraints with a stack of their own, term_*.go are the values, limit_*.go
// charge for steps and memory, alloc_*.go keep what an engine allocates in use,
// explore*.go play the roles of a text against each other.
//
// Faults of a text are found by the package check; what a host answers is
// described with the package vocabulary.
package lcc
