package libvirt

import (
	"errors"
	"strings"
	"testing"
)

// A library installed while the process runs is noticed, and one that was there at the
// start is not looked for again.
func TestLibraryThatComesLater(t *testing.T) {
	missing := errors.New("libvirt.so.0: cannot open shared object file")
	var err error
	open := func() error { return err }
	there := newLibrary(open)
	err = missing
	if got := there.need(); got != nil {
		t.Errorf("there from the start: got %v, want none", got)
	}
	late := newLibrary(open)
	for range 2 {
		if got := late.need(); errors.Is(got, ErrStartAgain) || got == nil || !strings.Contains(got.Error(), "apt-get install") {
			t.Errorf("without it: got %v, want an error that says what to install", got)
		}
	}
	err = nil
	if got := late.need(); !errors.Is(got, ErrStartAgain) {
		t.Errorf("once it came: got %v, want %v", got, ErrStartAgain)
	}
}
