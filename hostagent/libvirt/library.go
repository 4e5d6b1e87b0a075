package libvirt

import (
	"errors"
	"fmt"
)

// ErrStartAgain says that libvirt's library was installed after this process had
// started. The process cannot use it: the binding opens the library only when the
// process starts.
var ErrStartAgain = errors.New("libvirt's library was installed after this process had started: restart it")

// library is libvirt's client library. Its methods are safe for concurrent use.
type library struct {
	open   func() error
	missed bool // it could not be opened when the process started
}

// newLibrary must be called at process start, when the binding opens the library.
func newLibrary(open func() error) library {
	return library{open: open, missed: open() != nil}
}

// need returns why the library cannot be used; nil if it can.
func (l library) need() error {
	if !l.missed {
		return nil
	}
	if err := l.open(); err != nil {
		return fmt.Errorf("libvirt cannot be used yet: %w (is the library installed? `apt-get install libvirt0`)", err)
	}
	return ErrStartAgain
}
