package hostagent

import (
	"time"

	"parley/lcc"
)

// Event is what happens to a host. The implementations are Observed,
// Unobserved, Configured, Suspended, Outsiders, Rostered, Act, Ordered, Journalled, Received,
// Undelivered, Reachable, AdmissionAsked, Moved, Progressed and Woken.
type Event interface{ isEvent() }

// ActID numbers the actions that models ask of a host, from 1; the driver of
// the models chooses it.
type ActID uint64

type (
	// Observed hands in one look at the platform and at the machine. The
	// driver takes one every Config.SampleEvery, when the platform noticed a
	// change, and when an Observe effect asks for it.
	Observed struct {
		// Wall is the wall-clock time of the look: for what outlives a
		// process (cool-downs, the audit). All else goes by Instant.
		Wall        time.Time
		Observation Observation
		// Machine is what the whole machine uses, from gopsutil. With
		// Known false the load is the sum of the guests'.
		Machine MachineLoad
		// Pressure is what the machine's tasks wait for.
		Pressure Pressure
	}
	// Unobserved says that a look failed; the host answers no question about
	// its load and begins no deal until a look succeeds again.
	Unobserved struct{ Err string }
	// Configured replaces the configuration. One that Config.Validate refuses is
	// answered with ConfigRefused, and the one before stays in force.
	Configured struct{ Config Config }
	// Suspended says that no deal of a model is begun here, as source or target,
	// while Why is not "": models are answered with it. What is under way goes
	// on, and an operator's orders are carried out. It is not journalled: the
	// driver says it anew in each run.
	Suspended struct{ Why string }
	// Outsiders says with which hosts of other owners no deal begins now, the
	// whole list each time. What they ask is refused; deals under way go on.
	Outsiders struct{ List []Outsider }
	// Rostered says which labels signed rosters give to the other hosts, the
	// whole list each time. With Known a host that is not listed has none; without,
	// there is no roster.
	Rostered struct {
		Known bool
		Hosts []HostLabels
	}
	// Act asks for an action of the vocabulary, answered by one Answered.
	Act struct {
		ID   ActID
		Goal lcc.Term
	}
	// Ordered hands in what an operator wants, answered by one OrderDone.
	// The driver chooses the ID.
	Ordered struct {
		ID    uint64
		Order Order
	}
	// Journalled says that every record up to and with Seq is durable; or with
	// Err that the journal takes no more: no new deal is begun. With Full the
	// disk had no room for the records up to and with Seq; later ones are taken.
	Journalled struct {
		Seq  uint64
		Err  string
		Full bool
	}
	// JournalRoom says why the journal has no room to spare: records are taken
	// as long as they fit, and no new deal is begun; "" when there is room
	// again.
	JournalRoom struct{ Why string }
	// Received hands in the payload of a Transmit effect of another host.
	Received struct {
		From    HostID
		Payload []byte
	}
	// Undelivered says that a Transmit was not carried.
	Undelivered struct {
		To      HostID
		Payload []byte
		Reason  lcc.Reason
	}
	// Reachable says that another host can be talked to, or cannot.
	Reachable struct {
		Host HostID
		Up   bool
	}
	// AdmissionAsked asks whether a migration of a guest to this host may begin;
	// answered by one Admit. Deal and Token are those that the guest brings
	// along; without them, or with others, no hold covers it.
	// Need and Rules are what the platform says of the guest; its need is the
	// most that it may have. They are held against what the deal holds room for.
	AdmissionAsked struct {
		ID    uint64
		Guest GuestID
		Deal  DealID
		Token string
		Need  Resources
		Rules Rules
	}
	// Moved says that Platform.Migrate returned. Err is "" when it says the
	// guest has moved; it is believed only as far as the next look shows.
	Moved struct {
		Deal     DealID
		Migrated Migrated
		Err      string
		NotLetIn bool // the target's side refused the guest (ErrNotLetIn)
	}
	// Progressed reports a migration under way.
	Progressed struct {
		Deal     DealID
		Progress Progress
	}
	// Woken says that the instant of an Alarm is reached.
	Woken struct{}
)

// MachineLoad is what the whole machine uses, guests and all else.
type MachineLoad struct {
	Known bool
	Used  Resources
	Total Resources
}

