package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"
)

// signalled catches interrupts, sends this process a signal, and waits until the
// context has ended.
func signalled(t *testing.T, grace time.Duration, exit func(), before func(context.Context)) (context.Context, *interrupts) {
	t.Helper()
	ctx, i := catchInterrupts(context.Background(), grace, exit)
	t.Cleanup(i.stop)
	before(ctx)
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	return ctx, i
}

func TestInterruptEndsTheContext(t *testing.T) {
	_, i := signalled(t, time.Hour, func() { t.Error("the process was ended within the grace time") }, func(context.Context) {})
	if !i.caught.Load() {
		t.Error("the interrupt was not noted")
	}
}

func TestInterruptEndsACommandThatDoesNotEnd(t *testing.T) {
	exited := make(chan struct{})
	signalled(t, time.Nanosecond, func() { close(exited) }, func(context.Context) {})
	<-exited
}

func TestASecondInterruptEndsAPatientCommand(t *testing.T) {
	exited := make(chan struct{})
	signalled(t, time.Nanosecond, func() { close(exited) }, takeTime)
	select {
	case <-exited:
		t.Error("a command that takes its time was ended by the first signal")
	default:
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-exited
}

func TestInterruptedInput(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	from, to := io.Pipe() // nobody writes
	defer to.Close()
	ended := make(chan error)
	go func() {
		_, err := io.ReadAll(interruptible{ctx, from})
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("reading ended with %v: want the end of the context", err)
	}
	if text, err := io.ReadAll(interruptible{context.Background(), strings.NewReader("a text")}); err != nil || string(text) != "a text" {
		t.Errorf("read %q, %v", text, err)
	}
}

func TestInterruptedText(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if got := interruptedText(wrong(continues(ended, context.Canceled, "it continues"))); got != "parley: interrupted: it continues" {
		t.Error(got)
	}
	if err := continues(context.Background(), io.EOF, "it continues"); err != io.EOF {
		t.Errorf("an error without an interrupt became %v", err)
	}
}

func TestMistypedCommands(t *testing.T) {
	for _, c := range []struct {
		args, want string
	}{
		{"stauts", `parley has no command "stauts": did you mean "status"?`},
		{"stauts --json", `parley has no command "stauts": did you mean "status"?`},
		{"policy pubish", `parley policy has no command "pubish": did you mean "publish"?`},
		{"policy pubish --key ann.key", `parley policy has no command "pubish": did you mean "publish"?`},
		{"sim rnu x.yaml", `parley sim has no command "rnu": did you mean "run"?`},
		{"key frobnicate", `parley key has no command "frobnicate": it has id, new, show`},
		{"sim run", "the usage is `parley sim run SCENARIO [flags]`: no argument was given"},
		{"undrain now", "the usage is `parley undrain [flags]`: the arguments were [\"now\"]"},
		{"policy --bogus", "unknown flag: --bogus"},
		{"demo --polcy x", "unknown flag: --polcy: did you mean --policy?"},
		{"status --jsno", "unknown flag: --jsno: did you mean --json?"},
		{"drain --dry-run --no-wait", "give --dry-run or --no-wait: a dry run drains nothing"},
		{"history --limit -1", "--limit is -1: give a number of entries of 1 or more"},
	} {
		var out, errs bytes.Buffer
		code := run(strings.Fields(c.args), strings.NewReader(""), &out, &errs)
		if code != 2 || !strings.Contains(errs.String(), c.want) || out.Len() > 0 {
			t.Errorf("parley %s: code %d, out %q, errors %q: want code 2 and %q", c.args, code, out.String(), errs.String(), c.want)
		}
	}
}
