//go:build cgo && libvirt_dlopen

package libvirt

import (
	"time"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

// dirtyFor is how many seconds one measurement of a guest's dirty rate takes, one guest
// per host at a time.
const dirtyFor = 1

// dirtied reads a guest's dirty rate as last measured.
func dirtied(s lv.DomainStats, g *hostagent.Guest) {
	d := s.DirtyRate
	if d == nil || !d.CalcStatusSet || lv.DomainDirtyRateStatus(d.CalcStatus) != lv.DOMAIN_DIRTYRATE_MEASURED || !d.MegabytesPerSecondSet {
		return
	}
	g.DirtyRate, g.DirtyKnown = d.MegabytesPerSecond<<20, true
}

// measureDirty starts the measurement of one guest whose turn it is. A guest that
// cannot be measured is skipped until its next turn; its price is then unknown.
func (p *Platform) measureDirty(stats []lv.DomainStats, guests map[*lv.Domain]hostagent.Guest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for id, at := range p.measuredAt {
		if now.Sub(at) > 2*p.o.DirtyEvery {
			delete(p.measuredAt, id)
		}
	}
	for _, s := range stats {
		g, ok := guests[s.Domain]
		if !ok || g.State != hostagent.Running || g.Leaving || now.Sub(p.measuredAt[g.ID]) < p.o.DirtyEvery {
			continue
		}
		p.measuredAt[g.ID] = now
		if err := s.Domain.StartDirtyRateCalc(dirtyFor, lv.DOMAIN_DIRTYRATE_MODE_PAGE_SAMPLING); err != nil {
			p.o.Logger.Debug("how fast a guest writes to its memory cannot be measured", "event", "dirty_rate_unknown", "guest", g.Name,
				"error", plain(err))
		}
		return
	}
}
