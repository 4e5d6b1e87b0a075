package lcc

import "fmt"

// PeerID names a peer. The engine never looks into it; in text it appears as
// a string or as an atom of the same spelling, which are one and the same
// where a peer is meant.
type PeerID string

// Digest is the SHA-256 of a model's canonical text. Two peers talk about the
// same model when their digests are equal.
type Digest [32]byte

// ConversationID names a conversation. The agent that sends the first message
// makes it; all that belongs to the conversation carries it.
type ConversationID string

// MessageID identifies a message among all those of its sending peer's present
// life: the agent that sent it and its place in that agent's sequence.
type MessageID struct {
	Peer  PeerID
	Agent AgentID
	Seq   uint64 // from 1, one sequence for each sending agent
}

func (id MessageID) String() string {
	return fmt.Sprintf("%s/%d/%d", id.Peer, id.Agent, id.Seq)
}

// Message is one message of an interaction. It is a value: nobody changes it
// once it has left the engine that made it.
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
	// Agent is 0 in To where the sender has not heard from an agent in the
	// conversation yet.
	Agent AgentID
	// Role is a constant or a compound term. It may hold unbound variables:
	// in To they match any role argument, in From they are arguments that
	// the sender does not know yet.
	Role Term
}

// Reason says why something ended or was not delivered. The Code is stable and
// may be compared; in a model it is the atom that failed(Peer, Reason) binds.
// The Detail is for people.
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
	ReasonDone        ReasonCode = "done"        // the clause came to its end
	ReasonStopped     ReasonCode = "stopped"     // the driver said Stop
	ReasonFailed      ReasonCode = "failed"      // an effect constraint could not be achieved
	ReasonLimit       ReasonCode = "limit"       // a limit was passed; the detail names it
	ReasonUnbound     ReasonCode = "unbound"     // a message or a goal was not ground where it must be
	ReasonType        ReasonCode = "type"        // arithmetic or a built-in got a value of another type
	ReasonNoRole      ReasonCode = "no_role"     // the model has no such clause
	ReasonNotPlaying  ReasonCode = "not_playing" // nobody at the peer plays the role (any more)
	ReasonOtherModel  ReasonCode = "other_model" // the peer does not enact this model
	ReasonUnreachable ReasonCode = "unreachable" // no connection, or it broke
	ReasonRefused     ReasonCode = "refused"     // the peer does not accept us or the role
	ReasonTooLarge    ReasonCode = "too_large"   // the message passes a limit of the peer
	ReasonBusy        ReasonCode = "busy"        // a queue or a mailbox is full
	ReasonNoAnswer    ReasonCode = "no_answer"   // no word whether it arrived, in time
	ReasonSuspected   ReasonCode = "suspected"   // the peer is believed dead
)
