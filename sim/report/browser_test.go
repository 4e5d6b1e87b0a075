package report

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "directory for pictures of the page as a browser shows it, to be looked at")

// browser opens a tab, or skips the test if there is no browser.
func browser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium-headless-shell", "headless_shell", "chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium here: apt-get install chromium-headless-shell to see the page in a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(stop)
	return ctx
}

// written writes the page to a file that a browser can open.
func written(t *testing.T, c Comparison) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := HTML(f, c); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// watch collects the page's network requests and its script errors.
type watch struct {
	sync.Mutex
	requests, faults []string
}

func (w *watch) listen(ctx context.Context) error {
	err := chromedp.Listen(ctx, func(event any) {
		w.Lock()
		defer w.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "data:") {
				w.requests = append(w.requests, e.Request.URL)
			}
		case *runtime.EventExceptionThrown:
			w.faults = append(w.faults, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			w.faults = append(w.faults, "console: "+string(e.Type))
		}
	})
	if err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	_, err = chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	return err
}

// The page works in a browser: it makes no requests, its script has no errors, it is
// not wider than a phone, and tooltips show values.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	for name, c := range map[string]Comparison{"sample": sample(60, 288, 20), "odd": odd(), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			ctx := browser(t)
			var w watch
			if err := w.listen(ctx); err != nil {
				t.Fatal(err)
			}
			path := "file://" + written(t, c)
			do(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(path))
			overhang := ask[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`)
			scripts := ask[int](t, ctx, `document.querySelectorAll('script').length`)
			if overhang > 0 {
				t.Errorf("the page is %d pixels wider than a phone", overhang)
			}
			if scripts != 2 {
				t.Errorf("the page has %d scripts, want 2: its data and its own", scripts)
			}
			w.Lock()
			defer w.Unlock()
			if len(w.requests) != 1 || w.requests[0] != path {
				t.Errorf("the page asks for %q, want itself alone", w.requests)
			}
			if len(w.faults) > 0 {
				t.Errorf("the script: %s", strings.Join(w.faults, "; "))
			}
		})
	}
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return answer
}

// hover moves the pointer to the middle of the upper edge of an element and returns the
// tooltip.
func hover(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	return ask[string](t, ctx, strings.Replace(`(() => {
		const e = document.querySelector(SELECTOR);
		e.scrollIntoView();
		const b = e.getBoundingClientRect();
		e.dispatchEvent(new PointerEvent('pointermove', {clientX: b.left + b.width * 0.5 + 0.5, clientY: b.top + b.height * 0.005, bubbles: true}));
		return document.getElementById('tip').innerText;
	})()`, "SELECTOR", strconv.Quote(selector), 1))
}

func TestHover(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	c := sample(60, 288, 2)
	course := c.Policies[0].Runs[0].Course
	course.Load[144][0] = 1.07
	for i := 125; i < 150; i++ { // the middle of the picture is left of the middle of the plot
		course.Watts[i] = 4321
	}
	ctx := browser(t)
	do(t, ctx, chromedp.EmulateViewport(1200, 900), chromedp.Navigate("file://"+written(t, c)))
	over, heat := hover(t, ctx, ".heat.p0 .plot img"), hover(t, ctx, ".heat.p1 .plot img")
	line := hover(t, ctx, "svg[data-series=watts]")
	do(t, ctx, chromedp.Click(chromedp.CSS(".keys input[data-policy='0']")))
	fewer := hover(t, ctx, "svg[data-series=watts]")
	step := levelText(int(level(float64(c.Policies[1].Runs[0].Course.Load[144][0]))))
	for _, c := range []struct{ name, got, want string }{
		{"an overloaded host", over, "105 to 110 %"}, {"the same host", over, "host001"}, {"its time", over, "12 h"},
		{"a host with load", heat, step}, {"power", line, "4,321"}, {"the policy of the power", line, "none"},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.name, c.got, c.want)
		}
	}
	if strings.Contains(fewer, "none") || !strings.Contains(fewer, "agility") {
		t.Errorf("with the first policy switched off: got %q", fewer)
	}
}

// TestShots takes screenshots for a person, with -shots.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots DIRECTORY was given")
	}
	path := "file://" + written(t, sample(60, 288, 20))
	for name, view := range map[string]struct {
		width  int64
		scheme string
	}{"desktop": {1200, "light"}, "dark": {1200, "dark"}, "phone": {390, "light"}} {
		ctx := browser(t)
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: view.scheme}},
		})
		if err != nil {
			t.Fatal(err)
		}
		do(t, ctx, chromedp.EmulateViewport(view.width, 900), chromedp.Navigate(path))
		picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
