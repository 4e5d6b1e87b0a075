package stages

// Saying is what a message says.
type Saying string

// What the source says.
const (
	Offer  Saying = "offer"  // the guest is described, and is to be admitted and prepared for
	Round  Saying = "round"  // what follows is a round; with Last the guest stands still
	Sent   Saying = "sent"   // the round is complete
	Go     Saying = "go"     // the source has released the guest: run it, or say never
	Cancel Saying = "cancel" // say never, unless the guest runs there
	Closed Saying = "closed" // the source will not ask again: forget the move
)

// What the target says.
const (
	Refused   Saying = "refused"   // the guest is not admitted
	Prepared  Saying = "prepared"  // rounds may come
	Received  Saying = "received"  // the round is complete; not said of the last one
	Ready     Saying = "ready"     // the guest is restored and does not run
	Active    Saying = "active"    // the guest runs at the target
	Never     Saying = "never"     // the target does not run the guest and never will
	Unclear   Saying = "unclear"   // the target cannot say either now
	Failed    Saying = "failed"    // the target gives up before it is ready
	Forgotten Saying = "forgotten" // the answer to Closed
)

// Message is what one end says to the other.
type Message struct {
	Saying Saying
	Round  int    // of Round, Sent and Received
	Last   bool   // of Round
	Code   string // of Refused
	Why    string // of Refused, Never, Unclear and Failed
}

// Sayings lists what each end may say.
func Sayings() (source, target []Saying) {
	return []Saying{Offer, Round, Sent, Go, Cancel, Closed},
		[]Saying{Refused, Prepared, Received, Ready, Active, Never, Unclear, Failed, Forgotten}
}
