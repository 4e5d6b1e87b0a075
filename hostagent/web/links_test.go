package web

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/internal/browsertest"
)

// What the page tells has an address: it opens it, back and Escape close it, and the address
// goes with the box.
func TestLinksInBrowser(t *testing.T) {
	ctx := browser(t)
	address := served(t, newInvented(12, 5))
	opened(t, ctx, address, 1300)
	const (
		shown  = `document.querySelector('#told').open && document.querySelector('#told-title').innerText`
		closed = `!document.querySelector('#told').open`
	)
	browsertest.Ask[bool](t, ctx,
		`[...document.querySelectorAll('#hosts tbody button')].find((b) => b.textContent === 'host006').click() || true`)
	holds(t, ctx, `location.hash === '#host=host006' && (`+shown+`) === 'host006'`)
	browsertest.Do(t, ctx, chromedp.NavigateBack())
	holds(t, ctx, closed+` && location.hash === ''`)
	browsertest.Do(t, ctx, chromedp.NavigateForward())
	holds(t, ctx, `(`+shown+`) === 'host006'`)
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Escape))
	holds(t, ctx, closed+` && location.hash === ''`)

	browsertest.Ask[bool](t, ctx, `(location.hash = '#host=host003', true)`)
	holds(t, ctx, `(`+shown+`) === 'host003'`)
	browsertest.Ask[bool](t, ctx, `(location.hash = '#host=nosuch', true)`)
	holds(t, ctx, closed)
}
