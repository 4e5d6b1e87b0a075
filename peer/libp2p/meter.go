package libp2p

import (
	"sync"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"
)

// bucket is a token bucket that starts full.
type bucket struct {
	spent float64 // missing tokens
	at    time.Time
}

// allowance is the fill rate and the capacity of a bucket.
type allowance struct{ perSecond, burst float64 }

// take takes tokens, or none when there are too few.
func (b *bucket) take(now time.Time, a allowance, tokens float64) bool {
	b.fill(now, a)
	if b.spent+tokens > a.burst {
		return false
	}
	b.spent += tokens
	return true
}

// owe takes tokens that may not be available yet, and returns how long until they are.
func (b *bucket) owe(now time.Time, a allowance, tokens float64) time.Duration {
	b.fill(now, a)
	b.spent += tokens
	return time.Duration(max(0, b.spent-a.burst) / a.perSecond * float64(time.Second))
}

func (b *bucket) fill(now time.Time, a allowance) {
	b.spent = max(0, b.spent-max(0, now.Sub(b.at).Seconds())*a.perSecond)
	b.at = now
}

// activity is a kind of rate-limited traffic of a neighbour.
type activity int

const (
	connections activity = iota // that it opens to us
	streams                     // that it opens to us, of the protocols of this package and of gossip
	frames                      // that it sends
	questions                   // that it asks
	messages                    // of gossip that it sends or forwards, with their control messages
	activities
)

// allowance returns the limit of an activity. The limits are generous: an honest peer
// stays below half of each. Forwarded gossip is bounded by what all listed hosts may
// publish, up to what a host can process.
func (m *meters) allowance(a activity) allowance {
	switch a {
	case connections:
		return allowance{perSecond: 1, burst: 16}
	case streams:
		return allowance{perSecond: 10, burst: 64}
	case frames:
		return allowance{perSecond: m.frames, burst: 2 * m.frames}
	case questions:
		return allowance{perSecond: 20, burst: 60}
	}
	n := float64(m.hosts.hosts.Load())
	return allowance{perSecond: min(20+10*n, 2000), burst: min(200+40*n, 8000)}
}

// meter tracks the activity of one neighbour.
type meter struct {
	all *meters

	mu      sync.Mutex
	buckets [activities]bucket
	used    time.Time // when a frame, a question or an answer last went either way
	asking  int       // its questions in progress
	streams int       // its open streams of frames to us
}

func (m *meter) take(a activity, tokens float64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.buckets[a].take(time.Now(), m.all.allowance(a), tokens)
}

func (m *meter) owe(a activity, tokens float64) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	m.used = now
	return m.buckets[a].owe(now, m.all.allowance(a), tokens)
}

// touch records that the connection is in use now.
func (m *meter) touch(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used = now
}

// idle returns the time since the last traffic.
func (m *meter) idle() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.used)
}

// hold counts a question or a stream that begins (1) or ends (-1), and returns the new
// count.
func (m *meter) hold(count *int, change int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	*count += change
	if change > 0 {
		m.used = time.Now()
	}
	return *count
}

// busy reports whether the peer has a stream open to us or a question in progress.
func (m *meter) busy() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asking > 0 || m.streams > 0
}

// meters tracks all neighbours that were ever active.
type meters struct {
	hosts  *limits
	frames float64 // per second, of one neighbour

	mu   sync.RWMutex
	each map[p2p.ID]*meter
}

func newMeters(hosts *limits, framesPerSecond int) *meters {
	return &meters{hosts: hosts, frames: float64(framesPerSecond), each: map[p2p.ID]*meter{}}
}

func (m *meters) of(id p2p.ID) *meter {
	m.mu.RLock()
	one := m.each[id]
	m.mu.RUnlock()
	if one != nil {
		return one
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.each[id] == nil {
		m.each[id] = &meter{all: m, used: time.Now()}
	}
	return m.each[id]
}

func (m *meters) keep(listed func(p2p.ID) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.each {
		if !listed(id) {
			delete(m.each, id)
		}
	}
}
