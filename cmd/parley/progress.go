package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progressBar shows progress on a terminal. Elsewhere it prints a line each minute, or
// each new text as a line.
type progressBar struct {
	out    io.Writer
	lines  bool          // without a terminal
	bars   *mpb.Progress // nil without a terminal
	bar    *mpb.Bar
	ticker *time.Ticker
	begun  time.Time
	told   time.Time // when the last line of a long work was printed, without a terminal
	what   atomic.Pointer[string]
	failed atomic.Bool
}

const (
	barEvery  = 200 * time.Millisecond
	lineEvery = time.Minute
	barWidth  = 40
	barSteps  = 1000 // a bar is drawn from a share, so a whole that changes is no matter
)

func newProgressBar(out io.Writer, what string) *progressBar {
	b := &progressBar{out: out, ticker: time.NewTicker(barEvery), begun: time.Now(), told: time.Now()}
	b.say(what)
	if !atTerminal(out) {
		return b
	}
	file, _ := terminalOf(out)
	b.bars = mpb.New(mpb.WithOutput(file), mpb.WithRefreshRate(barEvery), mpb.WithWidth(barWidth))
	left := decor.AverageETA(decor.ET_STYLE_GO)
	b.bar = b.bars.New(barSteps, mpb.BarStyle(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return *b.what.Load() })),
		mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string { return b.state(s, left) })),
	)
	return b
}

// say sets the text before the bar.
func (b *progressBar) say(what string) {
	what = oneLine(what)
	b.what.Store(&what)
}

// state is the text after the bar: how far the work is, how long it takes from here, and
// at last how it ended.
func (b *progressBar) state(s decor.Statistics, left decor.Decorator) string {
	took := time.Since(b.begun).Round(time.Millisecond)
	share := fmt.Sprintf("%d %%", 100*s.Current/s.Total)
	switch {
	case s.Completed:
		return fmt.Sprintf("done in %v", took)
	case s.Aborted && s.Current == 0 && b.failed.Load():
		return fmt.Sprintf("failed after %v", took)
	case s.Aborted && s.Current == 0:
		return fmt.Sprintf("aborted after %v", took)
	case s.Aborted && b.failed.Load():
		return fmt.Sprintf("%s, failed after %v", share, took)
	case s.Aborted:
		return fmt.Sprintf("%s, aborted after %v", share, took)
	case s.Current == 0:
		return took.Round(time.Second).String() + " so far" // how far the work is, is not known yet
	}
	text, _ := left.Decor(s)
	return share + ", " + text + " left"
}

// tick delivers the times at which to look again.
func (b *progressBar) tick() <-chan time.Time { return b.ticker.C }

// show sets the progress; a whole of 0 is unknown. What reaches the whole is not done
// before stop says so.
func (b *progressBar) show(what string, done, whole int64) {
	if b.bars == nil {
		if b.lines && (oneLine(what) != *b.what.Load() || time.Since(b.told) >= lineEvery) {
			b.told = time.Now()
			fmt.Fprintln(b.out, oneLine(what)+leftText(b.begun, done, whole))
		}
		b.say(what)
		b.tell(done, whole)
		return
	}
	b.say(what)
	if whole > 0 {
		b.bar.SetCurrent(min(barSteps-1, max(0, done*barSteps/whole)))
	}
}

// tell prints how far a long work is, once a minute.
func (b *progressBar) tell(done, whole int64) {
	now := time.Now()
	if b.lines || now.Sub(b.told) < lineEvery || done <= 0 || done > whole {
		return
	}
	b.told = now
	took := now.Sub(b.begun)
	left := time.Duration(float64(took) * float64(whole-done) / float64(done))
	fmt.Fprintf(b.out, "%s: %d %% after %v, about %v left\n", *b.what.Load(), 100*done/whole, took.Round(time.Second), left.Round(time.Second))
}

// leftText is the time that a work takes from here; "" if it is not known yet.
func leftText(begun time.Time, done, whole int64) string {
	if done <= 0 || done >= whole {
		return ""
	}
	left := time.Duration(float64(time.Since(begun)) * float64(whole-done) / float64(done))
	return fmt.Sprintf(", about %v left", left.Round(time.Second))
}

// line prints a line above the bar.
func (b *progressBar) line(text string) {
	var to io.Writer = b.bars
	if b.bars == nil {
		to = b.out
	}
	fmt.Fprintln(to, oneLine(text))
}

// stop ends the bar with how the work ended, and returns when that is on the terminal.
func (b *progressBar) stop(err error) {
	b.ticker.Stop()
	if b.bars == nil {
		return
	}
	if err == nil {
		b.bar.SetCurrent(barSteps)
	} else {
		b.failed.Store(!errors.Is(err, context.Canceled))
		b.bar.Abort(false)
	}
	b.bars.Wait()
}
