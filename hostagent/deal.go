package hostagent

import (
	"time"

	"parley/lcc"
)

// deal is one deal as seen by one of its ends: the fields that both ends keep, and the
// fields of this end. Only one of src and tgt is in use, that of side.
type deal struct {
	id       DealID
	side     Side
	state    DealState
	durable  bool // the current state is in the journal
	reason   Refusal
	guest    GuestID
	name     string // of the guest
	source   HostID
	target   HostID
	token    string
	endpoint string // of the target's platform, once it is armed
	operator bool   // begun by an operator, not by a model

	need  Resources
	about traits
	rules Rules // of the guest, as the target received them
	// sequel is what the move is expected to do, and what it did (outcome.go).
	sequel sequel

	began    lcc.Instant
	expires  lcc.Instant // the end of a reservation, of a migration, of the looking
	next     lcc.Instant // when to check it again; 0: when an event comes
	lookFrom uint64      // loads.looks at the last question where the guest is
	word     partnerWord // the last answer of the other end
	bound    int         // how many binding payloads the other end sent
	act      ActID       // the model action that waits for the end, or for the offer; 0: none

	src sourceEnd
	tgt targetEnd
}

// traits is what a deal knows of its guest beside what it needs.
type traits struct {
	nature nature
	// processors is the number of the guest's processors as declared by its source; 0:
	// not declared.
	processors float64
}

func traitsOf(t *tracked) traits { return traits{natureOf(t.guest), t.guest.Declared.CPU} }

// kind is what the guest is.
func (d *deal) kind() Kind { return d.about.nature.Kind.Known() }

// sourceEnd is what the source keeps of a deal.
type sourceEnd struct {
	orders   []uint64 // orders of operators that wait for the end
	drain    bool     // begun by the drain of this host
	home     bool     // the target's operator wants it back, whose drain brought it here
	force    bool     // the operator wants the guest away at any cost
	declined bool     // the target did not go through with it, or does not answer
	busy     bool     // the target refused, but may accept soon

	moved    bool // Platform.Migrate returned, or is not waited for
	moveErr  Refusal
	migrated Migrated
	progress Progress
	gone     lcc.Instant // since when the guest is not seen here; 0: it is seen
	stopped  bool        // the platform was asked to stop the migration
	stops    int         // how often it was asked to stop after the time for looking
	hurried  bool        // stopped because other guests waited for it (drain.go)
	notLetIn bool        // the target's side refused the guest at admission
	excused  bool        // the target's agent gave the reason

	orphan bool // begun by an earlier run of the agent
	// restarted says that this end's agent restarted meanwhile: no host is blamed for
	// the outcome of the migration.
	restarted bool
	written   time.Time // when an earlier run wrote its last record; zero: already accounted for
}

// targetEnd is what the target keeps of a deal.
type targetEnd struct {
	args      []lcc.Term  // arguments of the model action that waits for the offer
	apart     bool        // the guest need not be near others: its source is draining
	displaces bool        // offers to models were withdrawn for it
	admitted  bool        // the guest was admitted with the token
	unseen    lcc.Instant // since when an armed reservation is unused
	over      Refusal     // why the guest will not come, as the source says
	came      bool        // the guest ran here, and the source says that it is gone there
}

func (d *deal) partner() HostID {
	if d.side == SourceSide {
		return d.target
	}
	return d.source
}
