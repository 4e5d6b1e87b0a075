// Package burst counts events of many kinds, to find one that comes too often.
package burst

import "time"

// Counter counts the events of each key within a window of time, which begins with the
// first event after the one before has ended. Its zero value is ready to use; it is not
// safe for concurrent use.
type Counter[K comparable] struct{ each map[K]*window }

type window struct {
	since time.Time
	n     int
}

// Note counts an event, and returns how many of its key a window has that lasts as long as
// within. With more keys than most all are forgotten.
func (c *Counter[K]) Note(key K, now time.Time, within time.Duration, most int) int {
	w := c.each[key]
	if w == nil {
		if c.each == nil || len(c.each) >= most {
			c.each = map[K]*window{}
		}
		w = &window{since: now}
		c.each[key] = w
	}
	if now.Sub(w.since) > within {
		*w = window{since: now}
	}
	w.n++
	return w.n
}
