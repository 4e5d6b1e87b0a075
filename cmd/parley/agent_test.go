package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"parley/hostagent"
	"parley/hostagent/libvirt"
)

// An agent waits for a missing libvirt, and ends for one that it cannot use without a
// restart.
func TestAgentEndsForALibraryThatCame(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	var err error
	open := endWhere(func() (hostagent.Platform, error) { return nil, err }, end)
	err = errors.New("not installed")
	if _, got := open(); !errors.Is(got, err) || ctx.Err() != nil {
		t.Errorf("without it: got %v, ended: %v, want %v and that it goes on", got, context.Cause(ctx), err)
	}
	err = fmt.Errorf("open: %w", libvirt.ErrStartAgain)
	if _, got := open(); !errors.Is(got, err) || !errors.Is(context.Cause(ctx), libvirt.ErrStartAgain) {
		t.Errorf("once it came: got %v, ended: %v, want %v for both", got, context.Cause(ctx), err)
	}
}
