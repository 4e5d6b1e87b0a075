package hostagent

import (
	"time"

	"parley/lcc"
)

// Event is an input of the core. The implementations are Observed, Unobserved,
// Configured, Suspended, Outsiders, Rostered, Act, Ordered, Journalled, JournalRoom,
// Received, Told, Undelivered, Reachable, AdmissionAsked, Found, Moved, Progressed and Woken.
type Event interface{ isEvent() }

// ActID numbers the actions that models request of a host, from 1; the driver of the
// models assigns it.
type ActID uint64

type (
	// Observed passes in one look at the platform and at the machine. The driver looks
	// every Config.SampleEvery, when the platform reports a change, and when an Observe
	// effect asks for it.
	Observed struct {
		// Wall is the wall-clock time of the look, for what outlives a process
		// (cool-downs, the audit). Everything else uses Instant.
		Wall        time.Time
		Observation Observation
		// Machine is the use of the whole machine, from gopsutil. With Known false the
		// load is the sum of the guests' loads.
		Machine MachineLoad
		// Pressure is what the machine's tasks wait for.
		Pressure Pressure
	}
	// Unobserved says that a look failed. The host answers no question about its load
	// and begins no deal until a look succeeds again.
	Unobserved struct{ Err string }
	// Configured replaces the configuration. If Config.Validate rejects it, the answer
	// is ConfigRefused and the old configuration remains in force.
	Configured struct{ Config Config }
	// Suspended says that, while Why is not "", no deal of a model begins here, as
	// source or target: models get Why as the answer. Deals in flight continue, and
	// operators' orders are carried out. It is not journalled: the driver sends it
	// again in each run.
	Suspended struct{ Why string }
	// Outsiders lists the hosts of other owners with which no deal begins now, the
	// whole list each time. Their requests are refused; deals in flight continue.
	Outsiders struct{ List []Outsider }
	// Rostered gives the labels that signed rosters assign to the other hosts, the
	// whole list each time. With Known, an unlisted host has no labels; without it,
	// there is no roster.
	Rostered struct {
		Known bool
		Hosts []HostLabels
	}
	// Act requests an action of the vocabulary; answered by one Answered.
	Act struct {
		ID   ActID
		Goal lcc.Term
	}
	// Ordered passes in an operator's order; answered by one OrderDone. The driver
	// assigns the ID.
	Ordered struct {
		ID    uint64
		Order Order
	}
	// Journalled says that all records up to and including Seq are durable. With Err,
	// the journal takes no more records: no new deal begins. With Full, the disk had no
	// room for the records up to and including Seq; later ones are taken.
	Journalled struct {
		Seq  uint64
		Err  string
		Full bool
	}
	// JournalRoom says why the journal is short of room: records are taken as long as
	// they fit, and no new deal begins. Why is "" when there is room again.
	JournalRoom struct{ Why string }
	// Received passes in the payload of another host's Transmit effect.
	Received struct {
		From    HostID
		Payload []byte
	}
	// Told passes in what another host tells of itself (Tell); empty: it is silent.
	Told struct {
		From HostID
		Data []byte
	}
	// Undelivered says that a Transmit was not delivered.
	Undelivered struct {
		To      HostID
		Payload []byte
		Reason  lcc.Reason
	}
	// Reachable says whether another host can be reached.
	Reachable struct {
		Host HostID
		Up   bool
	}
	// AdmissionAsked asks whether a migration of a guest to this host may begin;
	// answered by one Admit. Deal and Token are what the guest brings along; without
	// them, or with others, no reservation covers it. Need and Rules are what the
	// platform says about the guest; Need is its maximum. They are compared with what
	// the deal reserves.
	AdmissionAsked struct {
		ID    uint64
		Guest GuestID
		Kind  Kind // "" is VM
		Deal  DealID
		Token string
		Need  Resources
		Rules Rules
	}
	// Moved says that Platform.Migrate returned. If Err is "" the platform says that
	// the guest has moved; the core relies only on the next look.
	Moved struct {
		Deal     DealID
		Migrated Migrated
		Err      string
		NotLetIn bool // the target's side refused the guest (ErrNotLetIn)
	}
	// Progressed reports on a migration in flight.
	Progressed struct {
		Deal     DealID
		Progress Progress
	}
	// Woken says that the instant of an Alarm has come.
	Woken struct{}
)

