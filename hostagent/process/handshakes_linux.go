package process

import (
	"context"
	"time"

	"parley/hostagent/connections"
	"parley/hostagent/guestnet"
)

// A handshake of which the target knows nothing is refused there. So those in flight come to
// their end before the bridges are turned, and no other begins.
const (
	handshakesWithin = 10 * time.Millisecond // those of a peer that does not answer are not waited for
	handshakesAgain  = 200 * time.Microsecond
)

// handshakes counts those of a guest.
type handshakes struct{ room *guestnet.Room }

// handshakesOf makes ready to count them, which takes some time; nil for a guest that has no
// network of its own.
func (v moves) handshakesOf(g *guest) (*handshakes, error) {
	if g.rec.Spec.Network == nil {
		return nil, nil
	}
	room, err := guestnet.Enter(v.p.networks.namespace(g.rec.ID))
	if err != nil {
		return nil, err
	}
	return &handshakes{room}, nil
}

func (h *handshakes) close() {
	if h != nil {
		h.room.Close()
	}
}

// end has the sockets that listen begin no handshake, and waits for those that have begun.
func (h *handshakes) end(ctx context.Context, own []held) error {
	for _, s := range own {
		if !s.listens {
			continue
		}
		if err := connections.BeginNone(s.fd); err != nil {
			return err
		}
	}
	for until := time.Now().Add(handshakesWithin); ; {
		n := 0
		if err := h.room.Do(func() (err error) { n, err = connections.Handshakes(); return err }); err != nil {
			return err
		}
		if n == 0 || time.Now().After(until) {
			return nil
		}
		select {
		case <-time.After(handshakesAgain):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
