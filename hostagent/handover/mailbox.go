package handover

import "sync"

// mailbox passes events to the one goroutine that plays a machine. Putting never blocks:
// what puts without bound is bounded elsewhere.
type mailbox struct {
	mu     sync.Mutex
	events []posted
	closed bool
	filled chan struct{} // holds one value while there may be events
}

func newMailbox() *mailbox { return &mailbox{filled: make(chan struct{}, 1)} }

func (m *mailbox) put(ev posted) {
	m.mu.Lock()
	closed := m.closed
	if !closed {
		m.events = append(m.events, ev)
	}
	m.mu.Unlock()
	if closed {
		ev.refuse()
		return
	}
	select {
	case m.filled <- struct{}{}:
	default: // signalled already
	}
}

func (m *mailbox) take() []posted {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := m.events
	m.events = nil
	return events
}

func (m *mailbox) waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.events)
}

// close returns what nobody has looked at; what is put from now on is refused.
func (m *mailbox) close() []posted {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return m.events
}
