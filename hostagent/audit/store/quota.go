package store

import (
	"strings"
	"time"

	"parley/hostagent/audit"
)

// quota bounds what is kept. Each stream has a share that no other stream can take;
// beyond its share a stream may use what others leave free.
type quota struct {
	entries int
	bytes   int64
	keepFor time.Duration
}

const (
	// hostMost: another host's stream may have at most 1/hostMost of the whole.
	hostMost = 8
	// hostsLeast is the minimum number of hosts among which their half is divided.
	hostsLeast = 8
	// agedMost bounds how many entries are dropped for their age with each new one, so
	// that a clock that is briefly ahead does not empty the audit.
	agedMost = 2
	// textMost and dataMost bound the parts of an entry, in bytes.
	textMost = 4 << 10
	dataMost = 32 << 10
)

// part returns the divisor of a stream's guaranteed share of the whole.
func part(stream string, hosts int) int {
	switch stream {
	case streamOrders:
		return 4
	case streamDeals, streamPolicies:
		return 8
	}
	return 2 * max(hostsLeast, hosts)
}

// excess returns by how much a stream exceeds 1/part of the quota; 1 is the whole
// quota.
func (q quota) excess(h *Head, part int) float64 {
	if h.count() <= 1 {
		return -1 // the last one stays
	}
	entries := float64(h.count()) - float64(q.entries)/float64(part)
	bytes := float64(h.Bytes) - float64(q.bytes)/float64(part)
	return max(entries/float64(q.entries), bytes/float64(q.bytes))
}

// trim drops what exceeds the quota: entries of a host above its maximum and, while the
// total is too large, entries of the stream that exceeds its share most.
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

// age drops the oldest entries of all that are too old, a few for each new one.
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

// cut truncates an entry to the maximum length.
func cut(e audit.Entry) audit.Entry {
	for _, text := range []*string{&e.Kind, &e.Deal, &e.Guest, &e.Name, &e.Source, &e.Target, &e.Side, &e.State, &e.Reason, &e.By} {
		if len(*text) > textMost {
			*text = strings.ToValidUTF8((*text)[:textMost], "") + "..."
		}
	}
	if len(e.Data) > dataMost {
		e.Data = nil
		e.Reason = "the entry is too long to be kept"
	}
	return e
}

// clock is the time by which entries age: the earlier of the wall clock and the start
// plus the elapsed monotonic time. A clock that is set ahead counts only from the next
// start on.
type clock struct {
	began time.Time // with the monotonic clock
	wall  time.Time // the wall clock at that time
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
