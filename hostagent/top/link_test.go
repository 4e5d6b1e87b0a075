package top

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"parley/hostagent/site"
)

// link is a terminal of 80 columns at the end of a link on which each byte counts.
type link struct {
	mu    sync.Mutex
	sent  strings.Builder
	ended chan struct{}
	once  sync.Once
}

func (l *link) Start() error        { return nil }
func (l *link) Stop() error         { return nil }
func (l *link) NotifyResize(func()) {}
func (l *link) Drain() error        { return l.Close() }
func (l *link) Close() error        { l.once.Do(func() { close(l.ended) }); return nil }

func (l *link) WindowSize() (tcell.WindowSize, error) {
	return tcell.WindowSize{Width: 80, Height: 24}, nil
}

func (l *link) Read([]byte) (int, error) {
	<-l.ended // nobody types
	return 0, io.EOF
}

func (l *link) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sent.Write(data)
}

// take is what was sent since the last call.
func (l *link) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.sent.String()
	l.sent.Reset()
	return text
}

// crowd is a site of 30 hosts.
func crowd(at time.Time, load func(host int) float64) site.Report {
	r := site.Report{At: at, From: "host01"}
	for i := range 30 {
		h := site.Host{Host: fmt.Sprintf("host%02d", i+1), State: site.State{Mode: "auto",
			Load: site.Load{Known: true, CPU: load(i), Memory: 0.4, CapacityCPU: 16, CapacityMemory: 64 << 30}}}
		for k := range 10 {
			h.Guests = append(h.Guests, site.Guest{ID: fmt.Sprint(i, k), Name: fmt.Sprintf("guest%03d", 10*i+k), State: "running", CPU: 0.5})
		}
		r.Hosts = append(r.Hosts, h)
	}
	return r
}

// Over a slow link a look at a site on which nothing has changed sends nearly nothing, and
// one at a site on which the load of a host has changed only the new digits.
func TestSlowLink(t *testing.T) {
	sixteen, err := tcell.LookupTerminfo("xterm-256color")
	if err != nil {
		t.Fatal(err)
	}
	colours := *sixteen
	colours.Colors, colours.TrueColor, colours.Name = 16, false, "xterm-16color"
	l := &link{ended: make(chan struct{})}
	screen, err := tcell.NewTerminfoScreenFromTtyTerminfo(l, &colours)
	if err != nil {
		t.Fatal(err)
	}
	if err := screen.Init(); err != nil {
		t.Fatal(err)
	}
	top := New(&stage{}, screen)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	top.every = time.Hour
	go func() { ended <- top.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	for looked := false; !looked; {
		top.app.QueueUpdate(func() { looked = !top.report.At.IsZero() })
	}
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	level := func(i int) float64 { return 0.9 - 0.02*float64(i) }
	// shows draws a look, and returns what was sent for it.
	shows := func(at time.Time, load func(int) float64) string {
		top.app.QueueUpdateDraw(func() {
			top.report = crowd(at, load)
			top.fill()
		})
		return l.take()
	}
	if first := shows(at, level); !strings.Contains(first, "[7;1Hhost04") {
		t.Errorf("the first look does not show the first hosts: %q", first)
	}
	top.app.QueueUpdate(screen.Sync)
	whole := l.take()
	if len(whole) < 1000 || !strings.Contains(whole, "host01") {
		t.Fatalf("the whole screen is %q", whole)
	}
	idle := shows(at.Add(2*time.Second), level)
	t.Logf("the whole screen is %d bytes, a look without a change %d: %q", len(whole), len(idle), idle)
	if len(idle) > 40 {
		t.Errorf("where nothing has changed %d bytes are sent, want at most 40: %q", len(idle), idle)
	}
	changed := shows(at.Add(4*time.Second), func(i int) float64 {
		if i == 14 {
			return level(i) + 0.01
		}
		return level(i)
	})
	t.Logf("a change of one host is %d bytes: %q", len(changed), changed)
	if len(changed) > 160 || strings.Contains(changed, "host") {
		t.Errorf("for the load of one host %d bytes are sent, want at most 160 and no name: %q", len(changed), changed)
	}
	if strings.Contains(whole+changed, "[38;2;") || strings.Contains(whole+changed, "[38;5;") {
		t.Errorf("more than 16 colours are used: %q", whole)
	}
}
