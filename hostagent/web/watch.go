package web

import (
	"context"
	"sync"
	"time"

	"parley/hostagent/site"
)

// watch looks at the site while somebody reads, however many they are, and hands each
// reader the latest picture. It is safe for concurrent use.
type watch struct {
	source  Source
	every   time.Duration
	perHost time.Duration  // at least this between two looks for each host
	marks   func(*picture) // adds to a picture; nil: nothing
	sooner  chan struct{}  // asks for a look at once

	mu      sync.Mutex
	readers map[chan *picture]bool
	latest  *picture
	stop    context.CancelFunc // of the looks; nil: nobody reads
}

func newWatch(source Source, every time.Duration) *watch {
	return &watch{source: source, every: every, perHost: hostCosts, sooner: make(chan struct{}, 1), readers: map[chan *picture]bool{}}
}

// read returns a channel with the latest picture, and what ends it.
func (w *watch) read() (<-chan *picture, func()) {
	c := make(chan *picture, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.readers[c] = true
	if w.stop == nil {
		ctx, cancel := context.WithCancel(context.Background())
		w.stop, w.latest = cancel, nil
		go w.look(ctx)
	} else if w.latest != nil {
		c <- w.latest
	}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.readers, c)
		if len(w.readers) == 0 {
			w.stop()
			w.stop = nil
		}
	}
}

// askWithin is how long the hosts have for their answers.
const askWithin = 2 * time.Second

// look looks until the context ends. A large site is looked at more rarely.
func (w *watch) look(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var last site.Report
	for {
		select {
		case <-timer.C:
		case <-w.sooner:
		case <-ctx.Done():
			return
		}
		report, err := w.source.Site(ctx, askWithin)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			last = report
		}
		drawn := draw(last, err)
		if w.marks != nil {
			w.marks(drawn)
		}
		w.show(ctx, drawn)
		timer.Reset(max(w.every, time.Duration(len(last.Hosts))*w.perHost))
	}
}

// again has the site looked at at once, if somebody reads.
func (w *watch) again() {
	select {
	case w.sooner <- struct{}{}:
	default:
	}
}

// hostCosts is the usual time between two looks for each host, if there are many: answers of a
// thousand hosts take several megabytes.
const hostCosts = 20 * time.Millisecond

// show hands a picture to all readers. One who has not taken the last one gets this in its
// place.
func (w *watch) show(ctx context.Context, p *picture) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return // the readers are those of a later look
	}
	w.latest = p
	for c := range w.readers {
		select {
		case <-c:
		default:
		}
		c <- p
	}
}
