package service

import (
	"cmp"
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/past"
	"parley/hostagent/past/glance"
	"parley/hostagent/past/shelf"
)

// pastKeeper keeps what the guests of this host used. The loop hands in looks, its own
// goroutine writes the blocks; it has a lock, and any goroutine may ask it. A nil one
// keeps nothing.
type pastKeeper struct {
	shelf *shelf.Shelf
	log   *slog.Logger
	wake  chan struct{} // holds one request to write

	mu       sync.Mutex
	gatherer past.Gatherer
	waiting  []past.Block // complete, and not yet on the disk
	failed   bool         // the last write failed
}

// waitingMost is how many blocks wait for a disk that takes none: two days.
const waitingMost = 24

// openPast opens the directory. Where that fails the agent runs without: no deal needs it.
func openPast(cfg config.Config, log *slog.Logger) *pastKeeper {
	if cfg.Audit.LoadsFor == 0 {
		return nil
	}
	dir := filepath.Join(cfg.StateDir, "past")
	most, err := cfg.Audit.LoadsBytes()
	var kept *shelf.Shelf
	var cut []string
	if err == nil {
		kept, cut, err = shelf.Open(dir, shelf.Options{KeepFor: cfg.Audit.LoadsFor, Most: most})
	}
	if err != nil {
		log.Error("the loads of guests are not recorded; deals and guests are not affected", "event", "past_failed", "dir", dir, "error", err)
		return nil
	}
	for _, what := range cut {
		log.Warn("a file of recorded loads was not whole and is cut: the agent or the machine ended while it was written",
			"event", "past_cut", "what", what)
	}
	return &pastKeeper{shelf: kept, log: log, wake: make(chan struct{}, 1),
		gatherer: past.Gatherer{Step: cfg.Audit.LoadsEvery, Crowding: hostagent.Crowding}}
}

// look takes a look at the host.
func (p *pastKeeper) look(now time.Time, name string, power []float64, s hostagent.Status) {
	if p == nil {
		return
	}
	host, guests, ok := glance.Of(s, name, power)
	if !ok {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if b, ok := p.gatherer.Look(now, host, guests); ok {
		p.write(b)
	}
}

// write hands a block to the goroutine that writes.
func (p *pastKeeper) write(b past.Block) {
	p.waiting = append(p.waiting, b)
	if over := len(p.waiting) - waitingMost; over > 0 {
		p.waiting = p.waiting[over:]
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run writes blocks until the context ends, and then what is left.
func (p *pastKeeper) run(ctx context.Context) {
	if p == nil {
		return
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-p.wake:
			p.writeWaiting()
		}
	}
	p.mu.Lock()
	if b, ok := p.gatherer.Flush(); ok {
		p.write(b)
	}
	p.mu.Unlock()
	p.writeWaiting()
}

// writeWaiting writes the blocks that wait. What the disk does not take waits for the next
// one.
func (p *pastKeeper) writeWaiting() {
	p.mu.Lock()
	waiting := slices.Clone(p.waiting)
	p.mu.Unlock()
	for _, b := range waiting {
		err := p.shelf.Append(b)
		p.mu.Lock()
		said := p.failed
		p.failed = err != nil
		if i := slices.IndexFunc(p.waiting, func(w past.Block) bool { return w.Start == b.Start }); err == nil && i >= 0 {
			p.waiting = slices.Delete(p.waiting, i, i+1)
		}
		p.mu.Unlock()
		if err != nil {
			if !said {
				p.log.Warn("the loads of guests were not written; they are tried again with the next ones, deals and guests are not affected",
					"event", "past_not_written", "error", err)
			}
			return
		}
	}
}

// between returns the blocks that begin from one time on and before another, the earliest
// first, with the steps of the unfinished one.
func (p *pastKeeper) between(from, to time.Time) ([]past.Block, error) {
	// A block goes from waiting to the disk: who looks in this order misses none.
	p.mu.Lock()
	late := slices.Clone(p.waiting)
	if b, ok := p.gatherer.Sofar(); ok {
		late = append(late, b)
	}
	p.mu.Unlock()
	blocks, err := p.shelf.Between(from, to)
	if err != nil {
		return nil, err
	}
	for _, b := range late {
		if start := time.Unix(b.Start, 0); !start.Before(from) && start.Before(to) {
			blocks = append(blocks, b)
		}
	}
	slices.SortStableFunc(blocks, func(a, b past.Block) int { return cmp.Compare(a.Start, b.Start) })
	return slices.CompactFunc(blocks, func(a, b past.Block) bool { return a.Start == b.Start }), nil
}
