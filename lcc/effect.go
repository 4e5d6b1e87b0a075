package lcc

import "parley/lcc/syntax"

// Effect is a request to the driver. The implementations are Send, Deliver, Bounce,
// Solve, Alarm, Advertise, Finish and Record. The driver carries out the effects of one
// Step in order.
type Effect interface{ isEffect() }

// Send asks the driver to deliver a message to Message.To.Peer. When that is this peer
// itself, the driver hands the message back with Received. When the message cannot be
// delivered, or nobody there takes it, the driver reports Undelivered.
type Send struct {
	Message Message
}

// Deliver says that an agent has taken the message of a Received event.
type Deliver struct {
	Message MessageID
	Agent   AgentID
}

// Bounce says that nobody takes the message of a Received event, or that the agent that
// took it failed (ReasonFailed, after its Deliver). The driver reports this to the
// sender, whose engine receives Undelivered with the Reason.
type Bounce struct {
	Message MessageID
	Reason  Reason
}

// Solve asks the driver to run an action of the host's vocabulary. Exactly one Solved
// with the same Request answers it. Goal calls a predicate whose signature sets Acts;
// its + arguments are ground.
type Solve struct {
	Request RequestID
	Agent   AgentID
	Goal    Term
}

// Alarm asks for a Woken event at the instant. A later Alarm replaces an
// earlier one; At 0 means that none is needed.
type Alarm struct {
	At Instant
}

// Advertise lists all roles that this engine's peer plays now, sorted: the ground role
// terms of its agents and its subscriptions. It is emitted at the end of a Step that
// changed them, so a role that is entered and left within one Step is never advertised.
type Advertise struct {
	Roles []Term
}

// Finish says that an agent ended: it is done, or its text, a limit or its partner
// ended it.
type Finish struct {
	Agent  AgentID
	Role   Term // the role it was started in
	Reason Reason
	// By is the peer whose message the agent was processing when it passed a limit or
	// met a value of a wrong type; "" when there was none or it was this peer.
	By PeerID
}

// Record describes what an agent did, for people and tests; nothing depends on it. It
// is emitted only when Options.Records is set.
type Record struct {
	Agent AgentID
	Kind  RecordKind
	Role  Term   // the role that the agent plays at that moment; its unbound arguments are variables
	Term  Term   // message or goal; nil when there is none
	Peer  PeerID // partner of a message; "" when there is none
	// Pos is the position of the event in the text. For the role in which an agent
	// started it is the position of the clause.
	Pos syntax.Position
	// Grounds are what a message that is sent depended on.
	Grounds []Ground
}

// RecordKind is the kind of a Record.
type RecordKind string

const (
	RecordEnter   RecordKind = "enter"   // a role was entered
	RecordSend    RecordKind = "send"    // a message was sent
	RecordReceive RecordKind = "receive" // a message was taken
	RecordNull    RecordKind = "null"    // a null event or a local action happened
	RecordSolve   RecordKind = "solve"   // an action started
	RecordSolved  RecordKind = "solved"  // an action succeeded
	RecordFailed  RecordKind = "failed"  // an action failed
	RecordPark    RecordKind = "park"    // a role entered itself without progress
)

func (Send) isEffect()      {}
func (Deliver) isEffect()   {}
func (Bounce) isEffect()    {}
func (Solve) isEffect()     {}
func (Alarm) isEffect()     {}
func (Advertise) isEffect() {}
func (Finish) isEffect()    {}
func (Record) isEffect()    {}
