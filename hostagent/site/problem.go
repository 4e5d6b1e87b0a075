package site

// Problem is something on a host that a person should know.
type Problem struct {
	Kind Kind `json:"kind"`
	// About is the guest, policy or publisher that it is about; "": the host.
	About string `json:"about,omitempty"`
	Text  string `json:"text"` // what it is, and what to do
}

// Kind is the kind of a problem, stable for programs.
type Kind string

// The kinds of problems.
const (
	NeedsPerson   Kind = "needs_person"   // a deal whose outcome only a person can find out
	Quarantined   Kind = "quarantined"    // a policy is not enacted, because the agent died with it
	Refused       Kind = "refused"        // a policy is refused or halted
	Lags          Kind = "lags"           // a release is announced and has not arrived, or the one in force is out of date
	Publisher     Kind = "publisher"      // a publisher's chain or roster is wrong
	DrainStuck    Kind = "drain_stuck"    // a guest does not leave a drained host
	Duel          Kind = "duel"           // somebody moves a guest back each time
	Platform      Kind = "platform"       // what runs the guests cannot be looked at
	Configuration Kind = "configuration"  // the configuration is not in force
	Doubled       Kind = "doubled"        // two agents run with one key
	Audit         Kind = "audit"          // entries of the audit are missing or inconsistent
	LoadUnknown   Kind = "load_not_known" // no deal begins, since the load is not known
	RoomMissing   Kind = "room_missing"   // guests of the host have no place elsewhere if it fails
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{NeedsPerson, Quarantined, Refused, Lags, Publisher, DrainStuck, Duel, Platform, Configuration, Doubled, Audit, LoadUnknown,
		RoomMissing}
}

// Key identifies a problem while it lasts, whatever its text says.
func (p Problem) Key() string { return string(p.Kind) + "\x00" + p.About }
