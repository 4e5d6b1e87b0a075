package libp2p

import (
	"sync"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"
	"golang.org/x/time/rate"
)

// bucket is a token bucket that starts full. Its allowance may change: a greater burst
// fills at the rate.
type bucket struct{ limiter *rate.Limiter }

// allowance is the fill rate and the capacity of a bucket.
type allowance struct {
	perSecond float64
	burst     int
}

// take takes tokens, or none when there are too few.
func (b *bucket) take(now time.Time, a allowance, tokens int) bool {
	return b.with(now, a).AllowN(now, tokens)
}

// owe takes tokens that may not be available yet, and returns how long until they are.
func (b *bucket) owe(now time.Time, a allowance, tokens int) time.Duration {
	return b.with(now, a).ReserveN(now, tokens).DelayFrom(now)
}

// with gives the limiter an allowance.
func (b *bucket) with(now time.Time, a allowance) *rate.Limiter {
	limit := rate.Limit(a.perSecond)
	if b.limiter == nil {
		b.limiter = rate.NewLimiter(limit, a.burst)
	}
	if b.limiter.Limit() != limit {
		b.limiter.SetLimitAt(now, limit)
	}
	if b.limiter.Burst() != a.burst {
		b.limiter.SetBurstAt(now, a.burst)
	}
	return b.limiter
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
		return allowance{perSecond: float64(m.frames), burst: 2 * m.frames}
	case questions:
		return allowance{perSecond: 20, burst: 60}
	}
	n := int(m.hosts.hosts.Load())
	return allowance{perSecond: float64(min(20+10*n, 2000)), burst: min(200+40*n, 8000)}
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

func (m *meter) take(a activity, tokens int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.buckets[a].take(time.Now(), m.all.allowance(a), tokens)
}

func (m *meter) owe(a activity, tokens int) time.Duration {
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
	frames int // per second, of one neighbour

	mu   sync.RWMutex
	each map[p2p.ID]*meter
}

func newMeters(hosts *limits, framesPerSecond int) *meters {
	return &meters{hosts: hosts, frames: framesPerSecond, each: map[p2p.ID]*meter{}}
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
