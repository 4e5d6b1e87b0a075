package web

import (
	"testing"

	"parley/internal/browsertest"
)

// What is off the screen is not drawn, but on paper it is.
func TestPrintInBrowser(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, served(t, newInvented(12, 2)), 1300)
	holds(t, ctx, `document.querySelectorAll('#moves li').length > 0`)
	const drawn = `document.querySelectorAll('#talk .dot').length`
	if n := browsertest.Ask[int](t, ctx, drawn); n != 0 {
		t.Errorf("%d hosts are drawn where nobody sees them", n)
	}
	if n := browsertest.Ask[int](t, ctx, `(dispatchEvent(new Event('beforeprint')), `+drawn+`)`); n != 12 {
		t.Errorf("%d hosts are printed, want 12", n)
	}
}
