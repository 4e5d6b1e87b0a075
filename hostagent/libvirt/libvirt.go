//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

// Platform is one libvirt daemon. It keeps a connection, and makes a new one
// when that breaks.
type Platform struct {
	o        Options
	endpoint string
	changes  chan struct{}
	calls    chan struct{} // holds a value for each call that is out

	mu        sync.Mutex
	conn      *lv.Connect
	connError error
	closed    bool
	moving    map[hostagent.GuestID]bool // away from here, by this process
	completed map[hostagent.GuestID]hostagent.Migrated

	stop    chan struct{}
	running sync.WaitGroup
}

const (
	// callsMax bounds the calls that hang: a daemon that answers nothing must
	// not cost a thread for every look.
	callsMax     = 16
	reconnectGap = 2 * time.Second
	keepAlive    = 5 // seconds between two signs of life, three of which may be missed
)

// Open connects to the daemon. An error says what to do about it.
func Open(o Options) (hostagent.Platform, error) {
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.DowntimeMax <= 0 {
		o.DowntimeMax = 300 * time.Millisecond
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	reachable, err := endpoint(o.Endpoint, o.MigrateURI)
	if err != nil {
		return nil, err
	}
	if err := events.acquire(); err != nil {
		return nil, err
	}
	p := &Platform{
		o: o, endpoint: reachable,
		changes: make(chan struct{}, 1), calls: make(chan struct{}, callsMax),
		moving: map[hostagent.GuestID]bool{}, completed: map[hostagent.GuestID]hostagent.Migrated{},
		stop: make(chan struct{}),
	}
	ctx, cancel := context.WithTimeout(context.Background(), o.Timeout)
	defer cancel()
	if err := p.connect(ctx); err != nil {
		return nil, errors.Join(err, events.release())
	}
	p.running.Go(p.reconnect)
	return p, nil
}

// Name is "libvirt".
func (p *Platform) Name() string { return "libvirt" }

// Changes says when a guest came, went or changed, and when the daemon did.
func (p *Platform) Changes() <-chan struct{} { return p.changes }

// changed is called from libvirt's callbacks and must not block.
func (p *Platform) changed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	select {
	case p.changes <- struct{}{}:
	default:
	}
}

// connect makes a connection and registers for its events.
func (p *Platform) connect(ctx context.Context) error {
	conn, err := call(ctx, p, "connect to "+p.o.URI, func() (*lv.Connect, error) { return lv.NewConnect(p.o.URI) })
	if err != nil {
		return fmt.Errorf("libvirt: %w (is it installed and running? `systemctl start libvirtd`, and `apt-get install libvirt-daemon-system` where it is missing)", err)
	}
	_, err = call(ctx, p, "register for events", func() (struct{}, error) { return struct{}{}, p.register(conn) })
	if err != nil {
		return errors.Join(fmt.Errorf("libvirt: %w", err), closeConnection(conn))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errors.Join(errors.New("libvirt: the platform is closed"), closeConnection(conn))
	}
	p.conn, p.connError = conn, nil
	return nil
}

func closeConnection(conn *lv.Connect) error {
	_, err := conn.Close()
	return err
}

func (p *Platform) register(conn *lv.Connect) error {
	if _, err := conn.DomainEventLifecycleRegister(nil, func(*lv.Connect, *lv.Domain, *lv.DomainEventLifecycle) {
		p.changed()
	}); err != nil {
		return err
	}
	if _, err := conn.DomainEventJobCompletedRegister(nil, func(_ *lv.Connect, domain *lv.Domain, e *lv.DomainEventJobCompleted) {
		p.jobCompleted(domain, e)
	}); err != nil {
		return err
	}
	if err := conn.RegisterCloseCallback(func(_ *lv.Connect, reason lv.ConnectCloseReason) {
		p.lost(conn, fmt.Errorf("the connection to libvirt broke (reason %d)", reason))
	}); err != nil {
		return err
	}
	return conn.SetKeepAlive(keepAlive, 3)
}

// lost gives up a connection; a new one is made before long.
func (p *Platform) lost(conn *lv.Connect, err error) {
	p.mu.Lock()
	if p.conn != conn || p.closed {
		p.mu.Unlock()
		return
	}
	p.conn, p.connError = nil, err
	p.mu.Unlock()
	p.o.Logger.Error("libvirt is gone; it is tried again until it is back", "error", err)
	p.changed()
	// Closing a connection may hang with the daemon behind it.
	go func() { _ = closeConnection(conn) }()
}

// reconnect tries to come back to a daemon that went away.
func (p *Platform) reconnect() {
	ticker := time.NewTicker(reconnectGap)
	defer ticker.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
		}
		p.mu.Lock()
		conn := p.conn
		p.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), p.o.Timeout)
		if conn != nil {
			alive, err := call(ctx, p, "ask for a sign of life", conn.IsAlive)
			if err == nil && !alive {
				p.lost(conn, errors.New("the connection to libvirt is dead"))
			}
		} else if err := p.connect(ctx); err == nil {
			p.o.Logger.Info("libvirt is back")
			p.changed()
		}
		cancel()
	}
}

// connection returns the connection, or why there is none.
func (p *Platform) connection() (*lv.Connect, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return nil, errors.New("libvirt: the platform is closed")
	case p.conn == nil:
		return nil, fmt.Errorf("libvirt is not there: %w (see `systemctl status libvirtd`; the agent comes back to it by itself)", p.connError)
	}
	return p.conn, nil
}

// call runs a call of libvirt's, which may hang, and gives it up at the
// context's end: its goroutine is then left behind until the call returns.
func call[T any](ctx context.Context, p *Platform, what string, f func() (T, error)) (T, error) {
	var none T
	select {
	case p.calls <- struct{}{}:
	default:
		return none, fmt.Errorf("%s: %d calls to libvirt do not come back: look at libvirtd, and start it anew if it hangs", what, callsMax)
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		<-p.calls
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return none, fmt.Errorf("%s: %w", what, r.err)
		}
		return r.value, nil
	case <-ctx.Done():
		return none, fmt.Errorf("%s: libvirt did not answer in time: %w", what, ctx.Err())
	}
}

// Close ends the connection. Migrations that were begun go on.
func (p *Platform) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	conn := p.conn
	p.conn = nil
	close(p.changes)
	p.mu.Unlock()
	close(p.stop)
	p.running.Wait()
	var err error
	if conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), p.o.Timeout)
		defer cancel()
		_, err = call(ctx, p, "close the connection", func() (struct{}, error) { return struct{}{}, closeConnection(conn) })
	}
	return errors.Join(err, events.release())
}
