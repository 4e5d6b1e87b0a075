package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
)

// onTerminal runs a function with a terminal as its output, and returns what the
// terminal got.
func onTerminal(t *testing.T, do func(out *os.File)) string {
	t.Helper()
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Skipf("this machine has no pseudo-terminals: %v", err)
	}
	defer screen.Close()
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 24, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		text, _ := io.ReadAll(screen) // it ends with an error once the terminal is closed
		got <- string(text)
	}()
	do(terminal)
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	return <-got
}

// A bar on a terminal ends with how the work ended, and says on the way how long it
// still takes.
func TestProgressBarEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"done", nil, `moving web .*done in \d`},
		{"aborted", fmt.Errorf("wait: %w", context.Canceled), `moving web .*40 %, aborted after \d`},
		{"failed", errors.New("no room"), `moving web .*40 %, failed after \d`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := onTerminal(t, func(out *os.File) {
				b := newProgressBar(&plainWriter{to: out}, "web")
				b.show("moving\nweb", 4, 10)
				b.line("db has to stay: no room")
				b.stop(c.err)
			})
			if !regexp.MustCompile(c.want).MatchString(text) || !strings.Contains(text, "db has to stay: no room") {
				t.Errorf("got %q, want %q", text, c.want)
			}
			if c.err != nil && strings.Contains(text, "done") {
				t.Errorf("got %q: nothing is done", text)
			}
		})
	}
}

// What is at its whole is not done before the work says so: a migration sends memory
// again that has changed.
func TestProgressBarIsNotDoneEarly(t *testing.T) {
	text := onTerminal(t, func(out *os.File) {
		b := newProgressBar(out, "web")
		b.show("web", 10, 10)
		b.show("web", 3, 10)
		b.stop(context.Canceled)
	})
	if !strings.Contains(text, "30 %, aborted") {
		t.Errorf("got %q, want an end at 30 %%", text)
	}
}

// Where nothing is known of the progress, the bar shows no share.
func TestProgressBarOfUnknownProgress(t *testing.T) {
	text := onTerminal(t, func(out *os.File) {
		b := newProgressBar(out, "web")
		b.show("web moving", 0, 0)
		b.stop(errors.New("no room"))
	})
	if !strings.Contains(text, "web moving") || strings.Contains(text, "%") || !strings.Contains(text, "failed after") {
		t.Errorf("got %q, want the guest, its state and the end, and no share", text)
	}
}

// A run may be over before the bar was drawn once: it still ends.
func TestProgressBarOfShortRuns(t *testing.T) {
	for i := range 100 {
		text := onTerminal(t, func(out *os.File) {
			b := newProgressBar(out, "short")
			if i%2 == 0 {
				b.show("short", 1, 1)
			}
			b.stop(nil)
		})
		if !strings.Contains(text, "done in") {
			t.Fatalf("run %d: got %q, want its end", i, text)
		}
	}
}

// Without a terminal there is no bar, and lines are lines.
func TestProgressBarElsewhere(t *testing.T) {
	var out strings.Builder
	b := newProgressBar(&out, "web")
	b.show("web", 1, 2)
	b.line("db has to stay")
	b.stop(errors.New("no room"))
	if out.String() != "db has to stay\n" {
		t.Errorf("got %q, want the line alone", out.String())
	}
}

// Without a terminal a long work says each minute how far it is.
func TestProgressOfLongWorkWithoutATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		b := newProgressBar(&out, "day")
		for i := range int64(6) {
			b.show("day", i*100, 1000)
			time.Sleep(25 * time.Second) // in the bubble's time
		}
		b.stop(nil)
		want := "day: 30 % after 1m15s, about 2m55s left\n"
		if out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}

// Without a terminal a bar of lines prints each new text, the same text once a minute, and
// the time that the rest takes; another bar prints nothing.
func TestProgressWithoutATerminal(t *testing.T) {
	for lines, want := range map[bool]string{
		true:  "0 of 2\n1 of 2, about 1m0s left\n1 of 2, about 4m0s left\n2 of 2\n",
		false: "",
	} {
		synctest.Test(t, func(t *testing.T) {
			var out strings.Builder
			b := newProgressBar(&out, "drain")
			b.lines = lines
			for i, what := range []string{"0 of 2", "0 of 2", "1 of 2", "1 of 2", "1 of 2", "1 of 2", "1 of 2", "2 of 2"} {
				b.show(what, []int64{0, 0, 1, 1, 1, 1, 3, 4}[i], 4)
				if lines && i > 0 {
					time.Sleep(20 * time.Second) // in the bubble's time
				}
			}
			b.stop(nil)
			if out.String() != want {
				t.Errorf("lines %v: got %q, want %q", lines, out.String(), want)
			}
		})
	}
}
