package lcc

import "time"

// Limits bound what one agent may use. A zero field means its default; a
// negative one is refused by New. Passing a limit fails the agent that passed
// it, with ReasonLimit, and no other.
type Limits struct {
	StepsPerEvent   int           // reductions in one Step of one agent; default 100,000
	CellsPerAgent   int           // term cells held by one agent; default 100,000
	TermDepth       int           // default 64; the spine of a list does not count
	StringBytes     int           // default 4 KiB
	ListItems       int           // default 4,096
	MessageBytes    int           // default 16 KiB
	MailboxMessages int           // waiting in one agent; default 64
	Agents          int           // running in one engine; default 100,000
	AgentsPerPeer   int           // begun by messages of one peer; default 256
	TimeoutMax      time.Duration // the longest timeout(S); default 30 days
}
