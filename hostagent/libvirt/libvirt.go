//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
	"parley/hostagent/changes"
)

// Built says whether this build includes libvirt.
const Built = true

// Platform is one libvirt daemon. It keeps a connection, and reconnects when it breaks.
type Platform struct {
	o        Options
	endpoint string
	changes  *changes.Signal
	calls    chan struct{} // holds a value for each call in progress
	// connecting holds a value while an attempt to connect is in progress.
	connecting chan struct{}

	mu        sync.Mutex
	session   *session // nil while the daemon is gone
	gone      error    // why session is nil
	closed    bool
	moving    map[hostagent.GuestID]*move // away from here, by this process
	inspector *inspector
	pending   pending
	// measuredAt is when each guest's dirty rate was last measured.
	measuredAt map[hostagent.GuestID]time.Time

	incarnation context.Context // ends with Close
	end         context.CancelFunc
	running     sync.WaitGroup
}

// Open connects to the daemon. Its errors say what to do.
func Open(o Options) (hostagent.Platform, error) {
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.DowntimeMax <= 0 {
		o.DowntimeMax = 300 * time.Millisecond
	}
	if o.StallMax <= 0 {
		o.StallMax = time.Minute
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
		changes: changes.New(), calls: make(chan struct{}, callsMax), connecting: make(chan struct{}, 1),
		moving: map[hostagent.GuestID]*move{}, measuredAt: map[hostagent.GuestID]time.Time{},
	}
	p.inspector = newInspector(p.inspect, p.changes.Raise)
	p.incarnation, p.end = context.WithCancel(context.Background())
	if err := p.connect(p.incarnation); err != nil {
		p.end()
		events.release()
		return nil, err
	}
	p.running.Go(p.reconnect)
	p.running.Go(func() { p.inspector.run(p.incarnation) })
	return p, nil
}

// Name is "libvirt".
func (p *Platform) Name() string { return "libvirt" }

// Changes signals that a guest came, left or changed, or that the daemon did.
func (p *Platform) Changes() <-chan struct{} { return p.changes.C() }

// free frees a domain's handle. It fails only because of a bug.
func (p *Platform) free(domain *lv.Domain) {
	if err := domain.Free(); err != nil {
		p.o.Logger.Debug("freeing the handle of a domain", "event", "close_failed", "error", err)
	}
}

// Close ends the connection. Migrations in flight and hanging calls continue: the
// connection is freed with the last of them.
func (p *Platform) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	s := p.session
	p.session, p.gone = nil, errClosed
	p.changes.Close()
	p.mu.Unlock()
	p.end()
	p.running.Wait()
	var err error
	if s != nil {
		ctx, cancel := context.WithTimeout(context.Background(), p.o.Timeout)
		defer cancel()
		_, err = call(ctx, p, "close the connection", func() (struct{}, error) { return struct{}{}, s.close() })
	}
	events.release()
	return err
}

var errClosed = errors.New("the platform is closed")