// Pressure says what the tasks of a machine wait for, as shares, 0 to 1. What
// cannot be measured is 0.
type Pressure struct {
	Known           bool
	CPU, Memory, IO float64 // of the last ten seconds in which some task was stalled for it (Linux PSI, "some avg10")
	Steal           float64 // of the processors that a hypervisor below this machine took
	Network, Disk   float64 // of what the fullest network interface and disk can do
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
func (Undelivered) isEvent()    {}
func (Reachable) isEvent()      {}
func (AdmissionAsked) isEvent() {}
func (Moved) isEvent()          {}
func (Progressed) isEvent()     {}
func (Woken) isEvent()          {}

// Effect is what a host asks its driver for: Journal, Transmit, Answered,
// OrderDone, Admit, StartMove, AbortMove, Signed, Misbehaved, Avoid, Unable, Observe,
// ConfigRefused, Changed, Alarm or DealChanged.
type Effect interface{ isEffect() }

type (
	// Journal appends a record; answered by Journalled once it is durable.
	// What depends on it waits in the core, so the driver may go on.
	Journal struct {
		Seq    uint64
		Record []byte
	}
	// Transmit carries a payload to another host's core.
	Transmit struct {
		To      HostID
		Payload []byte
	}
	// Answered answers an Act.
	Answered struct {
		ID     ActID
		Answer lcc.Answer
	}
	// OrderDone answers an Ordered; Err is "" when what was wanted is done.
	OrderDone struct {
		ID   uint64
		Err  string
		Code Code // of Err
	}
	// Admit answers an AdmissionAsked.
	Admit struct {
		ID     uint64
		OK     bool
		Reason string
		Code   Code // of Reason
	}
	// StartMove asks for Platform.Migrate; answered by one Moved. The driver
	// gives up the call at the deadline, aborts and answers with an Err.
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
	// Signed hands a payload that binds another host to the audit, with the
	// signature in it.
	Signed struct {
		Deal    DealID
		From    HostID
		Kind    string
		Payload []byte
	}
	// Misbehaved says that another host did what no honest one does, or not so
	// often. The driver keeps the score.
	Misbehaved struct {
		Host HostID
		Kind string
	}
	// Avoid says that a host is to be chosen by no model from now on or, without
	// On, may be again.
	Avoid struct {
		Host HostID
		On   bool
	}
	// Unable says that an action of the vocabulary is carried out for no model from now
	// on, and why, or with Why "" that it is again.
	Unable struct{ Action, Why string }
	// Observe asks for a look at the platform soon.
	Observe struct{}
	// ConfigRefused answers a Configured that makes no sense.
	ConfigRefused struct{ Why string }
	// Changed says which answers of the vocabulary may differ from now on.
	Changed struct{ Names []string }
	// Alarm asks for Woken at the instant; it replaces an earlier one; 0
	// means none.
	Alarm struct{ At lcc.Instant }
	// DealChanged tells a person, the history and the tests what became of a deal.
	DealChanged struct {
		Deal     DealID
		Guest    GuestID
		Name     string // the guest's
		Source   HostID
		Target   HostID
		Side     Side
		State    DealState
		Reason   string
		Code     Code      // of Reason; "": there is none
		Operator bool      // begun by an operator
		Need     Resources // of the guest, as it is held
		Load     float64   // share, of this host; 0 when it is not known
		Price    *Price    // what was expected of the migration; nil: not known
		Migrated Migrated  // in the state Done, at the source
	}
)

// Side is the end of a deal that a host is.
type Side string

// The sides of a deal.
const (
	SourceSide Side = "source"
	TargetSide Side = "target"
)

// DealState is where a deal stands, as seen from one of its ends.
type DealState string

// The states of a deal. At the target: Asking, Offered, Armed, then an end. At the
// source: Asking when an operator began it, Intended (journalled, commit sent), Moving, Checking, then an end.
const (
	Asking   DealState = "asking"   // the other end is asked about it; nothing is journalled yet
	Offered  DealState = "offered"  // target: room is held, for a time to live
	Armed    DealState = "armed"    // target: the source committed; the hold outlives its time while the move is under way
	Intended DealState = "intended" // source: journalled, the target was told
	Moving   DealState = "moving"   // source: the platform migrates
	Checking DealState = "checking" // either: over or unclear; looking where the guest is
	Done     DealState = "done"     // end: the guest was seen to run at the target
	Refused  DealState = "refused"  // end: no deal came about
	Expired  DealState = "expired"  // end: an offer was not taken up
	// Withdrawn is an end: negotiated and only shown, since a host is in the
	// mode that recommends.
	Withdrawn DealState = "withdrawn"
	Aborted   DealState = "aborted" // end: the guest was seen to run at the source
	Stuck     DealState = "stuck"   // end: needs a person; the reason says what to look at
)

func (Journal) isEffect()       {}
func (Transmit) isEffect()      {}
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
