// Package hostagent is the core of the host agent: what a host's load is, what
// models may ask of it, and the ledger of the deals by which guests move.
//
//	func (c *Core) Step(now lcc.Instant, ev Event) ([]Effect, error)
//
// It is a state machine without clock, goroutine or I/O. The driver looks at a
// Platform and hands in what it saw; the core answers questions of models by a
// pure look (Ask) and their actions by effects that events answer.
//
// A deal has two ends, each with a ledger of its own. The target asks the
// source what the guest needs and where it may go, whatever a model said, holds
// room (reserve) and gives a single-use token. The source journals its intent and
// commits with that token; the target journals that it is armed; the source's
// platform migrates, and the target's asks its agent before it lets the guest
// in (AdmissionAsked). When the platform says that the move is over, or nobody knows,
// both ends look where the guest is and ask each other. What the platforms show
// ends the deal: a message never does, and a journal never does. An answer is as old
// as its question (partner_word.go). What no look settles needs a person, until a later look
// settles it (needs_person.go). See
// recover.go for what happens to a deal that a crash has cut.
//
// An operator's moves and the emptying of a drained host begin below the models
// (operator_move.go): some hosts are asked for room, the best is proposed the guest,
// and from the offer on it is a deal like any other. What an operator sets is in
// the journal too. Rules say where guests may go (rules.go); both ends check
// them.
//
// Load is a sum over guests, each with a smoothed mean and a slow deviation of
// its CPU use, so that a guest that leaves takes its load with it at once.
// overloaded and underloaded have a hysteresis at whatever level the text asks
// for (level.go).
//
// The record of a deal (record.go) and what hosts say to each other
// (payload.go) are CBOR with strict limits. Who sent a payload is what the
// driver's channel authenticated, never what the payload says.
package hostagent
