package lsp

import (
	"errors"
	"io/fs"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"parley/lcc/check"
	"parley/lcc/link"
)

// A request that is cancelled while an earlier message is handled is refused at once; the
// others keep their order.
func TestCancelledRequest(t *testing.T) {
	reading, release := make(chan bool), make(chan bool)
	slow := link.Sources{
		Read: func(string) ([]byte, error) {
			reading <- true
			<-release
			return nil, fs.ErrNotExist
		},
		Shipped: func(string) ([]byte, bool) { return nil, false },
	}
	e := start(t, Options{Libraries: slow, Explore: func(string, []byte) []check.Diagnostic { return nil }})
	hover := func() chan error {
		done := make(chan error, 1)
		go func() {
			_, err := e.conn.Call(e.ctx, protocol.MethodTextDocumentHover,
				&protocol.HoverParams{TextDocumentPositionParams: behind(importing, "roo", 2)}, nil)
			done <- err
		}()
		return done
	}
	e.open(importing)
	<-reading
	cancelled := hover()
	// Whichever number the client gave it: a number of no request is nothing to cancel. One
	// that arrives before the request does has no effect, so it is sent until it has.
	var err error
	for sent := true; sent; {
		for id := range protocol.Integer(10) {
			if err := e.conn.Notify(e.ctx, protocol.MethodCancelRequest, &protocol.CancelParams{ID: id}); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case err = <-cancelled:
			sent = false
		default:
		}
	}
	var refused *jsonrpc2.Error
	if !errors.As(err, &refused) || refused.Code != protocol.CodeRequestCancelled {
		t.Errorf("got %v, want the code %d", err, protocol.CodeRequestCancelled)
	}
	answered := hover()
	select {
	case err := <-answered:
		t.Errorf("a request behind a text that is read got %v before its turn", err)
	case release <- true:
	}
	if err := <-answered; err != nil {
		t.Errorf("a request that was not cancelled got %v", err)
	}
}
