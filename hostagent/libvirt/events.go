//go:build cgo && libvirt_dlopen

package libvirt

import (
	"fmt"
	"sync"

	lv "libvirt.org/go/libvirt"
)

// events is libvirt's event loop. The process has one, shared by all platforms; it runs
// while there are any.
var events eventLoop

type eventLoop struct {
	mu         sync.Mutex
	registered bool
	users      int
	stop       chan struct{}
	ended      chan struct{}
}

// tickMilliseconds is how often the loop wakes up to check whether to stop.
const tickMilliseconds = 500

// acquire starts the loop for its first user. It must precede the first connection:
// libvirt uses the loop registered at that time.
func (l *eventLoop) acquire() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := client.need(); err != nil {
		return err
	}
	if !l.registered {
		if err := lv.EventRegisterDefaultImpl(); err != nil {
			return fmt.Errorf("libvirt's event loop: %w", plain(err))
		}
		if _, err := lv.EventAddTimeout(tickMilliseconds, func(int) {}); err != nil {
			return fmt.Errorf("libvirt's event loop: %w", plain(err))
		}
		l.registered = true
	}
	l.users++
	if l.users == 1 {
		l.stop, l.ended = make(chan struct{}), make(chan struct{})
		go run(l.stop, l.ended)
	}
	return nil
}

func run(stop, ended chan struct{}) {
	defer close(ended)
	for {
		select {
		case <-stop:
			return
		default:
		}
		if err := lv.EventRunDefaultImpl(); err != nil {
			return // the only error is that no loop is registered
		}
	}
}

// release ends the loop with its last user.
func (l *eventLoop) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users--
	if l.users == 0 {
		close(l.stop)
		<-l.ended
	}
}
