package lcc

// Instant is a moment of the driver's clock, in nanoseconds since an epoch that the
// driver chooses. The engine only compares and adds instants; it never reads a clock.
// Instants never decrease from one Step to the next; a driver whose clock went
// backwards passes the latest instant again.
type Instant int64

// AgentID numbers the agents (running roles) of one engine, from 1, in starting order.
// An engine never uses a number twice.
type AgentID uint64

// RequestID numbers the actions that an engine requested, from 1.
type RequestID uint64

// Event is an input of the engine. The implementations are Start, Subscribe, Received,
// Solved, Changed, Woken, Undelivered, Suspected, Retired, Closed and Stop.
type Event interface{ isEvent() }

// Start starts an agent in the role. For a role without a clause the engine answers
// with a Finish effect that names the fault. Given holds values of variables of the
// role's clause, for a text that does not compute them itself: the buyer, for example,
// has to know what to ask for.
type Start struct {
	Role  Term
	Given []Given
}

// Given is the value of one variable.
type Given struct {
	Variable string
	Value    Term
}

// Subscribe lets messages start agents of a role without parameters, one agent for each
// conversation. The peer plays the role from now on and advertises it, although no
// agent of the role may be running.
type Subscribe struct {
	Role string
}

// Received hands in a message of another peer, or of another agent of this one. The
// engine answers each Received with exactly one Deliver or Bounce effect, now or later,
// because a message may wait in a mailbox. When an agent fails, a Bounce with
// ReasonFailed follows the Deliver of the last message that it took from each partner.
type Received struct {
	Message Message
}

// Solved answers a Solve effect. It may come in any later Step. Until then the agent
// that requested the action waits; other agents do not.
type Solved struct {
	Request RequestID
	Answer  Answer
}

// Changed says that the World's answers may have changed. Names lists the predicates
// concerned; an empty list means all. The engine evaluates the guards that did not hold
// again. Adverts of other peers change the name "player".
type Changed struct {
	Names []string
}

// Woken says that time has passed: the instant of an Alarm effect is reached. After an
// early Woken the engine only emits the Alarm again.
type Woken struct{}

// Undelivered says that no agent took an earlier message. From then on failed(Peer) and
// failed(Peer, Reason) hold in the agent that sent it.
type Undelivered struct {
	Message MessageID
	To      PeerID // the receiver
	Reason  Reason
}

// Suspected says that a peer is believed dead, or no longer is. failed(Peer, suspected)
// then holds in every agent that has sent the peer a message or taken one from it,
// until the agent sends it another message. For an agent that knows the peer's id from
// elsewhere it holds while the peer is suspected.
type Suspected struct {
	Peer      PeerID
	Suspected bool
}

// Retired says that the peer is leaving the model for another, or no longer is. What
// runs continues, but no message starts an agent or a conversation: such a message is
// bounced as not playing.
type Retired struct {
	Retired bool
}

// Closed lists the roles in which no message from another peer begins anything; an
// empty list opens all roles. What runs continues in these roles too, and so do its
// conversations. A message that would begin something is bounced as refused.
type Closed struct {
	Roles []string
	Why   string
}

// Stop ends one agent, or all of them when Agent is 0. Each finishes with
// ReasonStopped, and its mail is bounced.
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
