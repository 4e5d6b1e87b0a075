// Package peer is the core of a peer: the models that it enacts, the matchmaker, the
// choice of partners, delivery of messages at most once and in order, and the suspicion
// of failed peers. It holds an lcc.Engine for each model.
//
// Core is a state machine like the engine below it: network input and the passing of
// time are events; frames to send and adverts to publish are effects. Package
// peer/libp2p drives it in production, package sim in virtual time.
//
// Adverts. Every peer advertises its roles to its group every AdvertEvery and soon
// after they change. The matchmaker finds partners from these adverts. A peer that
// misses three adverts, or whose connection stays broken, is suspected: models do not
// choose it, and agents in a conversation with it are notified. Suspicion has no other
// consequence.
//
// Delivery. A frame carries a message of an agent, with the agent's message number. The
// receiver answers with a receipt: taken (or waiting), or not delivered and why. A
// message without a receipt in time counts as not delivered, although it may have
// arrived: the model's text has to handle that.
//
// Groups. Hosts form groups of bounded size (Groups), and adverts stay within a group,
// so that the adverts that a host receives do not grow with the number of hosts. To
// reach hosts in other groups a model addresses by id a sample that the driver draws
// (Beyond).
//
// Refusals. A host may refuse roles of a model (Enact), leave a model for another at
// the end of its negotiations (Retire), and accept only some models from peers of
// another owner (Outsiders). A text sees each of these as a partner that failed, with
// the reason.
package peer
