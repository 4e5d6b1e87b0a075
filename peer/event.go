package peer

import "parley/lcc"

// Event is what happens to a peer. The implementations are Enact, Retire,
// Withdraw, Outsiders, Arrived, SendFailed, Heard, Greeted, Link, Avoid, Unable, Beyond, Grouped, Solved,
// Changed and Woken.
type Event interface{ isEvent() }

type (
	// Enact makes the peer take part in a model: it subscribes to the Roles
	// in Subscribe and begins the agents of Start. The roles in Refuse are
	// never played (lcc.Options.Refuse). Enacting a model whose digest is
	// already enacted adds to it; with other refused roles it is a bug of the
	// driver.
	Enact struct {
		Model     *lcc.Model
		Subscribe []string
		Start     []lcc.Start
		Refuse    []string
	}
	// Retire begins to leave models: they are advertised no longer, and no
	// message begins an agent or a conversation of them; what runs goes on. One
	// is left when it is Resting and then withdrawn. Enacting it anew takes it
	// back: without Start, because its agents still run.
	Retire struct{ Models []lcc.Digest }
	// Withdraw ends every agent of the model and forgets it.
	Withdraw struct{ Model lcc.Digest }
	// Outsiders says which peers are of other owners, the whole list each
	// time: of these only messages and adverts of their models count, and
	// they are chosen for no other. A message of another model comes back as
	// refused, on its way in and on its way out. Peers that are not in the
	// list are free to take part in every model.
	Outsiders struct{ List []Outsider }
	// Arrived hands in a frame; From is the peer that the channel
	// authenticated, which is believed rather than what the frame says. Size is
	// how many bytes it had, for a driver that charges them.
	Arrived struct {
		From  lcc.PeerID
		Frame Frame
		Size  int
	}
	// SendFailed says that a frame of an earlier Transmit was not carried.
	SendFailed struct {
		To     lcc.PeerID
		Frame  Frame
		Reason lcc.Reason
	}
	// Heard hands in another peer's advert, already checked to be its own.
	Heard struct{ Advert Advert }
	// Greeted says that a peer told its incarnation over a connection that
	// authenticated it just now.
	Greeted struct {
		Peer        lcc.PeerID
		Incarnation uint64
	}
	// Link says that an authenticated connection to a peer came up or broke.
	// With Beyond the peer is not of this one's group: it was called on demand,
	// so it is owed no advert, and that the connection ends accuses nobody.
	Link struct {
		Peer   lcc.PeerID
		Up     bool
		Beyond bool
	}
	// Avoid says that a peer is to be chosen by no model from now on or, without
	// On, may be again. Nothing else about it changes.
	Avoid struct {
		Peer lcc.PeerID
		On   bool
	}
	// Unable says that this host carries out an action for nobody, and why; with Why ""
	// it does again. Meanwhile others are not told of the roles that need it
	// (lcc.Model.Acting), and a message to one of these is refused, unless it belongs
	// to a conversation that is under way.
	Unable struct{ Action, Why string }
	// Beyond hands in a sample of the hosts beyond this peer's group, which
	// beyond(P) of the vocabulary answers from then on. The driver draws anew
	// now and then.
	Beyond struct{ Peers []lcc.PeerID }
	// Grouped says how many hosts this peer's group has, itself among them: in a
	// large one each advertises less often.
	Grouped struct{ Hosts int }
	// Solved answers a Solve effect.
	Solved struct {
		Model   lcc.Digest
		Request lcc.RequestID
		Answer  lcc.Answer
	}
	// Changed says that the host's knowledge changed (lcc.Changed).
	Changed struct{ Names []string }
	// Woken says that the instant of an Alarm is reached.
	Woken struct{}
)

func (Enact) isEvent()      {}
func (Retire) isEvent()     {}
func (Withdraw) isEvent()   {}
func (Outsiders) isEvent()  {}
func (Arrived) isEvent()    {}
func (SendFailed) isEvent() {}
func (Heard) isEvent()      {}
func (Greeted) isEvent()    {}
func (Link) isEvent()       {}
func (Avoid) isEvent()      {}
func (Unable) isEvent()     {}
func (Beyond) isEvent()     {}
func (Grouped) isEvent()    {}
func (Solved) isEvent()     {}
func (Changed) isEvent()    {}
func (Woken) isEvent()      {}

// Effect is what a peer asks its driver for: Transmit, Publish, HostFrame,
// Solve, Alarm, Finish, Record, Misbehaved, Incarnation or Meet.
type Effect interface{ isEffect() }

type (
	// Transmit sends a frame; a failure is answered by SendFailed.
	Transmit struct {
		To    lcc.PeerID
		Frame Frame
	}
	// Publish sends the peer's advert to its group.
	Publish struct{ Advert Advert }
	// HostFrame hands a Host frame that arrived to the host agent.
	HostFrame struct {
		From    lcc.PeerID
		Payload []byte
	}
	// Solve asks for an action of the host's vocabulary; answered by Solved.
	Solve struct {
		Model   lcc.Digest
		Request lcc.RequestID
		Agent   lcc.AgentID
		Goal    lcc.Term
	}
	// Alarm asks for Woken at the instant; it replaces an earlier one; 0
	// means none.
	Alarm struct{ At lcc.Instant }
	// Finish says that an agent of a model ended.
	Finish struct {
		Model  lcc.Digest
		Finish lcc.Finish
	}
	// Record is a Record of an engine, with its model.
	Record struct {
		Model  lcc.Digest
		Record lcc.Record
	}
	// Misbehaved says that another peer did what no honest one does, or not so
	// often. The driver keeps the score.
	Misbehaved struct {
		Peer lcc.PeerID
		Kind string
	}
	// Incarnation tells people of an incarnation of a peer that was not
	// expected.
	Incarnation struct {
		Peer    lcc.PeerID
		Kind    IncarnationKind
		Present uint64 // the one that counts
		Other   uint64
	}
	// Meet asks the driver to connect to a peer, so that Greeted says which
	// incarnation of it runs.
	Meet struct{ Peer lcc.PeerID }
)

func (Transmit) isEffect()    {}
func (Publish) isEffect()     {}
func (HostFrame) isEffect()   {}
func (Solve) isEffect()       {}
func (Alarm) isEffect()       {}
func (Finish) isEffect()      {}
func (Record) isEffect()      {}
func (Misbehaved) isEffect()  {}
func (Incarnation) isEffect() {}
func (Meet) isEffect()        {}
