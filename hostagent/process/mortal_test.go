package process

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"parley/hostagent"
	"parley/hostagent/handover"
	"parley/hostagent/handover/stages"
	"parley/hostagent/journal"
)

// mortal is the platform of an agent that ends, or stops, at a named step of a move: before
// a call of the platform ("before-Freeze"), after it ("after-Freeze"), before a record of the
// journal ("before-released"), or once that is durable and nothing has followed from it
// ("after-released").
type mortal struct {
	moves
	mu     sync.Mutex
	at, by string
}

// openMortal is Open with such a platform.
func openMortal(o Options) (*Platform, *mortal, error) {
	s, err := supervise(o)
	if err != nil {
		return nil, nil, err
	}
	file, err := journal.Open(filepath.Join(s.options.Dir, "moves"), journal.Options{Keep: handover.Keep})
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	m := &mortal{moves: moves{s}}
	mover, err := handover.Open(handover.Options{
		Platform: m, Kind: hostagent.Process, Journal: mortalJournal{file, m}, Logger: s.log, Changed: s.changes.Raise,
	})
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	mover.Start()
	return &Platform{Mover: mover, of: s}, m, nil
}

func (d *mortal) set(at, by string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.by = at, by
}

// step ends or stops the agent, if it is to be here; once.
func (d *mortal) step(at string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at != at {
		return
	}
	d.at = ""
	if d.by != "stop" {
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL) // it is this process's own
		select {}
	}
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	<-continued
}

func (d *mortal) around(step string, do func() error) error {
	d.step("before-" + step)
	err := do()
	if err == nil {
		d.step("after-" + step)
	}
	return err
}

func (d *mortal) Describe(ctx context.Context, m handover.Move) (got handover.Description, err error) {
	err = d.around("Describe", func() (err error) { got, err = d.moves.Describe(ctx, m); return err })
	return got, err
}

func (d *mortal) Copy(ctx context.Context, m handover.Move, round int, to handover.Out) (again bool, err error) {
	err = d.around("Copy", func() (err error) { again, err = d.moves.Copy(ctx, m, round, to); return err })
	return again, err
}

func (d *mortal) Freeze(ctx context.Context, m handover.Move, to handover.Out) error {
	return d.around("Freeze", func() error { return d.moves.Freeze(ctx, m, to) })
}

func (d *mortal) Leave(ctx context.Context, m handover.Move) error {
	return d.around("Leave", func() error { return d.moves.Leave(ctx, m) })
}

func (d *mortal) Prepare(ctx context.Context, m handover.Move, of handover.Description) error {
	return d.around("Prepare", func() error { return d.moves.Prepare(ctx, m, of) })
}

func (d *mortal) Receive(ctx context.Context, m handover.Move, round int, last bool, from handover.In) error {
	step := "Receive"
	if last {
		step = "Receive-last"
	}
	return d.around(step, func() error { return d.moves.Receive(ctx, m, round, last, from) })
}

func (d *mortal) Restore(ctx context.Context, m handover.Move) error {
	return d.around("Restore", func() error { return d.moves.Restore(ctx, m) })
}

func (d *mortal) Activate(ctx context.Context, m handover.Move) error {
	return d.around("Activate", func() error { return d.moves.Activate(ctx, m) })
}

// mortalJournal is its journal.
type mortalJournal struct {
	*journal.File
	of *mortal
}

func (j mortalJournal) Append(line []byte, done func(error)) {
	var which string
	for _, r := range []stages.Record{
		stages.Begun, stages.Released, stages.Kept, stages.Left, stages.Mine, stages.Runs, stages.NeverWas, stages.Over} {
		if bytes.HasSuffix(line, []byte(r)) { // the last field of a record
			which = string(r)
		}
	}
	j.of.step("before-" + which)
	j.File.Append(line, func(err error) {
		if err == nil {
			j.of.step("after-" + which)
		}
		done(err)
	})
}
