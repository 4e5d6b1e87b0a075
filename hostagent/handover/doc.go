// Package handover moves a guest that Parley carries itself from host to host, over one
// connection of the agents, in stages:
//
//	prepare    the target's agent admits the guest; its platform makes room
//	copy       the guest runs; what it has is sent in rounds
//	freeze     the guest stands still; what changed since is sent
//	restore    the target has it ready, and does not run it
//	release    the source journals that it gives the guest up, and says so
//	activate   the target journals that the guest is its own, and runs it
//	leave      the source removes what it has of the guest
//
// Package stages decides, as two state machines; Mover is their driver, and what a
// platform does is behind Platform.
//
// The guest never runs twice, whichever agent ends at whichever moment. Until the record
// "released" is durable at the source, every failure lets the guest run on there. From
// then on only the target decides: its record "mine", or its record "never", which it
// writes before it says so. If it is silent the guest stands still at the source, which
// asks again and tells a person.
package handover
