//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"fmt"
	"time"

	lv "libvirt.org/go/libvirt"
)

const (
	// reconnectEvery is short: the daemon is on this machine, and an attempt to connect
	// to an unused socket costs nothing.
	reconnectEvery = 2 * time.Second
	// keepAlive is the interval of keep-alive messages in seconds; the connection
	// counts as broken after keepAliveMissed unanswered ones.
	keepAlive, keepAliveMissed = 5, 3
)

// session is a connection to the daemon with its registrations. Each registration has a
// reference to the connection: closing alone does not end it.
type session struct {
	conn   *lv.Connect
	events []int
	closes bool // its close callback is registered
}

// openSession connects and registers for events. It may hang with the daemon.
func (p *Platform) openSession() (_ *session, err error) {
	conn, err := lv.NewConnect(p.o.URI)
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	// First of all, so that a hanging daemon is noticed and calls return.
	if err := conn.SetKeepAlive(keepAlive, keepAliveMissed); err != nil {
		return nil, err
	}
	id, err := conn.DomainEventLifecycleRegister(nil, func(*lv.Connect, *lv.Domain, *lv.DomainEventLifecycle) { p.changes.Raise() })
	if err != nil {
		return nil, err
	}
	s.events = append(s.events, id)
	id, err = conn.DomainEventJobCompletedRegister(nil, func(_ *lv.Connect, domain *lv.Domain, e *lv.DomainEventJobCompleted) {
		p.jobCompleted(domain, e)
	})
	if err != nil {
		return nil, err
	}
	s.events = append(s.events, id)
	id, err = conn.DomainEventMigrationIterationRegister(nil, func(_ *lv.Connect, domain *lv.Domain, e *lv.DomainEventMigrationIteration) {
		p.iterated(domain)
	})
	if err != nil {
		return nil, err
	}
	s.events = append(s.events, id)
	if err := conn.RegisterCloseCallback(func(_ *lv.Connect, reason lv.ConnectCloseReason) { p.lost(s, brokeBecause(reason)) }); err != nil {
		return nil, err
	}
	s.closes = true
	return s, nil
}

func brokeBecause(reason lv.ConnectCloseReason) error {
	switch reason {
	case lv.CONNECT_CLOSE_REASON_EOF:
		return errors.New("libvirtd ended")
	case lv.CONNECT_CLOSE_REASON_KEEPALIVE:
		return errors.New("libvirtd does not answer")
	}
	return errors.New("the connection to libvirtd broke")
}

// close removes the registrations and closes the connection. On a broken connection
// some of these calls fail, but everything is released.
func (s *session) close() error {
	var errs []error
	for _, id := range s.events {
		errs = append(errs, s.conn.DomainEventDeregister(id))
	}
	if s.closes {
		errs = append(errs, s.conn.UnregisterCloseCallback())
	}
	_, err := s.conn.Close()
	return errors.Join(append(errs, err)...)
}

// release drops the reference taken by acquire.
func (s *session) release() {
	// It cannot fail: the reference is held.
	_, _ = s.conn.Close()
}

// acquire returns the session with an additional reference, so that it is not freed
// under a hanging call; or an error if there is none.
func (p *Platform) acquire() (*session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session == nil {
		if errors.Is(p.gone, errClosed) {
			return nil, errClosed
		}
		return nil, fmt.Errorf("libvirtd does not run: %w (see `systemctl status libvirtd`; the agent reconnects by itself)", p.gone)
	}
	return p.session, p.session.conn.Ref()
}

// connect opens a session and makes it the platform's.
func (p *Platform) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	select {
	case p.connecting <- struct{}{}:
	default:
		return errors.New("libvirt: the last attempt to connect does not return: look at libvirtd, and restart it if it hangs")
	}
	open := func() (*session, error) {
		defer func() { <-p.connecting }()
		return p.openSession()
	}
	s, err := callOrDrop(ctx, p, "connect to "+p.o.URI, open, func(s *session) {
		if err := s.close(); err != nil {
			p.o.Logger.Debug("closing a connection that came too late", "event", "close_failed", "error", err)
		}
	})
	if err != nil {
		return fmt.Errorf("libvirt: %w (is it installed and running? `systemctl start libvirtd`, and `apt-get install libvirt-daemon-system` "+
			"where it is missing)", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errors.Join(errClosed, s.close())
	}
	p.session, p.gone = s, nil
	return nil
}

// lost drops a broken session; reconnect opens a new one.
func (p *Platform) lost(s *session, err error) {
	p.mu.Lock()
	if p.session != s || p.closed {
		p.mu.Unlock()
		return
	}
	p.session, p.gone = nil, err
	p.mu.Unlock()
	p.o.Logger.Error("the connection to libvirt is lost; the agent tries to reconnect", "event", "libvirt_lost", "error", err)
	p.changes.Raise()
	// Asynchronously: this may be libvirt's callback, and closing may hang.
	go func() {
		if err := s.close(); err != nil {
			p.o.Logger.Debug("closing a broken connection", "event", "close_failed", "error", err)
		}
	}()
}

// reconnect reconnects to a daemon that went away, one attempt at a time.
func (p *Platform) reconnect() {
	ticker := time.NewTicker(reconnectEvery)
	defer ticker.Stop()
	for {
		select {
		case <-p.incarnation.Done():
			return
		case <-ticker.C:
		}
		if s, err := p.acquire(); err == nil {
			// The connection may have broken before its close callback ran.
			if alive, err := s.conn.IsAlive(); err == nil && !alive {
				p.lost(s, errors.New("the connection to libvirtd is dead"))
			}
			s.release()
			continue
		}
		if err := p.connect(p.incarnation); err != nil {
			p.o.Logger.Debug("libvirt is still gone", "event", "libvirt_lost", "error", err)
			continue
		}
		p.o.Logger.Info("libvirt is back", "event", "libvirt_back")
		p.changes.Raise()
	}
}
