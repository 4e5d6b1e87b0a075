package hostagent

import "slices"

// Settings are what an operator has told this host. They are journalled, so
// that a host that was drained stays so.
type Settings struct {
	Paused  bool `cbor:"1,keyasint,omitempty"` // no deal of a model is begun
	Drained bool `cbor:"2,keyasint,omitempty"` // no guest comes, and those that are here are moved away
	Force   bool `cbor:"3,keyasint,omitempty"` // a drain moves pinned guests too and may slow down a guest that does not get away
}

var (
	paused  = Refusal{CodePaused, "the host is paused by its operator (`parley resume`)"}
	drained = Refusal{CodeDrained, "the host is drained by its operator (`parley undrain`)"}
)

// Order is what an operator wants of a host: Set, MoveGuest or Forget.
type Order interface{ isOrder() }

type (
	// Set replaces the settings; it is answered when they are durable.
	Set struct{ Settings Settings }
	// MoveGuest moves a guest: to a host, or with Target "" to the one of some
	// that would be the least loaded. It is a deal like any other, but no
	// model is asked, the guest need not have cooled down, and the mode
	// Recommend does not keep it back. It is answered when the deal has ended.
	MoveGuest struct {
		Guest  GuestID
		Target HostID
		Force  bool // pinned guests too; the guest may be slowed down to get it away
	}
	// Forget says that a person has looked after a guest that needed one.
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
	default:
		op.emit(orderDone(ev.ID, Refusal{CodeNoOrder, "there is no such order"}))
	}
}

// change journals settings and then lives by them.
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
			op.emptying = newEmptying()
			op.emit(Changed{Names: loadNames()})
			op.drain()
		}
		op.emit(orderDone(id, err))
	})
}

// Settings returns what the operator has told this host.
func (c *Core) Settings() Settings { return c.permits.settings }

// Labels are those of this host, sorted.
func (c *Core) Labels() []string { return slices.Clone(c.config.Labels) }
