package hostagent

import (
	"cmp"
	"maps"

	"parley/lcc"
)

// beginQuota bound how many deals and questions one host may begin here in a while.
// Each costs this host work, also where it is refused: a proposal the check of a
// signature above all. It is looked at before that check.
type beginQuota struct {
	atOnce int                    // 0: beginsAtOnce
	until  map[HostID]lcc.Instant // when all that a host began is earned back
}

const (
	// beginEvery is how fast a host earns back a question; a proposal counts as
	// proposeWeight of them. beginsAtOnce is how many it may begin at once: a drain of
	// hundreds of guests asks each host about every one of them.
	beginEvery    = lcc.Instant(10_000_000)
	proposeWeight = 5
	beginsAtOnce  = 1000
	beginnersMax  = 4096 // hosts of which that is remembered
)

// takes counts what a host begins, and says whether it is gone into.
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
			return true // none of so many hosts is told from the others
		}
	}
	if b.until == nil {
		b.until = map[HostID]lcc.Instant{}
	}
	b.until[from] = until
	return true
}
