package hostagent

import (
	"time"

	"parley/lcc"
)

// deal is one deal as one of its ends knows it: what both ends keep of it, and what this
// one does. Of src and tgt only the one of its side is in use.
type deal struct {
	id       DealID
	side     Side
	state    DealState
	durable  bool // the present state is in the journal
	reason   Refusal
	guest    GuestID
	name     string // the guest's
	source   HostID
	target   HostID
	token    string
	endpoint string // of the target's platform, once it is armed
	operator bool   // begun by an operator, not by a model

	need Resources
	// processors are those that the guest has, as its source says; 0: it has not said.
	processors float64
	rules      Rules  // of the guest, as the target heard them
	price      *Price // what the migration is expected to cost; nil: not known

	began    lcc.Instant
	expires  lcc.Instant // the end of a hold, of a move, of looking
	next     lcc.Instant // when to look after it again; 0: when something comes
	lookFrom uint64      // loads.looks when it was last asked where the guest is
	word     partnerWord // what the other end said last
	bound    int         // how often the other end has said what binds it
	act      ActID       // the action of a model that waits for the end, or for the offer; 0: none

	src sourceEnd
	tgt targetEnd
}

// sourceEnd is what the source keeps of a deal.
type sourceEnd struct {
	orders   []uint64 // of operators that wait for the end
	force    bool     // the operator wants the guest away at any cost
	declined bool     // the target did not go through with it, or does not answer
	busy     bool     // the target said no, and may say yes in a moment

	moved    bool // Platform.Migrate returned, or is not waited for
	moveErr  Refusal
	migrated Migrated
	progress Progress
	gone     lcc.Instant // since when the guest was not seen here; 0: it is
	stopped  bool        // the platform was asked to stop the move
	stops    int         // how often, beyond the time for looking
	hurried  bool        // it was stopped since other guests waited for it (drain.go)
	notLetIn bool        // the target's side refused the guest at admission
	excused  bool        // the target's agent has said why

	orphan bool // begun by an earlier run of the agent
	// restarted says that this end's agent restarted meanwhile: what came of the move is
	// nobody's fault.
	restarted bool
	written   time.Time // of an earlier run, when its last record was; zero: it is counted
}

// targetEnd is what the target keeps of a deal.
type targetEnd struct {
	args      []lcc.Term  // of the action that waits for the offer
	apart     bool        // the guest need not be near others: its source is emptied
	displaces bool        // offers to models were taken back for it
	admitted  bool        // the guest was let in, with the token
	unseen    lcc.Instant // since when an armed hold is not used
	over      Refusal     // why nothing more will come, as the source says
	came      bool        // it ran here, and the source says that it is gone there
}

func (d *deal) partner() HostID {
	if d.side == SourceSide {
		return d.target
	}
	return d.source
}
