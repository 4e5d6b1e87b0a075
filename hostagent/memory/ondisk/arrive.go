package ondisk

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"parley/hostagent"
)

// connectionsMost bounds the migrations to a host at one time, those that are asked about
// included.
const connectionsMost = 64

// askWithin bounds the question about a migration and its answer.
const askWithin = 5 * time.Second

// accept takes connections until the platform is closed.
func (p *Platform) accept() {
	for {
		conn, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			p.log.Error("no guest can come any more", "event", "arrivals_failed", "error", err)
			return
		}
		if p.enter(conn) {
			p.work.Go(func() {
				p.arrive(conn)
				p.leave(conn)
			})
		} else {
			_ = conn.Close() // the source sees that
		}
	}
}

// enter registers a connection, so that Close ends it.
func (p *Platform) enter(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.connected) >= connectionsMost {
		return false
	}
	p.connected[conn] = true
	return true
}

func (p *Platform) leave(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.connected, conn)
	_ = conn.Close() // Close may have closed it before
}

// arrive answers one source, and shows the guest as incoming until the source has closed
// the connection.
func (p *Platform) arrive(conn net.Conn) {
	if err := conn.SetDeadline(time.Now().Add(askWithin)); err != nil {
		return
	}
	var asked asks
	if receive(conn, &asked) != nil || asked.Guest.Validate() != nil {
		return // no host of this program sends that
	}
	why := p.admit(asked)
	if !why.Is() {
		defer p.arrived(asked.Guest.Name)
	}
	if send(conn, answers{why.Code, why.Detail}) != nil || conn.SetDeadline(time.Time{}) != nil || why.Is() {
		return
	}
	untilClosed(conn)
}

// admit decides about a guest and, if it may come, shows it as incoming.
func (p *Platform) admit(asked asks) hostagent.Refusal {
	p.mu.Lock()
	ask := p.admission
	why := p.present(asked.Guest.Name)
	p.mu.Unlock()
	switch {
	case why.Is():
		return why
	case p.shows.Endpoints[asked.Guest.Kind.Known()] == "":
		none := "the guest is a " + asked.Guest.Kind.Words() + ", and this host takes none"
		return hostagent.Refusal{Code: hostagent.CodeKind, Detail: none}
	case ask == nil:
		return hostagent.Refusal{Code: hostagent.CodeSilent, Detail: "the target's agent is starting"}
	}
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	if why := ask(ctx, hostagent.AdmissionAsked{
		Guest: asked.Guest.id(), Kind: asked.Guest.Kind.Known(), Deal: asked.Deal, Token: asked.Token, Need: asked.Guest.declared(),
		Rules: asked.Guest.Rules,
	}); why.Is() {
		return why
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// The state may have changed while the agent was asked.
	if why := p.present(asked.Guest.Name); why.Is() {
		return why
	}
	p.arrivals[asked.Guest.Name] = asked.Guest
	p.changes.Raise()
	return hostagent.Refusal{}
}

// present says that a guest is here or on its way here. The caller holds mu.
func (p *Platform) present(guest string) hostagent.Refusal {
	_, coming := p.arrivals[guest]
	_, err := os.Lstat(p.site.guest(p.host, guest))
	switch {
	case p.closed:
		return hostagent.Refusal{Code: hostagent.CodeSilent, Detail: "the target's agent is stopping"}
	case coming || !errors.Is(err, os.ErrNotExist):
		return hostagent.Refusal{Code: hostagent.CodePresent, Detail: "the guest is on this host, or on its way here, already"}
	}
	return hostagent.Refusal{}
}

// arrived ends the way of a guest; its file says whether it came.
func (p *Platform) arrived(guest string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.arrivals, guest)
	p.changes.Raise()
}
