package web

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"

	"parley/hostagent/api"
	"parley/hostagent/serve"
)

// Orders carries out the orders of readers. It is safe for concurrent use.
type Orders interface {
	// Hosts are the names of the hosts that take orders through this page.
	Hosts() []string
	// Order returns when the order is carried out, or an api.Refused that says why it is not.
	Order(ctx context.Context, host string, o api.Order) error
}

// ordered are the orders that a page gives: those that can be taken back, and none that
// overrides a check.
var ordered = []string{"drain", "undrain", "pause", "resume", "migrate", "pin", "unpin"}

// order is an order of a reader, for a host or for a guest on it.
type order struct {
	At    string `json:"at"` // host that carries it out
	Do    string `json:"do"`
	Guest string `json:"guest"` // id
	To    string `json:"to"`    // host; "": the best one
	Home  bool   `json:"home"`
}

// check returns what is wrong with an order.
func (o order) check(hosts []string) error {
	aboutGuest := slices.Contains([]string{"migrate", "pin", "unpin"}, o.Do)
	switch {
	case !slices.Contains(ordered, o.Do):
		return errors.New("a page gives the orders " + strings.Join(ordered, ", ") + ": give others with the command parley")
	case !slices.Contains(hosts, o.At):
		return errors.New("this page takes no orders for " + quoted(o.At) + ": give it to the agent of that host")
	case aboutGuest != (o.Guest != ""):
		return errors.New("migrate, pin and unpin are for a guest; drain, undrain, pause and resume for a host")
	case o.To != "" && o.Do != "migrate" || o.Home && o.Do != "undrain":
		return errors.New("to is for a migration, and home for an undrain")
	}
	return nil
}

// bodyMost bounds the bytes of an order.
const bodyMost = 4 << 10

// order carries out an order of a reader, and answers when that is done.
func (p *Page) order(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "an order is application/json", http.StatusUnsupportedMediaType)
		return
	}
	var o order
	if !readJSON(w, r, bodyMost, &o, "the order cannot be read") {
		return
	}
	if err := o.check(p.orders.Hosts()); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	// A migration has no time limit here.
	if err := serve.Within(w, 0); err != nil {
		p.log.Debug("an order is answered under a deadline", "event", "deadline_not_set", "error", err)
	}
	err := p.orders.Order(r.Context(), o.At, api.Order{Do: o.Do, Guest: o.Guest, Host: o.To, Home: o.Home})
	var refused *api.Refused
	switch {
	case errors.As(err, &refused):
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		p.watch.again()
		writeJSON(w, o)
	}
}
