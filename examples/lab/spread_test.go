//go:build linux

package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"parley/hostagent/api"
)

// TestKinds has one policy text spread a virtual machine, a container and a process that
// all run on one host.
func TestKinds(t *testing.T) {
	if !wanted() {
		t.Skip("real hypervisors and containers need root on Linux: run `sudo make test` or `sudo make lab` (PARLEY_LAB=1)")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	l := opened(ctx, t, options{hosts: 3, guests: 3, kinds: true})
	if err := (mixed{l}).populate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := l.perform(ctx, spreadingKinds); err != nil {
		t.Fatal(err)
	}
	// The policy may have left the container where it was.
	where, err := l.everywhere(ctx)
	if err != nil {
		t.Fatal(err)
	}
	from := l.named(where["c1"][0])
	to := l.hosts[(slices.Index(l.hosts, from)+1)%len(l.hosts)]
	if err := from.order(ctx, api.Order{Do: "migrate", Guest: "c1", Host: to.name}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.exactlyOnce(ctx), l.noneLost(), mixed{l}.linesWhole(ctx)); err != nil {
		t.Fatal(err)
	}
}
