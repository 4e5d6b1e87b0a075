package peer

import (
	"fmt"
	"maps"

	"parley/lcc"
)

// backoffs hold the peers whose messages made an agent fail, for each model. Messages
// of such a peer in that model are refused during its back-off, which doubles each
// time; messages of other peers are not affected.
type backoffs struct {
	of map[provocation]backoff
}

type provocation struct {
	peer  lcc.PeerID
	model lcc.Digest
}

type backoff struct {
	times int // in a row
	until lcc.Instant
}

const (
	backoffFirst = lcc.Instant(5_000_000_000)
	backoffMost  = 7 // doublings, up to ten minutes
	backoffsMax  = 4096
)

// note starts a back-off, or a longer one.
func (b *backoffs) note(who provocation, now lcc.Instant) {
	if b.of == nil {
		b.of = map[provocation]backoff{}
	}
	if _, known := b.of[who]; !known && len(b.of) >= backoffsMax {
		maps.DeleteFunc(b.of, func(_ provocation, one backoff) bool { return one.forgotten(now) })
		if len(b.of) >= backoffsMax {
			return
		}
	}
	one := b.of[who]
	if one.forgotten(now) {
		one = backoff{}
	}
	one.until = now + one.lasts(one.times)
	one.times = min(one.times+1, backoffMost)
	b.of[who] = one
}

func (one backoff) lasts(times int) lcc.Instant { return backoffFirst << times }

// forgotten reports whether a peer starts again with the shortest back-off: it has
// behaved for another length of its last back-off.
func (one backoff) forgotten(now lcc.Instant) bool { return now >= one.until+one.lasts(one.times) }

// refuses reports whether a message of a peer in a model is bounced now, and why.
func (b *backoffs) refuses(who provocation, now lcc.Instant) (lcc.Reason, bool) {
	one, known := b.of[who]
	if !known || now >= one.until {
		return lcc.Reason{}, false
	}
	return lcc.Reason{Code: lcc.ReasonRefused, Detail: fmt.Sprintf("a message of this peer made an agent fail, %d times in a row: "+
		"this model refuses its messages for a while", one.times)}, true
}
