package libvirt

import (
	"errors"
	"fmt"
)

// ErrStartAgain says that libvirt's library came after this process had started,
// which cannot use it: the binding opens the library when a process starts, and
// never again.
var ErrStartAgain = errors.New("libvirt's library was installed after this process had started: start it again")

// library is libvirt's client library. Its methods may be called from several
// goroutines.
type library struct {
	open   func() error
	missed bool // it could not be opened when the process started
}

// newLibrary must be called as the process starts, as the binding opens it.
func newLibrary(open func() error) library {
	return library{open: open, missed: open() != nil}
}

// need says why the library cannot be used; nil when it can be.
func (l library) need() error {
	if !l.missed {
		return nil
	}
	if err := l.open(); err != nil {
		return fmt.Errorf("libvirt cannot be used yet: %w (is the library installed? `apt-get install libvirt0`)", err)
	}
	return ErrStartAgain
}
