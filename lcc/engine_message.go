package lcc

import "fmt"

// PeerID identifies a peer. The engine treats it as opaque. In text it is a string or
// an atom with the same spelling; both mean the same peer.
type PeerID string

// Digest is the SHA-256 of a model's canonical text. Two peers enact the same model
// when their digests are equal.
type Digest [32]byte

// ConversationID identifies a conversation. The agent that sends its first message
// creates it; every message of the conversation carries it.
type ConversationID string

// MessageID identifies a message within the sending peer's incarnation, by the agent
// that sent it and its sequence number there.
type MessageID struct {
	Peer  PeerID
	Agent AgentID
	Seq   uint64 // from 1, one sequence for each sending agent
}

func (id MessageID) String() string {
	return fmt.Sprintf("%s/%d/%d", id.Peer, id.Agent, id.Seq)
}

// Message is one message of an interaction. It is immutable once it has left its
// engine.
type Message struct {
	ID           MessageID
	Model        Digest
	Conversation ConversationID
	From         Party
	To           Party
	Body         Term // ground
}

// Party is one end of a message.
type Party struct {
	Peer PeerID
	// Agent is 0 in To until the sender has heard from an agent in the conversation.
	Agent AgentID
	// Role is a constant or a compound term. It may contain unbound variables: in To
	// they match any role argument, in From they are arguments that the sender does not
	// know yet.
	Role Term
}

// Reason says why something ended or was not delivered. Code is stable and may be
// compared; in a model it is the atom that failed(Peer, Reason) binds. Detail is for
// people.
type Reason struct {
	Code   ReasonCode
	Detail string
}

func (r Reason) String() string {
	if r.Detail == "" {
		return string(r.Code)
	}
	return string(r.Code) + ": " + r.Detail
}

// ReasonCode is one of the constants below.
type ReasonCode string

const (
	ReasonDone        ReasonCode = "done"        // the clause ended
	ReasonStopped     ReasonCode = "stopped"     // the driver sent Stop
	ReasonFailed      ReasonCode = "failed"      // an effect constraint did not hold
	ReasonLimit       ReasonCode = "limit"       // a limit was passed; the detail names it
	ReasonUnbound     ReasonCode = "unbound"     // a message or a goal was not ground where required
	ReasonType        ReasonCode = "type"        // arithmetic or a built-in got a value of a wrong type
	ReasonNoRole      ReasonCode = "no_role"     // the model has no such clause
	ReasonNotPlaying  ReasonCode = "not_playing" // no agent of the peer plays the role (any more)
	ReasonOtherModel  ReasonCode = "other_model" // the peer does not enact this model
	ReasonUnreachable ReasonCode = "unreachable" // no connection, or the connection broke
	ReasonRefused     ReasonCode = "refused"     // the peer refuses us or the role
	ReasonTooLarge    ReasonCode = "too_large"   // the message exceeds a limit of the peer
	ReasonBusy        ReasonCode = "busy"        // a queue or a mailbox is full
	ReasonNoAnswer    ReasonCode = "no_answer"   // no receipt in time
	ReasonSuspected   ReasonCode = "suspected"   // the peer is suspected
)
