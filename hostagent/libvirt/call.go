//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

// callsMax bounds the hanging calls: an unresponsive daemon must not cost a thread per
// look.
const callsMax = 16

// call runs a libvirt call, which may hang, and abandons it at the end of the context:
// its goroutine remains until the call returns.
func call[T any](ctx context.Context, p *Platform, what string, f func() (T, error)) (T, error) {
	return callOrDrop(ctx, p, what, f, func(T) {})
}

// callOrDrop is call for a result that must be freed if the caller no longer waits.
func callOrDrop[T any](ctx context.Context, p *Platform, what string, f func() (T, error), drop func(T)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, fmt.Errorf("%s: %w", what, err)
	}
	select {
	case p.calls <- struct{}{}:
	default:
		return none, fmt.Errorf("%s: %d calls to libvirt do not return: look at libvirtd, and restart it if it hangs", what, callsMax)
	}
	type result struct {
		value T
		err   error
	}
	done, given := make(chan result), make(chan struct{})
	go func() {
		value, err := f()
		<-p.calls
		select {
		case done <- result{value, err}:
		case <-given:
			if err == nil {
				drop(value)
			}
		}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return none, fmt.Errorf("%s: %w", what, plain(r.err))
		}
		return r.value, nil
	case <-ctx.Done():
		close(given)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return none, fmt.Errorf("%s: libvirt did not answer in time: %w", what, ctx.Err())
		}
		return none, fmt.Errorf("%s: %w", what, ctx.Err())
	}
}

// onGuest runs a call on a domain. It looks the domain up each time: a handle kept by a
// caller could be freed under a hanging call.
func onGuest[T any](ctx context.Context, p *Platform, guest hostagent.GuestID, what string, f func(*lv.Domain) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	return call(ctx, p, what, func() (none T, _ error) {
		s, err := p.acquire()
		if err != nil {
			return none, err
		}
		defer s.release()
		domain, err := s.conn.LookupDomainByUUIDString(string(guest))
		if err != nil {
			return none, err
		}
		defer p.free(domain)
		return f(domain)
	})
}
