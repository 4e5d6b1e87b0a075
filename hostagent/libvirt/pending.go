package libvirt

import (
	"context"
	"fmt"
	"sync"

	"parley/hostagent"
)

// pendingMost is how many questions about guests may be out. A guest whose QEMU
// hangs holds its question up, and libvirtd reads no more from a connection with
// five requests that it has not answered.
const pendingMost = 2

// pending are the guests about which a question is out. Its zero value is ready;
// its methods may be called from several goroutines.
type pending struct {
	mu     sync.Mutex
	guests map[hostagent.GuestID]bool
}

// whyNot says why no question is asked about a guest now; nil when it may be.
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

// asked notes a question, until the function that it returns is called.
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
