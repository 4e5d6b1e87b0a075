package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/internal/browsertest"
)

// obeying takes the orders for two hosts, but refuses to drain the second.
type obeying struct {
	mu    sync.Mutex
	given []string
}

func (o *obeying) Hosts() []string { return []string{name(0), name(1)} }

func (o *obeying) Order(_ context.Context, host string, order api.Order) error {
	if host == name(1) && order.Do == "drain" {
		return api.Refuse(hostagent.CodeNoOrder, "no other host has room")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.given = append(o.given, fmt.Sprintf("%s: %s %s %s %v", host, order.Do, order.Guest, order.Host, order.Home))
	return nil
}

func (o *obeying) orders() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.given, "; ")
}

// An order is carried out for who has the token and comes from this page; any other one is
// refused, and says why.
func TestOrders(t *testing.T) {
	takes := &obeying{}
	page := New(Options{Source: newInvented(3, 1), Orders: takes, Token: "right", Names: Loopback()})
	for _, c := range []struct {
		body, token, kind, origin string
		want                      int
		said                      string
	}{
		{`{"at":"host001","do":"drain"}`, "right", "application/json", "http://localhost", 200, `"do":"drain"`},
		{`{"at":"host002","do":"migrate","guest":"id-1","to":"host001"}`, "right", "application/json; charset=utf-8", "", 200, ""},
		{`{"at":"host001","do":"undrain","home":true}`, "right", "application/json", "", 200, ""},
		{`{"at":"host001","do":"drain"}`, "", "application/json", "", 401, "token"},
		{`{"at":"host001","do":"drain"}`, "wrong", "application/json", "", 401, "token"},
		{`{"at":"host001","do":"drain"}`, "right", "application/json", "http://evil.example.org", 403, "cross-origin"},
		{`{"at":"host001","do":"drain"}`, "right", "text/plain", "", 415, "application/json"},
		{`{"at":"host001","do":"drain"`, "right", "application/json", "", 400, "cannot be read"},
		{`{"at":"host001","do":"drain","force":true}`, "right", "application/json", "", 400, "force"},
		{`{"at":"host001","do":"forget","guest":"id-1"}`, "right", "application/json", "", 400, "with the command parley"},
		{`{"at":"host003","do":"drain"}`, "right", "application/json", "", 400, "to the agent of that host"},
		{`{"at":"host001","do":"drain","guest":"id-1"}`, "right", "application/json", "", 400, "are for a guest"},
		{`{"at":"host001","do":"pin"}`, "right", "application/json", "", 400, "are for a guest"},
		{`{"at":"host001","do":"drain","home":true}`, "right", "application/json", "", 400, "for an undrain"},
		{`{"at":"host001","do":"` + strings.Repeat("x", bodyMost) + `"}`, "right", "application/json", "", 400, "too large"},
		{`{"at":"host002","do":"drain"}`, "right", "application/json", "", 409, "no other host has room"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/order", strings.NewReader(c.body))
		r.Host = "localhost"
		r.Header.Set("Content-Type", c.kind)
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		page.ServeHTTP(w, r)
		if w.Code != c.want || !strings.Contains(w.Body.String(), c.said) {
			t.Errorf("%.80s from %q: got %d and %q, want %d and %q", c.body, c.origin, w.Code, w.Body, c.want, c.said)
		}
	}
	const want = "host001: drain   false; host002: migrate id-1 host001 false; host001: undrain   true"
	if got := takes.orders(); got != want {
		t.Errorf("got the orders %q, want %q", got, want)
	}
}

// A page that only shows has nothing to order with.
func TestNoOrders(t *testing.T) {
	page := New(Options{Source: newInvented(3, 1), Token: "right", Names: Loopback()})
	r := httptest.NewRequest(http.MethodPost, "/order", strings.NewReader(`{"at":"host001","do":"drain"}`))
	r.Host = "localhost"
	r.Header.Set("Authorization", "Bearer right")
	w := httptest.NewRecorder()
	if page.ServeHTTP(w, r); w.Code != http.StatusNotFound {
		t.Errorf("got %d, want %d", w.Code, http.StatusNotFound)
	}
}

// A reader gives orders, each after a question whose first answer is no, and sees what came of
// it. For a host that takes none through this page there is no button.
func TestOrdersInBrowser(t *testing.T) {
	ctx := browser(t)
	takes := &obeying{}
	opened(t, ctx, servedWith(t, Options{Source: newInvented(6, 2), Orders: takes}), 1300)
	const buttons = `[...document.querySelectorAll('#told .orders button')]`
	open := func(table, text string) {
		t.Helper()
		browsertest.Ask[bool](t, ctx, fmt.Sprintf(`(document.getElementById('told').close(),
			[...document.querySelectorAll('#%s tbody th button')].find((b) => b.textContent === '%s').click(), true)`, table, text))
	}
	press := func(text string) {
		t.Helper()
		holds(t, ctx, buttons+fmt.Sprintf(`.some((b) => b.textContent === '%s')`, text))
		browsertest.Ask[bool](t, ctx, buttons+fmt.Sprintf(`.find((b) => b.textContent === '%s').click() || true`, text))
	}
	open("hosts", name(0))
	press("Drain")
	holds(t, ctx, `document.activeElement.textContent === 'No' && document.querySelector('#told').textContent.includes('Drain host001?')`)
	press("No")
	holds(t, ctx, `!document.getElementById('told').open`)
	if got := takes.orders(); got != "" {
		t.Errorf("after a no: got %q, want no order", got)
	}
	open("hosts", name(0))
	press("Drain")
	press("Yes: drain")
	holds(t, ctx, `document.querySelector('#told [role=status].good')`)
	open("hosts", name(1))
	press("Drain")
	press("Yes: drain")
	holds(t, ctx, `document.querySelector('#told [role=status].bad')?.textContent.includes('no other host has room')`)
	open("guests", "guest000.example.org")
	press("Migrate")
	browsertest.Ask[bool](t, ctx, `(document.querySelector('#told select').value = 'host005') === 'host005'`)
	press("Yes: migrate")
	holds(t, ctx, `document.querySelector('#told [role=status].good')`)
	open("hosts", name(2))
	holds(t, ctx, `document.querySelector('#told').textContent.includes('takes no orders for host003')`)
	if n := browsertest.Ask[int](t, ctx, buttons+".length"); n != 0 {
		t.Errorf("got %d buttons for a host that takes no orders here, want none", n)
	}
	const want = "host001: drain   false; host001: migrate id-0-0 host005 false"
	if got := takes.orders(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
