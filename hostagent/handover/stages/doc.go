// Package stages decides how a guest is carried from host to host: a state machine for
// each end of a move, and what the two say to each other. The machines have no clock and
// do no I/O; hostagent/handover is their driver.
//
// Records decide who may run the guest. Each is durable before what follows from it:
//
//	source                      target
//	begun      runs it          begun      does not, and never will if it restarts now
//	released   must not         mine       runs it, whatever happens
//	kept       runs it again    runs       has run it: from here the guest may move on
//	left       has removed it   never      will never run it; then this may be said
//	over       the move is settled, and its records are no longer needed
//
// A target that knows nothing of a move has never said that it has the guest ready, or has
// been told that the source has removed it. To a source that asks it answers "never".
package stages
