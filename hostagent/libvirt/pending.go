package libvirt

import (
	"context"
	"fmt"
	"sync"

	"parley/hostagent"
)

// pendingMost bounds the unanswered questions about guests. A guest whose QEMU hangs
// blocks its question, and libvirtd stops reading from a connection with five
// unanswered requests.
const pendingMost = 2

// pending holds the guests with an unanswered question. Its zero value is ready to use;
// its methods are safe for concurrent use.
type pending struct {
	mu     sync.Mutex
	guests map[hostagent.GuestID]bool
}

// whyNot returns why no question may be asked about a guest now; nil if it may.
func (p *pending) whyNot(guest hostagent.GuestID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.guests[guest]:
		return fmt.Errorf("the last question about it is not answered: %w", context.DeadlineExceeded)
	case len(p.guests) >= pendingMost:
		return fmt.Errorf("%d questions about other guests are not answered", len(p.guests))
	}
	return nil
}

// asked records a question until the returned function is called.
func (p *pending) asked(guest hostagent.GuestID) (answered func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.guests == nil {
		p.guests = map[hostagent.GuestID]bool{}
	}
	p.guests[guest] = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.guests, guest)
	}
}
