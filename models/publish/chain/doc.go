// Package chain follows one publisher's chain of releases for one host.
//
//	func (f *Follower) Step(now time.Time, ev Event) ([]Effect, error)
//
// It is a state machine without clock, goroutines or I/O: input from peers and the
// operator, answers of the disk and the checker, and the passing of time are events;
// requests to ask, keep, check and switch are effects. Time is the wall clock, because
// releases expire and trials outlive a process; it may jump.
//
// Releases are accepted only by bundle.Anchor.Next, one after the other (advance.go).
// Heads arrive by gossip; the releases in between are pulled from one peer at a time,
// and a peer without what it promised is put into back-off (pull.go). Objects that a
// release names are fetched by digest from any peer (fetch.go). An accepted release is
// made durable before it has consequences (keep.go), so a host never goes back behind
// what it once had in force.
//
// The roster is in force as soon as it has arrived. A policy is wanted when its targets
// match; it waits for this host's trial stage, is checked, kept and switched to
// (policy.go, trial.go, check.go, switch.go). During the trial the host compares its
// measurements with the hour before (guard.go); when they are bad it returns to the
// previous policy, and publishes a signed halt (halt.go). Expiry suspends new deals,
// and silence of the publisher is reported (beat.go).
//
// A peer is blamed for what no honest peer sends, not for what is merely late. Two
// histories that are both signed by enough keys are an alarm that only the operator can
// end.
package chain
