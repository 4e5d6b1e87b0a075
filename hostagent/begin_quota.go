package hostagent

import (
	"cmp"
	"maps"

	"parley/lcc"
)

// beginQuota limits the rate at which one host may begin deals and questions here. Each
// costs this host work even if it is refused, most of all a proposal: its signature
// must be verified. The quota is checked before the signature.
type beginQuota struct {
	atOnce int                    // 0: beginsAtOnce
	until  map[HostID]lcc.Instant // when the host's quota is full again
}

const (
	// beginEvery is the time in which a host earns back one question; a proposal counts
	// as proposeWeight questions. beginsAtOnce is the burst: a drain of hundreds of
	// guests asks each host about every one of them.
	beginEvery    = lcc.Instant(10_000_000)
	proposeWeight = 5
	beginsAtOnce  = 1000
	beginnersMax  = 4096 // most hosts remembered
)

// takes charges a host for what it begins, and says whether to process it.
func (b *beginQuota) takes(from HostID, kind string, now lcc.Instant) bool {
	cost := beginEvery
	if kind == kindPropose {
		cost *= proposeWeight
	}
	until := max(b.until[from], now) + cost
	if until > now+lcc.Instant(cmp.Or(b.atOnce, beginsAtOnce))*beginEvery {
		return false
	}
	if _, known := b.until[from]; !known && len(b.until) >= beginnersMax {
		maps.DeleteFunc(b.until, func(_ HostID, until lcc.Instant) bool { return until <= now })
		if len(b.until) >= beginnersMax {
			return true // the table is full: hosts are not distinguished
		}
	}
	if b.until == nil {
		b.until = map[HostID]lcc.Instant{}
	}
	b.until[from] = until
	return true
}
