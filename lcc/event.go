package lcc

// Instant is a moment of the driver's clock, in nanoseconds since a moment
// that the driver chose. The engine only compares and adds; it never asks what
// time it is. It never goes backwards from one Step to the next; a driver
// whose clock did hands in the latest instant again.
type Instant int64

// AgentID numbers the agents (running roles) of one engine, from 1, in the
// order in which they began. It is never used twice by one engine.
type AgentID uint64

// RequestID numbers the actions that an engine asked for, from 1.
type RequestID uint64

// Event is something that happened outside the engine. The implementations are
// Start, Subscribe, Received, Solved, Changed, Woken, Undelivered, Suspected,
// Retired, Closed, Stop.
type Event interface{ isEvent() }

// Start begins an agent of the role. A role that names no clause is an error
// of the event: the engine answers with a Finish effect that says so. Given are
// values of variables of the role's clause, for a text that does not say where
// they come from, as the buyer of the talk who knows what to ask for.
type Start struct {
	Role  Term
	Given []Given
}

// Given is the value of a variable.
type Given struct {
	Variable string
	Value    Term
}

// Subscribe lets messages begin agents of a role without parameters: one agent
// for each conversation. The peer plays the role from now on, and an Advertise
// effect says so, though no agent of it may be running.
type Subscribe struct {
	Role string
}

// Received hands in a message of another peer, or of another agent of this
// one. The engine answers every Received with exactly one Deliver or Bounce
// effect for it, now or later (a message may wait in a mailbox). When the agent
// that took it does not come to its end, a Bounce with ReasonFailed follows the
// Deliver of the last message it took from each partner.
type Received struct {
	Message Message
}

// Solved answers a Solve effect. It may come in any later Step; while it is
// out the agent that asked waits, and no other agent does.
type Solved struct {
	Request RequestID
	Answer  Answer
}

// Changed says that what the World knows may have changed; Names are the
// predicates concerned, none meaning any of them. Guards that were not enabled
// are looked at again. Adverts of other peers change the name "player".
type Changed struct {
	Names []string
}

// Woken says that time has passed: at least the instant of an Alarm effect is
// reached. An early Woken does nothing but ask for the alarm again.
type Woken struct{}

// Undelivered says that a message sent earlier did not reach an agent that
// takes it. From then on failed(Peer) and failed(Peer, Reason) hold in the
// agent that sent it.
type Undelivered struct {
	Message MessageID
	To      PeerID // whom it was sent to
	Reason  Reason
}

// Suspected says that a peer is believed dead, or no longer is. It makes
// failed(Peer, suspected) hold in every agent that has sent it a message or
// taken one from it, until the agent sends it one again; an agent that knows its
// id from elsewhere finds it failed too, while it is suspected.
type Suspected struct {
	Peer      PeerID
	Suspected bool
}

// Retired says that the peer is leaving the model for another, or no longer is.
// What runs goes on; but no message begins an agent or a conversation: one that
// would goes back as not playing.
type Retired struct {
	Retired bool
}

// Closed says which roles take no message from others that would begin something;
// none: each takes them again. What runs goes on, in these roles as well, and so do its
// conversations. A message that would begin something goes back as refused.
type Closed struct {
	Roles []string
	Why   string
}

// Stop ends one agent, or all of them when Agent is 0: each finishes with
// ReasonStopped, and its mail goes back.
type Stop struct {
	Agent AgentID
}

func (Start) isEvent()       {}
func (Subscribe) isEvent()   {}
func (Received) isEvent()    {}
func (Solved) isEvent()      {}
func (Changed) isEvent()     {}
func (Woken) isEvent()       {}
func (Undelivered) isEvent() {}
func (Suspected) isEvent()   {}
func (Retired) isEvent()     {}
func (Closed) isEvent()      {}
func (Stop) isEvent()        {}