// MachineLoad is the use of the whole machine, guests and everything else.
type MachineLoad struct {
	Known bool
	Used  Resources
	Total Resources
}

// Pressure is what the tasks of a machine wait for, as shares, 0 to 1. What cannot be
// measured is 0.
type Pressure struct {
	Known           bool
	CPU, Memory, IO float64 // share of the last 10 s in which some task was stalled for it (Linux PSI, "some avg10")
	Steal           float64 // share of the processors that a hypervisor below this machine took
	Network, Disk   float64 // utilization of the busiest network interface and disk
}

func (Observed) isEvent()       {}
func (Unobserved) isEvent()     {}
func (Configured) isEvent()     {}
func (Suspended) isEvent()      {}
func (Outsiders) isEvent()      {}
func (Rostered) isEvent()       {}
func (Act) isEvent()            {}
func (Ordered) isEvent()        {}
func (Journalled) isEvent()     {}
func (JournalRoom) isEvent()    {}
func (Received) isEvent()       {}
func (Told) isEvent()           {}
func (Undelivered) isEvent()    {}
func (Reachable) isEvent()      {}
func (AdmissionAsked) isEvent() {}
func (Moved) isEvent()          {}
func (Progressed) isEvent()     {}
func (Woken) isEvent()          {}

// Effect is an output of the core: Journal, Transmit, Tell, Answered, OrderDone, Admit,
// StartMove, AbortMove, Signed, Misbehaved, Avoid, Unable, Observe, LookFor,
// ConfigRefused, Changed, Alarm, DealChanged or DealMeasured.
type Effect interface{ isEffect() }

type (
	// Journal appends a record; answered by Journalled once it is durable. The core
	// delays what depends on it, so the driver need not block.
	Journal struct {
		Seq    uint64
		Record []byte
	}
	// Transmit sends a payload to another host's core.
	Transmit struct {
		To      HostID
		Payload []byte
	}
	// Tell says what this host tells the hosts of its group of itself from now on, with its
	// adverts; with Soon at once.
	Tell struct {
		Data []byte
		Soon bool
	}
	// Answered answers an Act.
	Answered struct {
		ID     ActID
		Answer lcc.Answer
	}
	// OrderDone answers an Ordered; the zero Refusal says that the order is carried out.
	OrderDone struct {
		ID    uint64
		Why   Refusal
		Moves []Foreseen // of a Foresee
	}
	// Admit answers an AdmissionAsked; the zero Refusal admits the guest.
	Admit struct {
		ID  uint64
		Why Refusal
	}
	// StartMove asks for Platform.Migrate; answered by one Moved. At the deadline the
	// driver gives up the call, aborts the migration and answers with an Err.
	StartMove struct {
		Deal     DealID
		Move     Migration
		Deadline time.Duration // from now
	}
	// AbortMove asks for Platform.Abort.
	AbortMove struct {
		Deal  DealID
		Guest GuestID
	}
	// Signed passes a payload that binds another host to the audit, with its signature.
	Signed struct {
		Deal    DealID
		From    HostID
		Kind    string
		Payload []byte
	}
	// Misbehaved says that another host did what no honest host does, or not so often.
	// The driver keeps the score.
	Misbehaved struct {
		Host HostID
		Kind string
	}
	// Avoid says that no model may choose a host from now on or, without On, that
	// models may choose it again.
	Avoid struct {
		Host HostID
		On   bool
	}
	// Unable says that an action of the vocabulary is not carried out for any model
	// from now on, and why; with Why "" it is carried out again.
	Unable struct{ Action, Why string }
	// Observe asks for a look at the platform soon.
	Observe struct{}
	// ConfigRefused answers an invalid Configured.
	ConfigRefused struct{ Why string }
	// Changed names the questions of the vocabulary whose answers may differ from now
	// on.
	Changed struct{ Names []string }
	// Alarm asks for Woken at the instant. It replaces an earlier Alarm; 0 means none.
	Alarm struct{ At lcc.Instant }
	// DealChanged reports a change of a deal to people, the history and the tests.
	DealChanged struct {
		Deal     DealID
		Guest    GuestID
		Name     string // the guest's
		Kind     Kind   // the guest's
		Source   HostID
		Target   HostID
		Side     Side
		State    DealState
		Reason   string
		Code     Code      // of Reason; "": none
		Operator bool      // begun by an operator
		Drain    bool      // begun by the drain of the source
		Need     Resources // of the guest, as reserved
		Load     float64   // share, of this host; 0 if unknown
		Price    *Price    // expected for the migration; nil: unknown
		Migrated Migrated  // in the state Done, at the source
		// Expected is what the move is expected to do; nil: that is not known, or not yet.
		// Measured is what it did, by the time after it.
		Expected *Outcome
		Measured []Outcome
		// Weighed is what the model was told of this guest and of others when it chose, in a
		// deal of a model at the source; nil: it did not ask.
		Weighed []Weighed
	}
)

