// Package hostagent is the core of the host agent: the load of a host, the answers that
// models get about it, and the ledger of the deals by which guests move.
//
//	func (c *Core) Step(now lcc.Instant, ev Event) ([]Effect, error)
//
// It is a state machine without clock, goroutine or I/O. The driver looks at a Platform
// and passes in what it saw. The core answers questions of models without side effects
// (Ask), and emits effects for their actions, which later events answer.
//
// A deal has two ends, each with its own ledger. The target asks the source what the
// guest needs and where it may go, whatever a model said, reserves room (reserve) and
// issues a single-use token. The source journals its intent and commits with that
// token; the target journals that it is armed; the source's platform migrates, and the
// target's platform asks its agent before it admits the guest (AdmissionAsked). When
// the migration is over, or its outcome is unknown, both ends look where the guest is
// and ask each other. Only what the platforms show ends the deal, never a message or a
// journal. An answer is as old as its question (partner_word.go). If no look settles a
// deal, it needs a person until a later look settles it (needs_person.go). recover.go
// says what happens to a deal that a crash interrupted.
//
// An operator's moves and the drain of a host bypass the models (operator_move.go):
// some hosts are asked for room, the guest is proposed to the best one, and from the
// offer on the deal is like any other. An operator's settings are in the journal too.
// Rules say where guests may go (rules.go); both ends check them.
//
// Load is a sum over guests, each with a smoothed mean and a slow deviation of its CPU
// use, so that a departing guest takes its load with it at once. overloaded and
// underloaded have a hysteresis at each level that a model asks for (level.go).
//
// The record of a deal (record.go) and the payloads between hosts (payload.go) are CBOR
// with strict limits. The sender of a payload is the one that the driver's channel
// authenticated, never one that the payload names.
package hostagent
