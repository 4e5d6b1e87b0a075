package libp2p

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/libp2p/go-libp2p/p2p/net/swarm"
)

// unreached is an error of a dial in one line: each address with what it answers. libp2p's
// own names the peer again and again, and takes a line for each address.
func unreached(err error) error {
	var dial *swarm.DialError
	if !errors.As(err, &dial) || len(dial.DialErrors) == 0 {
		return err
	}
	var parts []string
	for i := range dial.DialErrors {
		e := &dial.DialErrors[i]
		address, _, _ := strings.Cut(e.Address.String(), "/p2p/")
		parts = append(parts, fmt.Sprintf("%s: %s", address, innermost(e.Cause)))
	}
	if dial.Skipped > 0 {
		parts = append(parts, fmt.Sprintf("and %d more addresses", dial.Skipped))
	}
	return unreachedError{"it cannot be reached: " + strings.Join(parts, "; "), err}
}

// unreachedError keeps the error of the dial for those who ask what it was.
type unreachedError struct {
	text string
	err  error
}

func (u unreachedError) Error() string { return u.text }
func (u unreachedError) Unwrap() error { return u.err }

// innermost is what the system said, if the system said it.
func innermost(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	return err
}
