// Package chain follows one publisher's chain of releases for one host.
//
//	func (f *Follower) Step(now time.Time, ev Event) ([]Effect, error)
//
// It is a state machine without clock, goroutine or I/O: what peers and the operator
// send, what the disk and the checker answer, and that time has passed are events;
// what is to be asked, kept, checked and switched are effects. Time is the wall
// clock, because releases expire and trials outlive a process; it may jump.
//
// A release is believed only by bundle.Anchor.Next, one after the other (advance.go).
// Heads come by gossip; what lies between is pulled, from one peer at a time, and a
// peer that does not have what it promised is left alone for a while (pull.go). What
// a release names is fetched by digest from anybody (fetch.go). What is believed is
// made durable first, and what follows from it waits for that (keep.go): so a host
// never goes back behind what it once had in force.
//
// The roster is in force as soon as it is there. A policy is wanted where its targets
// match; it waits for the stage of its trial in which this host's turn comes, is
// checked, kept and switched to (policy.go, trial.go, check.go, switch.go). While the trial lasts the host
// compares what it measures with the hour before (guard.go); where that is bad it goes
// back to what was active before, and tells the others by a signed halt (halt.go).
// Time that is over holds new deals up, and silence of the publisher is shown (beat.go).
//
// What no honest peer sends is blamed on its sender; what is merely late is not. Two
// histories that were both signed by enough keys are an alarm that only a person ends.
package chain
