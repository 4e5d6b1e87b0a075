package lsp

import (
	"context"
	"sync"

	"parley/lcc/check"
)

// explorer plays the roles of texts against each other, one text after the other, while
// requests are answered. Of a text that changes meanwhile only the last form counts.
type explorer struct {
	explore func(name string, text []byte) []check.Diagnostic
	publish func(context.Context, *document, []check.Diagnostic)
	wake    chan struct{}

	mu     sync.Mutex
	wanted map[string]*document
	order  []string // the texts of wanted, the one that waits longest first
}

func newExplorer(explore func(string, []byte) []check.Diagnostic, publish func(context.Context, *document, []check.Diagnostic)) *explorer {
	return &explorer{explore: explore, publish: publish, wake: make(chan struct{}, 1), wanted: map[string]*document{}}
}

// want has a text explored, if it can be.
func (e *explorer) want(d *document) {
	at := d.uri.String()
	if len(d.faults) > 0 {
		e.forget(at)
		return
	}
	e.mu.Lock()
	if e.wanted[at] == nil {
		e.order = append(e.order, at)
	}
	e.wanted[at] = d
	e.mu.Unlock()
	select {
	case e.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (e *explorer) forget(at string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.wanted, at)
}

func (e *explorer) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
		}
		for d := e.next(); d != nil && ctx.Err() == nil; d = e.next() {
			e.publish(ctx, d, e.explore(d.name(), d.text))
		}
	}
}

func (e *explorer) next() *document {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.order) > 0 {
		at := e.order[0]
		e.order = e.order[1:]
		if d := e.wanted[at]; d != nil {
			delete(e.wanted, at)
			return d
		}
	}
	return nil
}
