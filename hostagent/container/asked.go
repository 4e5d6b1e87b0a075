//go:build linux

package container

import (
	"context"

	"parley/hostagent/handover"
)

// asked asks before each step of a move.
type asked struct {
	handover.Platform
	before func(step string) error
}

func (a asked) Describe(ctx context.Context, m handover.Move) (handover.Description, error) {
	if err := a.before("Describe"); err != nil {
		return handover.Description{}, err
	}
	return a.Platform.Describe(ctx, m)
}

func (a asked) Copy(ctx context.Context, m handover.Move, round int, to handover.Out) (bool, error) {
	if err := a.before("Copy"); err != nil {
		return false, err
	}
	return a.Platform.Copy(ctx, m, round, to)
}

func (a asked) Freeze(ctx context.Context, m handover.Move, to handover.Out) error {
	if err := a.before("Freeze"); err != nil {
		return err
	}
	if err := a.Platform.Freeze(ctx, m, to); err != nil {
		return err
	}
	return a.before("Frozen")
}

func (a asked) Resume(ctx context.Context, m handover.Move) error {
	if err := a.before("Resume"); err != nil {
		return err
	}
	return a.Platform.Resume(ctx, m)
}

func (a asked) Leave(ctx context.Context, m handover.Move) error {
	if err := a.before("Leave"); err != nil {
		return err
	}
	return a.Platform.Leave(ctx, m)
}

func (a asked) Prepare(ctx context.Context, m handover.Move, d handover.Description) error {
	if err := a.before("Prepare"); err != nil {
		return err
	}
	return a.Platform.Prepare(ctx, m, d)
}

func (a asked) Receive(ctx context.Context, m handover.Move, round int, last bool, from handover.In) error {
	if err := a.before("Receive"); err != nil {
		return err
	}
	return a.Platform.Receive(ctx, m, round, last, from)
}

func (a asked) Restore(ctx context.Context, m handover.Move) error {
	if err := a.before("Restore"); err != nil {
		return err
	}
	if err := a.Platform.Restore(ctx, m); err != nil {
		return err
	}
	return a.before("Restored")
}

func (a asked) Activate(ctx context.Context, m handover.Move) error {
	if err := a.before("Activate"); err != nil {
		return err
	}
	return a.Platform.Activate(ctx, m)
}

func (a asked) Discard(ctx context.Context, m handover.Move) error {
	if err := a.before("Discard"); err != nil {
		return err
	}
	return a.Platform.Discard(ctx, m)
}
