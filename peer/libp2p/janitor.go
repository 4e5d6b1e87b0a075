package libp2p

import (
	"context"
	"time"
)

// janitor closes connections: those of banned peers at once, and unused ones after a
// while.
type janitor struct {
	host *Host
	wake chan struct{} // requests a run; capacity 1
}

func newJanitor(h *Host) *janitor { return &janitor{host: h, wake: make(chan struct{}, 1)} }

// evict requests that connections of banned peers are closed. It never blocks.
func (j *janitor) evict() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// work runs until the context ends.
func (j *janitor) work(ctx context.Context) {
	sweep := time.NewTicker(max(j.host.o.IdleAfter/4, 10*time.Millisecond))
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.wake:
			j.host.shut()
		case <-sweep.C:
			j.sweep()
		}
	}
}

// sweep closes the connections that no link, stream or question uses. The other side
// keeps a stream open to us for as long as it wants the connection.
func (j *janitor) sweep() {
	for _, id := range j.host.host.Network().Peers() {
		meter := j.host.meters.of(id)
		if j.host.links.has(id) || meter.busy() || meter.idle() < j.host.o.IdleAfter {
			continue
		}
		if err := j.host.host.Network().ClosePeer(id); err != nil {
			j.host.o.Logger.Debug("closing an idle connection", "event", "close_failed", "peer", id, "error", err)
		}
	}
}
