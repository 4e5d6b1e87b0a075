package chain

import "parley/models/publish/bundle"

// Event is an input of a Follower.
type Event interface{ event() }

// Started is the first event: the last state that Keep made durable (nil: none), and
// the objects on disk. Object is called within this Step only.
type Started struct {
	State  []byte
	Object func(bundle.Digest) ([]byte, bool)
}

// Heard is a release that a peer has, mostly the head of a chain. From is the peer that
// sent it; "": this host's operator, who may hand in several in version order.
type Heard struct {
	From   string
	Signed bundle.Signed
}

// Handed is a whole archive of this host's operator: Heard for each of its releases,
// with their objects.
type Handed struct {
	Releases []bundle.Signed // in version order
	Objects  map[bundle.Digest][]byte
}

// Pulled answers Pull with the following releases in order. More than 32 are ignored.
// Err: the peer could not be asked, or refused.
type Pulled struct {
	From     string
	Releases []bundle.Signed
	Err      string
}

// Fetched answers Fetch. From "" hands in an object of this host's operator, after the
// releases that name it.
type Fetched struct {
	From   string
	Digest bundle.Digest
	Data   []byte
	Err    string
}

// Beat is a heartbeat of a publisher. From "": from this host's operator.
type Beat struct {
	From      string
	Heartbeat bundle.Heartbeat
}

// Halted is the halt of another host, which found a policy bad.
type Halted struct {
	From string
	Halt bundle.Halt
}

// Peers replaces the list of peers that can be asked: listed and connected ones. Peers
// beyond 4096 are ignored.
type Peers struct{ IDs []string }

// Kept answers Keep.
type Kept struct{ Err string }

// Checked answers Check. Err is a *bundle.Refusal; nil: the policy may be enacted.
type Checked struct {
	Policy string
	Digest bundle.Digest // Policy.Digest
	Err    error
}

// Switched answers Switch. After an Err the Follower retries later.
type Switched struct{ Err string }

// Labelled sets this host's labels, from the roster and its configuration. They are
// kept until the next Labelled, across restarts.
type Labelled struct{ Labels []string }

// Recheck says that this host's acceptance rules have changed: refused and active
// policies are checked again.
type Recheck struct{}

// Sampled passes the host's measurements, about every 10 s.
type Sampled struct{ Sample }

// Sample holds totals since the start of the process; smaller values than before mean a
// new process.
type Sample struct {
	Seconds         float64 `cbor:"1,keyasint"` // measured
	GuestSeconds    float64 `cbor:"2,keyasint"` // summed over the guests
	OverloadSeconds float64 `cbor:"3,keyasint"` // of Seconds, in overload
	Migrations      uint64  `cbor:"4,keyasint"` // away from this host
	Done            uint64  `cbor:"5,keyasint"` // deals
	Failed          uint64  `cbor:"6,keyasint"` // deals
}

// Woken says that the moment of the last Alarm has come.
type Woken struct{}

func (Started) event()  {}
func (Heard) event()    {}
func (Handed) event()   {}
func (Pulled) event()   {}
func (Fetched) event()  {}
func (Beat) event()     {}
func (Halted) event()   {}
func (Peers) event()    {}
func (Kept) event()     {}
func (Checked) event()  {}
func (Switched) event() {}
func (Labelled) event() {}
func (Recheck) event()  {}
func (Sampled) event()  {}
func (Woken) event()    {}
