package ondisk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/changes"
	"parley/hostagent/memory"
	"parley/internal/hostname"
)

// Options say which host a process is.
type Options struct {
	Site     string // the directory; its path is the same for all hosts
	Host     string // a name that no other host of the site has
	Capacity hostagent.Resources
	Kinds    []hostagent.Kind // of guests that can come; none: virtual machines
	Offers   []string         // what guests may need here, sorted
	Guests   []Guest          // that the host makes, unless they were made in this site before
	Link     memory.Link
	Logger   *slog.Logger // nil: none
}

// Platform is one host of a site. It implements hostagent.Platform.
type Platform struct {
	site     directory
	host     string
	shows    hostagent.Observation // without guests
	capacity hostagent.Resources
	link     memory.Link
	log      *slog.Logger
	lock     *os.File
	listener net.Listener
	work     sync.WaitGroup // migrations and arrivals
	changes  *changes.Signal
	ended    chan struct{} // closed by Close

	// mu guards what follows, and the files of the host's guests.
	mu        sync.Mutex
	closed    bool
	admission hostagent.Admission
	moves     map[string]*move  // by guest, away from here
	arrivals  map[string]Guest  // by guest, on their way here
	used      map[string]*used  // by guest, what runs here
	connected map[net.Conn]bool // arrivals that are asked about or in flight
	counted   time.Time         // CPU time is counted up to here
	unmade    []Guest           // of the configuration, until the first look
}

// used is what a guest has used of this host since the process began.
type used struct {
	memory.Used
	guest Guest // as last seen
}

var _ hostagent.Platform = (*Platform)(nil)

var errClosed = errors.New("the platform is closed")

// pathMost is the longest path of a unix socket on Linux.
const pathMost = 107

// Validate returns what is wrong with the options.
func (o Options) Validate() error {
	if err := hostname.Check(o.Host); err != nil {
		return fmt.Errorf("platform in memory: %w", err)
	}
	switch socket := directory(o.Site).socket(o.Host); {
	case !filepath.IsAbs(o.Site):
		return fmt.Errorf("platform in memory: the site %q is not an absolute path", o.Site)
	case len(socket) > pathMost:
		return fmt.Errorf("platform in memory: the path %s has %d bytes, and a socket's has at most %d: give a shorter site", socket,
			len(socket), pathMost)
	case !(o.Capacity.CPU > 0) || o.Capacity.MemoryBytes <= 0:
		return fmt.Errorf("platform in memory: host %s has %g cores and %d bytes of memory for guests: give both, such as "+
			"capacity: {cpu: 8, memory: 32GiB}", o.Host, o.Capacity.CPU, o.Capacity.MemoryBytes)
	}
	for _, g := range o.Guests {
		if err := g.Validate(); err != nil {
			return fmt.Errorf("platform in memory: %w", err)
		}
	}
	return nil
}

// Open becomes a host of a site. It fails while another process is this host.
func Open(o Options) (_ *Platform, err error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	p := &Platform{
		site: directory(filepath.Clean(o.Site)), host: o.Host, capacity: o.Capacity, link: o.Link.OrDefault(), log: o.Logger,
		changes: changes.New(), ended: make(chan struct{}), moves: map[string]*move{}, arrivals: map[string]Guest{},
		used: map[string]*used{}, connected: map[net.Conn]bool{}, counted: time.Now(), unmade: o.Guests,
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if err := p.site.prepare(p.host); err != nil {
		return nil, err
	}
	// Two ways to the same directory are one site.
	resolved, err := filepath.EvalSymlinks(string(p.site))
	if err != nil {
		return nil, fmt.Errorf("the directory of the site: %w", err)
	}
	p.site = directory(resolved)
	if p.lock, err = p.site.be(p.host); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.lock.Close())
		}
	}()
	p.shows = o.shows(p.site)
	// This process has the lock: a socket that is there is left over.
	socket := p.site.socket(p.host)
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("left-over socket: %w", err)
	}
	if p.listener, err = net.Listen("unix", socket); err != nil {
		return nil, fmt.Errorf("listen for guests: %w", err)
	}
	p.work.Go(p.accept)
	return p, nil
}

