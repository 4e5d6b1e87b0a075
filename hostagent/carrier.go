package hostagent

import (
	"context"
	"io"
	"time"
)

// Admission decides whether a migration to this host may begin; the zero Refusal admits
// the guest.
type Admission func(ctx context.Context, arriving AdmissionAsked) Refusal

// Admitter is a platform that asks Parley itself before it lets a guest in. One that
// cannot, such as libvirt, has a hook of its own that asks the agent's socket.
type Admitter interface {
	// SetAdmission sets who is asked; until then every guest is refused.
	SetAdmission(ask Admission)
}

// Carrier is a platform that carries its guests itself, over the agents' own
// authenticated connections.
type Carrier interface {
	Platform
	Admitter
	// SetDial sets how the platform reaches that of the same kind at another host; until
	// then every migration fails. The connection is closed by its caller.
	SetDial(dial Dial)
	// Arrive serves a connection that another host's platform has dialled, and returns
	// once it is done with it. The host is authenticated. The caller closes the
	// connection then, or before to end it.
	Arrive(ctx context.Context, from HostID, conn Conn)
}

// Settler is a platform that asks a person where a guest runs that was released to a host
// which is silent.
type Settler interface {
	// Settle takes a person's word: the guest runs, or is to run, here; or it does not.
	Settle(guest GuestID, here bool) error
}

// Dial connects to another host's platform of the same kind.
type Dial func(ctx context.Context, to HostID) (Conn, error)

// Conn is a connection between two platforms. Each method is safe for concurrent use
// with the others.
type Conn interface {
	io.ReadWriteCloser
	SetDeadline(t time.Time) error
	// CloseWrite says that nothing more comes from here; the other side reads io.EOF.
	CloseWrite() error
}
