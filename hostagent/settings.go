package hostagent

import "slices"

// Settings are what an operator has set on this host. They are journalled, so that a
// drained host stays drained.
type Settings struct {
	Paused  bool `cbor:"1,keyasint,omitempty"` // no deal of a model begins
	Drained bool `cbor:"2,keyasint,omitempty"` // no guest comes, and the guests that are here are moved away
	Force   bool `cbor:"3,keyasint,omitempty"` // a drain also moves pinned guests, and may slow down a guest that does not converge
	// Until is when a drain ends although guests are left, in Unix seconds; 0: never.
	Until int64 `cbor:"4,keyasint,omitempty"`
	// Ended says why the drain has ended before the host was empty; "": it has not.
	Ended Code `cbor:"5,keyasint,omitempty"`
	// Home brings the guests home that drains moved away; it ends when all have come or
	// are asked for no more.
	Home bool `cbor:"6,keyasint,omitempty"`
	// Halted says who has paused the whole site, and why; "": nobody. No deal of a model
	// begins, as with Paused, which only this host's operator takes back.
	Halted string `cbor:"7,keyasint,omitempty"`
}

// whyPaused says why no deal of a model begins by an operator's order; the zero Refusal
// if one may.
func (s Settings) whyPaused() Refusal {
	switch {
	case s.Paused:
		return paused
	case s.Halted != "":
		return Refusal{CodeSitePaused, "the whole site is paused, by " + s.Halted}
	}
	return Refusal{}
}

var (
	paused  = Refusal{CodePaused, "the host is paused by its operator"}
	drained = Refusal{CodeDrained, "the host is drained by its operator"}
)

// Order is an operator's order to a host: Set, MoveGuest, Forget or Foresee.
type Order interface{ isOrder() }

type (
	// Set replaces the settings; it is answered when they are durable.
	Set struct{ Settings Settings }
	// MoveGuest moves a guest to a host, or with Target "" to the one of several that
	// would be the least loaded. It is a deal like any other, except that no model is
	// asked, the cool-down does not apply, and Config.Recommend does not prevent it. It
	// is answered when the deal has ended.
	MoveGuest struct {
		Guest  GuestID
		Target HostID
		Force  bool // also if the guest is pinned; the guest may be slowed down so that it converges
	}
	// Forget says that a person has taken care of a guest that needed one.
	Forget struct{ Guest GuestID }
)

func (Set) isOrder()       {}
func (MoveGuest) isOrder() {}
func (Forget) isOrder()    {}

// ordered carries out an order.
func (op *operator) ordered(ev Ordered) {
	switch o := ev.Order.(type) {
	case Set:
		op.change(ev.ID, o.Settings)
	case MoveGuest:
		op.moveGuest(ev.ID, o)
	case Forget:
		op.ledger.forget(ev.ID, o.Guest)
	case Foresee:
		op.foresee(ev.ID, o)
	default:
		op.emit(OrderDone{ID: ev.ID, Why: Refusal{CodeNoOrder, "there is no such order"}})
	}
}

// change journals settings and then applies them.
func (op *operator) change(id uint64, s Settings) {
	if s == op.permits.settings && op.past.recollection.settling == 0 {
		op.emit(OrderDone{ID: id})
		return
	}
	op.ledger.writeSettings(s, func(err Refusal) {
		if !err.Is() {
			was := op.permits.settings
			op.permits.settings = s
			op.takeBack(was)
			if was.Drained && !s.Drained && !s.Home {
				op.past.drains.stay()
			}
			op.emptying = newEmptying()
			op.home.restart()
			op.emit(Changed{Names: loadNames()})
			op.drain()
			op.home.comeHome()
		}
		op.emit(OrderDone{ID: id, Why: err})
	})
}

// Settings returns what the operator has set on this host.
func (c *Core) Settings() Settings { return c.permits.settings }

// Labels returns the labels of this host, sorted.
func (c *Core) Labels() []string { return slices.Clone(c.config.Labels) }
