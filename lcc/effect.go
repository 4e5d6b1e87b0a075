package lcc

import "parley/lcc/syntax"

// Effect is something that the driver does for the engine. The implementations
// are Send, Deliver, Bounce, Solve, Alarm, Advertise, Finish and Record. The
// effects of one Step are carried out in their order.
type Effect interface{ isEffect() }

// Send asks for a message to be carried to Message.To.Peer, which may be this
// peer itself: then the driver hands it back with Received. If it cannot be,
// or nobody there takes it, the driver says so with Undelivered.
type Send struct {
	Message Message
}

// Deliver says that an agent has taken the message of a Received event.
type Deliver struct {
	Message MessageID
	Agent   AgentID
}

// Bounce says that nobody takes the message of a Received event (any more), or
// that the agent which took it failed (ReasonFailed, after its Deliver); the
// driver tells its sender, whose engine gets Undelivered with the Reason.
type Bounce struct {
	Message MessageID
	Reason  Reason
}

// Solve asks for an action of the host's vocabulary to be carried out. It is
// answered by exactly one Solved with the same Request. Goal is a call of a
// predicate whose signature says Acts; its + arguments are ground.
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

// Advertise says which roles this engine's peer plays now, whole and sorted:
// the ground role terms of its agents and its subscriptions. It is emitted at
// the end of a Step that changed them, so a role that was entered and left
// within one Step is never seen.
type Advertise struct {
	Roles []Term
}

// Finish says that an agent ended: done, or for a reason that its text, its
// limits or its partner gave.
type Finish struct {
	Agent  AgentID
	Role   Term // the role it was started in
	Reason Reason
	// By is the peer whose message the agent worked on when it passed a limit or met
	// a value of a wrong type; "" where it was none, or this peer itself.
	By PeerID
}

// Record tells what an agent did, for people and for tests; nothing depends on
// it. It is emitted only when Options.Records is set.
type Record struct {
	Agent AgentID
	Kind  RecordKind
	Role  Term   // the role that the agent plays at that moment; its unbound arguments are variables
	Term  Term   // message or goal; nil where there is none
	Peer  PeerID // partner of a message; "" where there is none
	// Pos is the place in the text of the event; for the role that an agent
	// was started in, that of its clause.
	Pos syntax.Position
}

// RecordKind says what a Record tells.
type RecordKind string

const (
	RecordEnter   RecordKind = "enter"   // a role was entered
	RecordSend    RecordKind = "send"    // a message was sent
	RecordReceive RecordKind = "receive" // a message was taken
	RecordNull    RecordKind = "null"    // a null event or a local action happened
	RecordSolve   RecordKind = "solve"   // an action was begun
	RecordSolved  RecordKind = "solved"  // an action was achieved
	RecordFailed  RecordKind = "failed"  // an action was not achieved
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
