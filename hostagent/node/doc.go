// Package node joins the two cores of a host, its peer and its host agent,
// into one state machine.
//
// The peer enacts models and asks for actions; the host agent measures,
// reserves room and moves guests. What passes between the two never leaves the process
// and needs no driver, so it is routed here: an action that a model asks for
// (peer.Solve) becomes an Act of the host, its answer becomes Solved for the
// model, a changed measurement makes the models look at their guards again,
// and the frames of the ledger travel between hosts as peer.Host frames.
//
// What is left is what a driver must do: carry frames and adverts, append to
// the journal, start and abort migrations, look at the platform, wake the node
// at an instant. There are two drivers, hostagent/service in production and
// sim in virtual time; both run this same node. It keeps the rules of a core:
// no clock, no chance of its own, no goroutine, no lock, no I/O.
package node
