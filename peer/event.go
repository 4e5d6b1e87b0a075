package peer

import "parley/lcc"

// Event is an input of a Core. The implementations are Enact, Retire, Withdraw,
// Outsiders, Arrived, SendFailed, Heard, Greeted, Link, Avoid, Unable, Beyond, Grouped,
// Solved, Changed and Woken.
type Event interface{ isEvent() }

type (
	// Enact makes the peer enact a model: it subscribes to the roles in Subscribe and
	// starts the agents of Start. It never plays the roles in Refuse
	// (lcc.Options.Refuse). Enacting a model whose digest is already enacted adds to
	// it; other refused roles are then a bug of the driver.
	Enact struct {
		Model     *lcc.Model
		Subscribe []string
		Start     []lcc.Start
		Refuse    []string
	}
	// Retire starts to leave models: the peer no longer advertises them, and no message
	// starts an agent or a conversation of them; what runs continues. The driver
	// withdraws a model once it is Resting. Enacting it again revokes the Retire; Start
	// stays empty then, because the agents still run.
	Retire struct{ Models []lcc.Digest }
	// Withdraw ends every agent of the model and removes it.
	Withdraw struct{ Model lcc.Digest }
	// Outsiders lists the peers of other owners, always completely. Only messages and
	// adverts of their listed models count, and only those models choose them. A
	// message of another model is refused in both directions. Peers that are not in the
	// list may take part in every model.
	Outsiders struct{ List []Outsider }
	// Arrived hands in a frame. From is the peer that the channel authenticated; it
	// overrides claims in the frame. Size is the length in bytes, for a driver that
	// charges for it.
	Arrived struct {
		From  lcc.PeerID
		Frame Frame
		Size  int
	}
	// SendFailed says that the frame of an earlier Transmit was not sent.
	SendFailed struct {
		To     lcc.PeerID
		Frame  Frame
		Reason lcc.Reason
	}
	// Heard hands in another peer's advert, whose signature the driver has checked.
	Heard struct{ Advert Advert }
	// Greeted says that a peer named its incarnation over a connection that had just
	// authenticated it.
	Greeted struct {
		Peer        lcc.PeerID
		Incarnation uint64
	}
	// Link says that an authenticated connection to a peer came up or broke. Beyond
	// says that the peer is in another group and was connected on demand: this peer
	// owes it no advert, and the end of the connection is no reason to suspect it.
	Link struct {
		Peer   lcc.PeerID
		Up     bool
		Beyond bool
	}
	// Avoid excludes a peer from the choice of every model or, without On, ends that. It
	// has no other effect.
	Avoid struct {
		Peer lcc.PeerID
		On   bool
	}
	// Unable says that this host does not carry out an action at present, and why; Why
	// "" ends that. Meanwhile the roles that need the action (lcc.Model.Acting) are not
	// advertised, and a message to one of them is refused, unless it belongs to a
	// running conversation.
	Unable struct{ Action, Why string }
	// Beyond hands in a sample of the hosts outside this peer's group, which becomes
	// the answer to beyond(P) of the vocabulary. The driver draws a new one now and
	// then.
	Beyond struct{ Peers []lcc.PeerID }
	// Grouped gives the number of hosts in this peer's group, including itself: in a
	// large group each host advertises less often.
	Grouped struct{ Hosts int }
	// Solved answers a Solve effect.
	Solved struct {
		Model   lcc.Digest
		Request lcc.RequestID
		Answer  lcc.Answer
	}
	// Changed says that the host's knowledge changed (lcc.Changed).
	Changed struct{ Names []string }
	// Tell sets what the host tells in adverts from now on (Advert.Host). With Soon it does not
	// wait for the next regular one.
	Tell struct {
		Data []byte
		Soon bool
	}
	// Woken says that the instant of an Alarm has come.
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
func (Tell) isEvent()       {}
func (Woken) isEvent()      {}

// Effect is a request to the driver: Transmit, Publish, HostFrame, HostTold, Solve, Alarm,
// Finish, Record, Misbehaved, Incarnation or Meet.
type Effect interface{ isEffect() }

type (
	// Transmit sends a frame; SendFailed reports a failure.
	Transmit struct {
		To    lcc.PeerID
		Frame Frame
	}
	// Publish sends the peer's advert to its group.
	Publish struct{ Advert Advert }
	// HostFrame passes a received Host frame to the host agent.
	HostFrame struct {
		From    lcc.PeerID
		Payload []byte
	}
	// HostTold passes what a host tells in its adverts (Advert.Host) to the host agent, if it
	// differs from the last time. It is empty, too, where the peer is suspected.
	HostTold struct {
		From lcc.PeerID
		Data []byte
	}
	// Solve requests an action of the host's vocabulary; Solved answers it.
	Solve struct {
		Model   lcc.Digest
		Request lcc.RequestID
		Agent   lcc.AgentID
		Goal    lcc.Term
	}
	// Alarm requests Woken at the instant. It replaces an earlier one; 0 means none.
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
	// Misbehaved says that another peer sent frames that no honest peer sends, or not
	// so often. The driver keeps the score.
	Misbehaved struct {
		Peer lcc.PeerID
		Kind string
	}
	// Incarnation reports an unexpected incarnation of a peer to people.
	Incarnation struct {
		Peer    lcc.PeerID
		Kind    IncarnationKind
		Present uint64 // the one that counts
		Other   uint64
	}
	// Meet asks the driver to connect to a peer, so that Greeted tells which
	// incarnation runs.
	Meet struct{ Peer lcc.PeerID }
)

func (Transmit) isEffect()    {}
func (Publish) isEffect()     {}
func (HostFrame) isEffect()   {}
func (HostTold) isEffect()    {}
func (Solve) isEffect()       {}
func (Alarm) isEffect()       {}
func (Finish) isEffect()      {}
func (Record) isEffect()      {}
func (Misbehaved) isEffect()  {}
func (Incarnation) isEffect() {}
func (Meet) isEffect()        {}
