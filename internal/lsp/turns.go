package lsp

import (
	"context"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// turns has requests and notifications handled one after the other, in the order in which
// they came. The next messages are read meanwhile: a request that is cancelled before its
// turn is answered at once, and not handled.
type turns struct {
	mu   sync.Mutex
	last chan struct{} // is closed when the one that came last has been handled
}

// join takes the next turn: before is closed when it has come, and after is to be closed at
// its end.
func (t *turns) join() (before, after chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if before = t.last; before == nil {
		before = make(chan struct{})
		close(before)
	}
	t.last = make(chan struct{})
	return before, t.last
}

// handler has a handler called in turns. The connection calls it in the order of the
// messages, until it is released for the next one.
func (t *turns) handler(answer jsonrpc2.Handler) jsonrpc2.Handler {
	return func(ctx context.Context, req *jsonrpc2.Request) (any, error) {
		before, after := t.join()
		jsonrpc2.Async(ctx)
		select {
		case <-before:
			defer close(after)
			return answer(ctx, req) // which refuses a request that is cancelled
		case <-ctx.Done():
			go func() {
				<-before
				close(after)
			}()
			return nil, protocol.ErrRequestCancelled
		}
	}
}