// Run starts a guest on the host. Its name must be new to the site.
func (p *Platform) Run(g Guest) error {
	if err := g.Validate(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	made, err := p.make(g)
	if err == nil && !made {
		err = fmt.Errorf("a guest %s was made in this site before", g.Name)
	}
	if err != nil {
		return fmt.Errorf("run on host %s: %w", p.host, err)
	}
	p.changes.Raise()
	return nil
}

// makeAll makes the guests of the configuration that were not made in this site before:
// those are where they are now.
func (p *Platform) makeAll() error {
	var before []string
	for _, g := range p.unmade {
		made, err := p.make(g)
		if err != nil {
			return fmt.Errorf("make the guest %s: %w", g.Name, err)
		}
		if !made {
			before = append(before, g.Name)
		}
	}
	if len(before) > 0 {
		p.log.Info("guests of the configuration were made before, and are not made again", "event", "guests_not_made", "site", p.site,
			"guests", before)
	}
	p.unmade = nil
	return nil
}

func (p *Platform) make(g Guest) (bool, error) {
	if g.Started.IsZero() {
		g.Started = time.Now()
	}
	return p.site.make(p.host, g)
}

// Name returns "memory".
func (p *Platform) Name() string { return "memory" }

// SetAdmission sets who is asked before a guest is admitted. Until then none is.
func (p *Platform) SetAdmission(ask hostagent.Admission) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.admission = ask
}

// Observe implements hostagent.Platform.
func (p *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen, err := p.observe(ctx)
	if err != nil {
		return hostagent.Observation{}, fmt.Errorf("look at host %s: %w", p.host, err)
	}
	return seen, nil
}

func (p *Platform) observe(ctx context.Context) (hostagent.Observation, error) {
	if err := p.usable(ctx); err != nil {
		return hostagent.Observation{}, err
	}
	// Not when it opens: an agent that cannot start makes no guests.
	if err := p.makeAll(); err != nil {
		return hostagent.Observation{}, err
	}
	guests, err := p.site.guests(p.host)
	if err != nil {
		return hostagent.Observation{}, err
	}
	p.count(guests)
	seen := observation(p.shows, guests)
	for i := range seen.Guests {
		g := &seen.Guests[i]
		total := p.used[g.Name]
		g.CPUTime, g.Delay, g.Leaving = total.CPU, total.Delay, p.moves[g.Name] != nil
	}
	return withArrivals(seen, p.arrivals), nil
}

func (p *Platform) usable(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case p.closed:
		return errClosed
	}
	return nil
}

// count adds up what the guests have used since the last count.
func (p *Platform) count(now []Guest) {
	at := time.Now()
	var wants []func(time.Time) float64
	var totals []*used
	for _, total := range p.used {
		wants, totals = append(wants, total.guest.wants), append(totals, total)
	}
	for i, more := range memory.ShareCores(p.capacity.CPU, p.counted, at, wants) {
		totals[i].CPU += more.CPU
		totals[i].Delay += more.Delay
	}
	p.counted = at
	before := p.used
	p.used = map[string]*used{}
	for _, g := range now {
		total := before[g.Name]
		if total == nil {
			total = &used{}
		}
		total.guest = g
		p.used[g.Name] = total
	}
}

// SetRules implements hostagent.Platform.
func (p *Platform) SetRules(ctx context.Context, id hostagent.GuestID, rules hostagent.Rules) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return err
	}
	g, err := p.find(id)
	if err != nil {
		return err
	}
	g.Rules = rules
	if err := p.site.write(p.host, g); err != nil {
		return err
	}
	p.changes.Raise()
	return nil
}

// find reads a guest that runs here. The caller holds mu.
func (p *Platform) find(id hostagent.GuestID) (Guest, error) {
	if hostname.Check(string(id)) != nil {
		return Guest{}, fmt.Errorf("no guest %q runs on host %s", id, p.host)
	}
	g, err := p.site.read(p.host, string(id))
	if errors.Is(err, os.ErrNotExist) {
		return g, fmt.Errorf("no guest %s runs on host %s", id, p.host)
	}
	return g, err
}

// Changes implements hostagent.Platform.
func (p *Platform) Changes() <-chan struct{} { return p.changes.C() }

// Close ends the platform, its migrations and the arrivals, and waits for them. The
// guests stay in their files.
func (p *Platform) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.changes.Close()
	close(p.ended)
	for _, m := range p.moves {
		m.stop(errClosed)
	}
	err := p.listener.Close()
	for conn := range p.connected {
		err = errors.Join(err, conn.Close())
	}
	p.mu.Unlock()
	p.work.Wait()
	return errors.Join(err, p.lock.Close())
}
