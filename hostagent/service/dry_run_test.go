package service

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"parley/hostagent/api"
	"parley/hostagent/memory"
)

// A dry run over the socket asks the other host, names it, and leaves no order, deal or
// setting behind.
func TestDryRun(t *testing.T) {
	p := newPair(t, alone, func(hosts []*memory.Platform) {
		testGuest(t, hosts[0], "web", 0.5)
		testGuest(t, hosts[0], "db", 0.5)
	})
	ask := api.Client{Socket: p.daemons[0].config.Socket}
	if err := ask.Order(t.Context(), api.Order{Do: "pin", Guest: "db"}); err != nil {
		t.Fatal(err)
	}
	before := p.daemons[0].log.String()
	foresee := func(o api.Order) map[string]api.ForeseenMove {
		t.Helper()
		found, err := ask.DryRun(t.Context(), o)
		if err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
		byName := map[string]api.ForeseenMove{}
		for _, m := range found.Moves {
			byName[m.Name] = m
		}
		return byName
	}
	all := foresee(api.Order{Do: "drain"})
	if web := all["web"]; len(all) != 2 || web.To != "h2" || !(web.Load > 0) || web.Why.Is() {
		t.Errorf("a drain: got %+v, want that web would go to h2, and its load", all)
	}
	if db := all["db"]; db.To != "" || db.Why.Code != "pinned" {
		t.Errorf("a drain: got %+v, want that db would stay, since it is pinned", db)
	}
	if db := foresee(api.Order{Do: "drain", Force: true})["db"]; db.To != "h2" {
		t.Errorf("a forced drain: got %+v, want that db would go to h2", db)
	}
	if one := foresee(api.Order{Do: "migrate", Guest: "web", Host: "h2"}); len(one) != 1 || one["web"].To != "h2" {
		t.Errorf("a move to h2: got %+v, want that web would go there", one)
	}
	if err := (api.Client{Socket: p.daemons[1].config.Socket}).Order(t.Context(), api.Order{Do: "drain"}); err != nil {
		t.Fatal(err)
	}
	drained := foresee(api.Order{Do: "migrate", Guest: "web"})["web"]
	want := []api.HostRefusal{{Host: "h2", Why: api.Refusal{Code: "drained", Detail: "the host is drained by its operator"}}}
	if drained.To != "" || drained.Why.Code != "no_host" || !reflect.DeepEqual(drained.RefusedBy, want) {
		t.Errorf("while h2 is drained: got %+v, want that web would stay, and what h2 says", drained)
	}
	for order, text := range map[api.Order]string{
		{Do: "migrate", Guest: "wb"}:              `no guest "wb" is on this host`,
		{Do: "migrate", Guest: "web", Host: "h9"}: `no host "h9" is among the peers`,
		{Do: "pin", Guest: "web"}:                 "give drain or migrate",
	} {
		if _, err := ask.DryRun(t.Context(), order); !errors.Is(err, api.ErrRefused) || !strings.Contains(err.Error(), text) {
			t.Errorf("%+v: got %v, want a refusal with %q", order, err, text)
		}
	}
	status, err := ask.Status(t.Context())
	if err != nil || status.Drained || len(status.Deals)+len(status.History) > 0 {
		t.Errorf("afterwards: got %+v (%v), want that nothing has changed", status, err)
	}
	if text := strings.TrimPrefix(p.daemons[0].log.String(), before); strings.Contains(text, "event=order") {
		t.Errorf("the log has an order: %s", text)
	}
}
