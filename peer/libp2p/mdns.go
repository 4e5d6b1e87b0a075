package libp2p

import (
	"context"
	"fmt"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/discovery/mdns"
)

// finder handles mDNS results. It learns addresses of listed peers only.
type finder struct{ host *Host }

func (f finder) HandlePeerFound(info p2p.AddrInfo) {
	if f.host.roster.member(info.ID) == nil {
		return // not listed: mDNS brings addresses, never identities
	}
	f.host.book.add(info.ID, info.Addrs)
	f.host.links.tryNow(info.ID)
}

// discover announces this host on the local network until the context ends.
func (h *Host) discover(ctx context.Context) error {
	service := mdns.NewMdnsService(h.host, "_parley-"+h.o.Group+"._udp", finder{h})
	if err := service.Start(); err != nil {
		return fmt.Errorf("mDNS (switch it off with `mdns: false` where the network has no multicast): %w", err)
	}
	h.running.Go(func() {
		<-ctx.Done()
		if err := service.Close(); err != nil {
			h.o.Logger.Debug("closing mDNS", "event", "close_failed", "error", err)
		}
	})
	return nil
}
