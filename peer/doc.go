// Package peer is the core of a peer: which models it enacts, who plays what,
// whom to choose as a partner, how messages get there at most once and in
// order, and who is believed dead. It holds an lcc.Engine for each model.
//
// Core is a state machine like the engine below it: what the network brings
// and that time has passed are events; frames to send and adverts to publish
// are effects. Package peer/libp2p carries them in production and package sim
// in virtual time.
//
// Adverts. Every peer tells its group which roles it plays, anew every
// AdvertEvery and soon after they changed. From these the matchmaker finds
// partners. Who missed three adverts, or whose connection stays broken, is
// suspected: it is not chosen, and agents that talk to it learn so. Nothing
// else follows from suspicion.
//
// Delivery. A message of an agent is carried in a frame with a number of its
// own between the two peers. The receiver answers with a receipt: taken (or
// waiting), or not delivered and why. A receipt that does not come in time
// counts as not delivered, though the message may have arrived: that is for
// the model's text to handle.
//
// Groups. Hosts fall into groups of bounded size (Groups), and adverts stay within
// one, so that what a host hears does not grow with the number of hosts. Beyond
// it a model speaks by id to a sample of others that the driver draws (Beyond).
//
// What counts. A host may refuse roles of a model (Enact), leave a model for
// another at the end of its negotiations (Retire), and let only some models count
// of peers that belong to another owner (Outsiders). To a text each of these is a
// partner that failed, with the reason.
package peer
