package store

import (
	"strings"
	"time"

	"parley/hostagent/audit"
)

// quota bounds what is kept. Each stream has a share that nobody else can take from
// it; beyond its share a stream keeps what others leave.
type quota struct {
	entries int
	bytes   int64
	keepFor time.Duration
}

const (
	// hostMost is the part of all that another host's stream may ever have.
	hostMost = 8
	// hostsLeast is among how many hosts their half is divided at least.
	hostsLeast = 8
	// agedMost bounds how many entries are forgotten for their age with each new
	// one: a clock that is ahead for a moment empties nothing.
	agedMost = 2
	// textMost and dataMost bound the parts of an entry.
	textMost = 4 << 10
	dataMost = 32 << 10
)

// part is what a stream is sure of, as one part of so many of the whole.
func part(stream string, hosts int) int {
	switch stream {
	case streamOrders:
		return 4
	case streamDeals, streamPolicies:
		return 8
	}
	return 2 * max(hostsLeast, hosts)
}

// excess says by how much a stream is beyond a part of the quota; 1 is all of it.
func (q quota) excess(h *Head, part int) float64 {
	if h.count() <= 1 {
		return -1 // the last one stays
	}
	entries := float64(h.count()) - float64(q.entries)/float64(part)
	bytes := float64(h.Bytes) - float64(q.bytes)/float64(part)
	return max(entries/float64(q.entries), bytes/float64(q.bytes))
}

// trim forgets what is beyond the quota: of a host that has more than any may, and
// as long as there is too much in all of the stream that is furthest beyond its share.
func (q quota) trim(c *chain) error {
	hosts, entries, bytes := 0, 0, int64(0)
	for name, h := range c.heads {
		if strings.HasPrefix(name, hostPrefix) {
			hosts++
			for c.changed[name] && q.excess(h, hostMost) > 0 {
				if err := c.prune(name); err != nil {
					return err
				}
			}
		}
		entries += h.count()
		bytes += h.Bytes
	}
	names := c.names()
	for entries > q.entries || bytes > q.bytes {
		name, most := "", 0.0
		for _, one := range names {
			if by := q.excess(c.heads[one], part(one, hosts)); by > most {
				name, most = one, by
			}
		}
		if name == "" {
			return nil // each stream is within its share
		}
		entries--
		bytes += -c.heads[name].Bytes
		if err := c.prune(name); err != nil {
			return err
		}
		bytes += c.heads[name].Bytes
	}
	return nil
}

// age forgets the oldest entries of all where they are too old, a few for each new
// one.
func (q quota) age(c *chain, added int, now time.Time) error {
	for range agedMost * added {
		key, data := c.tx.Bucket(bucketEntries).Cursor().First()
		if key == nil {
			return nil
		}
		s, err := decodeStored(data)
		if err != nil {
			return err
		}
		h := c.heads[s.Stream]
		if s.At.After(now.Add(-q.keepFor)) || h == nil || h.Pruned+1 != s.N {
			return nil
		}
		if err := c.prune(s.Stream); err != nil {
			return err
		}
	}
	return nil
}

// cut makes an entry no longer than an entry may be.
func cut(e audit.Entry) audit.Entry {
	for _, text := range []*string{&e.Kind, &e.Deal, &e.Guest, &e.Name, &e.Source, &e.Target, &e.Side, &e.State, &e.Reason, &e.By} {
		if len(*text) > textMost {
			*text = strings.ToValidUTF8((*text)[:textMost], "") + "..."
		}
	}
	if len(e.Data) > dataMost {
		e.Data = nil
		e.Reason = "what was said is too long to be kept"
	}
	return e
}

// clock is the time that entries are forgotten by: the earlier of the clock on the
// wall and of what has passed since the start. A clock that is set ahead counts from
// the next start on.
type clock struct {
	began time.Time // on the monotonic clock
	wall  time.Time // what the clock on the wall showed then
	now   func() time.Time
}

func newClock() clock {
	now := time.Now()
	return clock{began: now, wall: now.Round(0), now: time.Now}
}

func (c clock) time() time.Time {
	passed := c.wall.Add(time.Since(c.began))
	if wall := c.now().Round(0); wall.Before(passed) {
		return wall
	}
	return passed
}