// Side is the end of a deal that a host is at.
type Side string

// The sides of a deal.
const (
	SourceSide Side = "source"
	TargetSide Side = "target"
)

// DealState is the state of a deal, as seen from one of its ends.
type DealState string

// Ended says whether a state is final.
func (s DealState) Ended() bool {
	switch s {
	case Done, Refused, Expired, Aborted, Withdrawn, Stuck:
		return true
	}
	return false
}

// The states of a deal. At the target: Asking, Offered, Armed, then an end. At the
// source: Asking if an operator began it, Intended (journalled, commit sent), Moving,
// Checking, then an end.
const (
	Asking   DealState = "asking"   // the other end is asked about it; nothing is journalled yet
	Offered  DealState = "offered"  // target: room is reserved for the offer's time to live
	Armed    DealState = "armed"    // target: the source committed; the reservation outlives its time while the migration is in flight
	Intended DealState = "intended" // source: journalled, the commit was sent
	Moving   DealState = "moving"   // source: the platform migrates the guest
	Checking DealState = "checking" // either: over or unclear; looking where the guest is
	Done     DealState = "done"     // end: the guest was seen to run at the target
	Refused  DealState = "refused"  // end: no deal came about
	Expired  DealState = "expired"  // end: an offer was not taken up
	// Withdrawn is an end: the deal was negotiated and only shown, because a host only
	// recommends.
	Withdrawn DealState = "withdrawn"
	Aborted   DealState = "aborted" // end: the guest was seen to run at the source
	Stuck     DealState = "stuck"   // end: needs a person; the reason says what to check
)

// DealStates returns all states of a deal, the ends last.
func DealStates() []DealState {
	return []DealState{Asking, Offered, Armed, Intended, Moving, Checking, Done, Refused, Expired, Withdrawn, Aborted, Stuck}
}

func (Journal) isEffect()       {}
func (Transmit) isEffect()      {}
func (Tell) isEffect()          {}
func (Answered) isEffect()      {}
func (OrderDone) isEffect()     {}
func (Admit) isEffect()         {}
func (StartMove) isEffect()     {}
func (AbortMove) isEffect()     {}
func (Signed) isEffect()        {}
func (Misbehaved) isEffect()    {}
func (Avoid) isEffect()         {}
func (Unable) isEffect()        {}
func (Observe) isEffect()       {}
func (ConfigRefused) isEffect() {}
func (Changed) isEffect()       {}
func (Alarm) isEffect()         {}
func (DealChanged) isEffect()   {}
func (DealMeasured) isEffect()  {}
