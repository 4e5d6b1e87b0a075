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
	// reconnectEvery is short: the daemon is on this machine, and to knock at
	// a socket that nobody answers costs nothing.
	reconnectEvery = 2 * time.Second
	// keepAlive is in seconds between two signs of life; keepAliveMissed of
	// them may be missed before the connection counts as broken.
	keepAlive, keepAliveMissed = 5, 3
)

// session is a connection to the daemon with what is registered on it. Each
// registration holds the connection: one that is only closed stays open.
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
	// First: from now on a daemon that hangs is noticed, and calls return.
	if err := conn.SetKeepAlive(keepAlive, keepAliveMissed); err != nil {
		return nil, err
	}
	id, err := conn.DomainEventLifecycleRegister(nil, func(*lv.Connect, *lv.Domain, *lv.DomainEventLifecycle) { p.changed() })
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
		return errors.New("libvirtd gives no sign of life")
	}
	return errors.New("the connection to libvirtd broke")
}

// close takes back what is registered and closes the connection. On one that
// is broken some of that fails, and all of it is let go.
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

// release takes back the reference of acquire.
func (s *session) release() {
	// It cannot fail: the reference was ours.
	_, _ = s.conn.Close()
}

// acquire returns the session with a reference of its own, so that it is not
// freed under a call that hangs; or why there is none.
func (p *Platform) acquire() (*session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session == nil {
		if errors.Is(p.gone, errClosed) {
			return nil, errClosed
		}
		return nil, fmt.Errorf("libvirtd is not there: %w (see `systemctl status libvirtd`; the agent comes back to it by itself)", p.gone)
	}
	return p.session, p.session.conn.Ref()
}

// connect makes a session the platform's.
func (p *Platform) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	select {
	case p.connecting <- struct{}{}:
	default:
		return errors.New("libvirt: the last attempt to connect does not come back: look at libvirtd, and start it anew if it hangs")
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
		return fmt.Errorf("libvirt: %w (is it installed and running? `systemctl start libvirtd`, and `apt-get install libvirt-daemon-system` where it is missing)", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errors.Join(errClosed, s.close())
	}
	p.session, p.gone = s, nil
	return nil
}

// lost gives up a session; a new one is made before long.
func (p *Platform) lost(s *session, err error) {
	p.mu.Lock()
	if p.session != s || p.closed {
		p.mu.Unlock()
		return
	}
	p.session, p.gone = nil, err
	p.mu.Unlock()
	p.o.Logger.Error("libvirt is gone; it is tried again until it is back", "event", "libvirt_lost", "error", err)
	p.changed()
	// Not here: this may be libvirt's own callback, and closing may hang.
	go func() {
		if err := s.close(); err != nil {
			p.o.Logger.Debug("closing a broken connection", "event", "close_failed", "error", err)
		}
	}()
}

// reconnect comes back to a daemon that went away, one attempt at a time.
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
			// It may have broken before its close callback was heeded.
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
		p.changed()
	}
}
