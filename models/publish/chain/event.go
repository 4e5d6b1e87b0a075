package chain

import "parley/models/publish/bundle"

// Event is what a driver hands in.
type Event interface{ event() }

// Started is the first event: what Keep made durable last (nil: nothing), and the
// objects that are on disk. Object is called within this Step only.
type Started struct {
	State  []byte
	Object func(bundle.Digest) ([]byte, bool)
}

// Heard is a release that somebody has, mostly the head of a chain. From is the peer
// that sent it; "": this host's operator, who may hand in several, in the order of
// their versions.
type Heard struct {
	From   string
	Signed bundle.Signed
}

// Handed is a whole archive that this host's operator hands in: Heard for each of its
// releases, with the objects that they name.
type Handed struct {
	Releases []bundle.Signed // in the order of their versions
	Objects  map[bundle.Digest][]byte
}

// Pulled answers Pull: the releases that follow, in order. More than 32 are not looked
// at. Err: the peer could not be asked, or said no.
type Pulled struct {
	From     string
	Releases []bundle.Signed
	Err      string
}

// Fetched answers Fetch. From "" hands in an object of this host's operator, after
// the releases that name it.
type Fetched struct {
	From   string
	Digest bundle.Digest
	Data   []byte
	Err    string
}

// Beat is a heartbeat of a publisher. From "": handed in by this host's operator.
type Beat struct {
	From      string
	Heartbeat bundle.Heartbeat
}

// Halted is what another host says that found a policy bad.
type Halted struct {
	From string
	Halt bundle.Halt
}

// Peers says who can be asked now: who is listed and connected. It replaces the list.
// Of more than 4096 the others are not asked.
type Peers struct{ IDs []string }

// Kept answers Keep.
type Kept struct{ Err string }

// Checked answers Check. Err is a *bundle.Refusal; nil: the policy may be enacted.
type Checked struct {
	Policy string
	Digest bundle.Digest // Policy.Digest
	Err    error
}

// Switched answers Switch. With an Err it is tried again after a while.
type Switched struct{ Err string }

// Labelled says which labels this host has, from the roster and from its
// configuration. They count until the next Labelled, beyond a restart too.
type Labelled struct{ Labels []string }

// Recheck says that what this host accepts has changed: what was refused, and what is
// active, is checked again.
type Recheck struct{}

// Sampled brings what the host has measured, about every 10 s.
type Sampled struct{ Sample }

// Sample is totals since the start of the process; a smaller one than the last
// means a new process.
type Sample struct {
	Seconds         float64 `cbor:"1,keyasint"` // measured
	GuestSeconds    float64 `cbor:"2,keyasint"` // the sum of them over the guests
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
