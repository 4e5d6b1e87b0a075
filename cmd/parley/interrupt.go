package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// interruptedCode is the exit code of an interrupted command: 128 and the number of
// SIGINT, as shells report it.
const interruptedCode = 130

// interruptGrace is how long a command may take to end after an interrupt. A command
// that waits in a system call does not see the end of its context.
const interruptGrace = 700 * time.Millisecond

// interrupts turns SIGINT and SIGTERM into the end of a command's context, and ends the
// process where the command does not end in time, or at a second signal.
type interrupts struct {
	caught  atomic.Bool
	patient atomic.Bool
	signals chan os.Signal
	done    chan struct{}
}

type interruptsKey struct{}

// catchInterrupts returns the context of a command. exit ends the process; it is called
// at a second signal, or where the command has not ended after the grace time.
func catchInterrupts(ctx context.Context, grace time.Duration, exit func()) (context.Context, *interrupts) {
	i := &interrupts{signals: make(chan os.Signal, 2), done: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.WithValue(ctx, interruptsKey{}, i))
	signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer cancel()
		select {
		case <-i.signals:
		case <-i.done:
			return
		}
		i.caught.Store(true)
		cancel()
		var over <-chan time.Time // never, where the command takes its time
		if !i.patient.Load() {
			over = time.After(grace)
		}
		select {
		case <-i.signals:
			exit()
		case <-over:
			exit()
		case <-i.done:
		}
	}()
	return ctx, i
}

// stop gives the signals their usual effect again.
func (i *interrupts) stop() {
	signal.Stop(i.signals)
	close(i.done)
}

// takeTime is for commands that have something to finish after the first interrupt,
// such as the agent: only a second one ends the process.
func takeTime(ctx context.Context) {
	if i, ok := ctx.Value(interruptsKey{}).(*interrupts); ok {
		i.patient.Store(true)
	}
}

// continuingError is the error of an interrupted command whose work continues without
// it: elsewhere says what continues, and how to stop that.
type continuingError struct {
	err       error
	elsewhere string
}

func (c continuingError) Error() string { return c.err.Error() }
func (c continuingError) Unwrap() error { return c.err }

// continues adds to the error of an interrupted command what continues without it.
func continues(ctx context.Context, err error, elsewhere string) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return continuingError{err, elsewhere}
}

// interruptedText is what an interrupted command says at its end.
func interruptedText(err error) string {
	var c continuingError
	if errors.As(err, &c) {
		return "parley: interrupted: " + c.elsewhere
	}
	return "parley: interrupted"
}

// interruptible is a reader that stops to wait for input when the context ends.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

func (r interruptible) Read(buffer []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	type outcome struct {
		data []byte
		err  error
	}
	read := make(chan outcome, 1)
	go func() {
		data := make([]byte, len(buffer)) // not buffer: the caller may have gone on
		n, err := r.from.Read(data)
		read <- outcome{data[:n], err}
	}()
	select {
	case o := <-read:
		return copy(buffer, o.data), o.err
	case <-r.ctx.Done():
		return 0, fmt.Errorf("standard input: %w", r.ctx.Err())
	}
}
