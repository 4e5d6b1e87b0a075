package stages

// Record is what a journal keeps of a move; a later one of a move replaces those before.
type Record string

// The records of both ends.
const (
	Begun    Record = "begun"
	Released Record = "released"
	Kept     Record = "kept"
	Left     Record = "left"
	Mine     Record = "mine"
	Runs     Record = "runs"
	NeverWas Record = "never"
	Over     Record = "over"
)

// Action is what a platform does. One action of a move is in progress at a time.
type Action string

// The actions of the source and of the target.
const (
	DoCopy     Action = "copy"
	DoFreeze   Action = "freeze"
	DoResume   Action = "resume"
	DoLeave    Action = "leave"
	DoAdmit    Action = "admit" // the agent is asked
	DoPrepare  Action = "prepare"
	DoReceive  Action = "receive"
	DoRestore  Action = "restore"
	DoActivate Action = "activate"
	DoDiscard  Action = "discard"
)

// Event is an input of a machine.
type Event interface{ isEvent() }

type (
	// Begin begins a move, at the source once the guest is described, at the target
	// with the source's offer.
	Begin struct{}
	// Restarted is the first event after a restart: the last record of the move.
	Restarted struct{ Record Record }
	// Recorded answers Write. With Err the record may be durable or not; with Lost it
	// is not.
	Recorded struct {
		Record Record
		Err    string
		Lost   bool
	}
	// Linked says that there is a connection; of the target, also that there is another.
	Linked struct{}
	// Unlinked says that there is none any more, or that Link has failed.
	Unlinked struct{ Why string }
	// Heard is a message of the other end.
	Heard struct{ Message Message }
	// Did answers Do.
	Did struct {
		Action   Action
		Err      string
		Code     string // of DoAdmit: why the guest is refused
		Again    bool   // of DoCopy: another round is worth it
		NeverRan bool   // of DoActivate with Err: the guest has not run and never will
	}
	// Stop is the operator's or the ledger's wish that the guest stays at the source.
	Stop struct{ Why string }
	// Later answers Wait.
	Later struct{}
	// Settled is a person's word: the guest runs, or is to run, at this end, or it does
	// not and never will.
	Settled struct{ Here bool }
)

func (Begin) isEvent()     {}
func (Restarted) isEvent() {}
func (Recorded) isEvent()  {}
func (Linked) isEvent()    {}
func (Unlinked) isEvent()  {}
func (Heard) isEvent()     {}
func (Did) isEvent()       {}
func (Stop) isEvent()      {}
func (Later) isEvent()     {}
func (Settled) isEvent()   {}

// Effect is an output of a machine.
type Effect interface{ isEffect() }

type (
	// Write journals a record; answered by Recorded.
	Write struct{ Record Record }
	// Say sends a message, if there is a connection; it is not answered.
	Say struct{ Message Message }
	// Do asks the platform for an action; answered by Did.
	Do struct {
		Action Action
		Round  int
		Last   bool
	}
	// Halt ends the action in progress; its Did still comes.
	Halt struct{}
	// Link connects to the target; answered by Linked or Unlinked.
	Link struct{}
	// Unlink ends the connection; it is not answered.
	Unlink struct{}
	// Wait asks for a Later: after the time that a target holds a guest that is ready,
	// or after a pause that grows with each try. A Wait replaces the one before.
	Wait struct {
		Hold bool
		Try  int
	}
	// Tell says to a person what is wrong; "" that nothing is any more.
	Tell struct{ Why string }
	// Ended says to whoever began the move how it ended.
	Ended struct {
		Moved   bool
		Refused bool   // by the target's agent
		Code    string // of a refusal
		Why     string
	}
	// Finished says that the machine is no longer needed.
	Finished struct{}
)

func (Write) isEffect()    {}
func (Say) isEffect()      {}
func (Do) isEffect()       {}
func (Halt) isEffect()     {}
func (Link) isEffect()     {}
func (Unlink) isEffect()   {}
func (Wait) isEffect()     {}
func (Tell) isEffect()     {}
func (Ended) isEffect()    {}
func (Finished) isEffect() {}
