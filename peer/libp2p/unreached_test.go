package libp2p

import (
	"errors"
	"strings"
	"syscall"
	"testing"
)

// Why a host cannot be asked is one line with its address, and the id of none.
func TestUnreachedIsSaidOnce(t *testing.T) {
	a, b := pair(t)
	address := b.host.Addrs()[0]
	if err := b.host.Close(); err != nil {
		t.Fatal(err)
	}
	err := errors.Unwrap(func() error { _, err := a.host.Ask(t.Context(), b.id, []byte("x")); return err }())
	for try := 0; err != nil && !errors.Is(err, syscall.ECONNREFUSED) && try < 10; try++ { // the link may be closing
		_, asked := a.host.Ask(t.Context(), b.id, []byte("x"))
		err = errors.Unwrap(asked)
	}
	want := "it cannot be reached: " + address + ": connection refused"
	if err == nil || err.Error() != want || strings.Contains(err.Error(), string(b.id)) {
		t.Errorf("got %v, want %q", err, want)
	}
}
