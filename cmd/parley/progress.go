package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"golang.org/x/term"
)

// progressBar shows progress on a terminal; elsewhere it shows nothing.
type progressBar struct {
	out     io.Writer
	writer  progress.Writer // nil without a terminal
	tracker *progress.Tracker
	ticker  *time.Ticker
	ended   chan struct{}
}

const barEvery = 200 * time.Millisecond

func newProgressBar(out io.Writer, what string) *progressBar {
	b := &progressBar{out: out, ticker: time.NewTicker(barEvery), ended: make(chan struct{})}
	file, ok := terminalOf(out)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		close(b.ended)
		return b
	}
	b.writer = progress.NewWriter()
	b.writer.SetOutputWriter(file)
	b.writer.SetAutoStop(false)
	b.writer.SetUpdateFrequency(barEvery)
	b.writer.Style().Visibility.Value = false
	b.tracker = &progress.Tracker{Message: oneLine(what), Total: 100}
	b.writer.AppendTracker(b.tracker)
	go func() {
		defer close(b.ended)
		b.writer.Render()
	}()
	return b
}

// tick delivers the times at which to look again.
func (b *progressBar) tick() <-chan time.Time { return b.ticker.C }

// show sets the progress; a whole of 0 is unknown.
func (b *progressBar) show(what string, done, whole int64) {
	if b.writer == nil {
		return
	}
	b.tracker.UpdateMessage(oneLine(what))
	if whole > 0 {
		b.tracker.SetValue(min(100, 100*done/whole))
	}
}

// line prints a line above the bar.
func (b *progressBar) line(text string) {
	if b.writer == nil {
		fmt.Fprintln(b.out, oneLine(text))
		return
	}
	b.writer.Log("%s", oneLine(text))
}

func (b *progressBar) stop() {
	b.ticker.Stop()
	if b.writer != nil {
		b.tracker.MarkAsDone()
		b.writer.Stop()
	}
	<-b.ended
}
