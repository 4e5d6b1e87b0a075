package joint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"parley/hostagent"
)

const (
	// kindMost bounds the name of a kind on a connection, in bytes.
	kindMost = 32
	// kindWithin bounds how long the other end may take to name the kind.
	kindWithin = 10 * time.Second
)

// SetAdmission implements hostagent.Admitter: it sets who is asked by each part that lets
// guests in itself.
func (p *Platform) SetAdmission(ask hostagent.Admission) {
	for _, one := range p.parts {
		if admits, is := one.Platform.(hostagent.Admitter); is {
			admits.SetAdmission(ask)
		}
	}
}

// SetDial implements hostagent.Carrier. A connection begins with the kind of guest that
// it is for.
func (p *Platform) SetDial(dial hostagent.Dial) {
	for _, one := range p.parts {
		if carries, is := one.Platform.(hostagent.Carrier); is {
			carries.SetDial(naming(one.Kinds[0], dial))
		}
	}
}

// Settle implements hostagent.Settler: the part that has such a guest takes the word.
func (p *Platform) Settle(guest hostagent.GuestID, here bool) error {
	err := fmt.Errorf("no platform of this host waits for a person's word about the guest %s", guest)
	for _, one := range p.parts {
		settles, is := one.Platform.(hostagent.Settler)
		if !is {
			continue
		}
		if err = settles.Settle(guest, here); err == nil {
			return nil
		}
	}
	return err
}

// naming dials, and names a kind first.
func naming(kind hostagent.Kind, dial hostagent.Dial) hostagent.Dial {
	return func(ctx context.Context, to hostagent.HostID) (hostagent.Conn, error) {
		conn, err := dial(ctx, to)
		if err != nil {
			return nil, err
		}
		release := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
		_, err = conn.Write(append([]byte{byte(len(kind))}, kind...))
		if !release() {
			err = context.Cause(ctx)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("name the kind of guest to the other host: %w", err), conn.Close())
		}
		return conn, nil
	}
}

// Arrive implements hostagent.Carrier: it hands a connection to the part for the kind
// that the other host names. A connection that names another kind ends.
func (p *Platform) Arrive(ctx context.Context, from hostagent.HostID, conn hostagent.Conn) {
	kind, err := kindOn(conn)
	if err != nil {
		p.log.Debug("a connection names no kind of guest", "event", "arrival_without_kind", "host", from, "error", err)
		return
	}
	for _, one := range p.parts {
		if carries, is := one.Platform.(hostagent.Carrier); is && slices.Contains(one.Kinds, kind) {
			carries.Arrive(ctx, from, conn)
			return
		}
	}
	p.log.Debug("a connection is for guests of a kind that this host does not take", "event", "arrival_of_other_kind", "host", from,
		"kind", string(kind))
}

// kindOn reads the kind at the beginning of a connection.
func kindOn(conn hostagent.Conn) (hostagent.Kind, error) {
	if err := conn.SetDeadline(time.Now().Add(kindWithin)); err != nil {
		return "", err
	}
	var length [1]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return "", err
	}
	if length[0] == 0 || length[0] > kindMost {
		return "", fmt.Errorf("the name of a kind has %d bytes: 1 to %d", length[0], kindMost)
	}
	name := make([]byte, length[0])
	if _, err := io.ReadFull(conn, name); err != nil {
		return "", err
	}
	return hostagent.Kind(name), conn.SetDeadline(time.Time{})
}
