package api

import (
	"context"
	"net/http"
)

// DryRun says what an order would do, as far as the hosts that were asked say now. Nothing
// is reserved, and nothing is moved.
type DryRun struct {
	Moves []ForeseenMove `json:"moves"` // in the order of leaving
}

// ForeseenMove is what is expected of one guest.
type ForeseenMove struct {
	Guest     string        `json:"guest"` // id
	Name      string        `json:"name"`
	Kind      string        `json:"kind"`                 // of the guest
	To        string        `json:"to,omitempty"`         // the host's name; "": it would stay
	Load      float64       `json:"load,omitempty"`       // share: expected of that host, with the guest
	Also      []string      `json:"also,omitempty"`       // other hosts that would take it
	Why       Refusal       `json:"why,omitzero"`         // why it would stay
	RefusedBy []HostRefusal `json:"refused_by,omitempty"` // hosts that would not take it
}

// HostRefusal is a host that would not take a guest, and why.
type HostRefusal struct {
	Host string  `json:"host"` // name
	Why  Refusal `json:"why"`
}

// DryRun asks what an order to migrate a guest or to drain the host would do.
func (c Client) DryRun(ctx context.Context, o Order) (found DryRun, err error) {
	err = c.ask(ctx, http.MethodPost, PathDryRun, o, &found)
	return found, err
}
