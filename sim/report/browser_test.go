package report

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"parley/internal/browsertest"
)

var (
	shots   = flag.String("shots", "", "directory for pictures of the page as a browser shows it, to be looked at")
	shotsOf = flag.String("shots-of", "", "file with a page to take pictures of, in the place of an invented one")
)

// widths are those at which the page is looked at: a telephone, a laptop, a wide screen.
var widths = []int64{400, 1300, 2000}

// browser opens a tab, or skips the test if there is no browser.
func browser(t *testing.T) context.Context {
	t.Helper()
	return browsertest.Tab(t, time.Minute)
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

// TestShots takes screenshots for a person, with -shots; of a page that is there, with
// -shots-of.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots DIRECTORY was given")
	}
	path := *shotsOf
	if path == "" {
		path = written(t, sampleCourses(60, 289, 20))
	}
	for _, width := range widths {
		for _, scheme := range []string{"light", "dark"} {
			ctx := browser(t)
			browsertest.Prefer(t, ctx, scheme)
			browsertest.Do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate("file://"+path))
			settle(t, ctx)
			picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%d-%s.png", width, scheme)
			if err := os.WriteFile(filepath.Join(*shots, name), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// settle waits until the page has drawn what it draws later: maps are drawn when their
// pictures are decoded, charts fit their width in the next frame.
func settle(t *testing.T, ctx context.Context) {
	t.Helper()
	const frames = `(async () => {
		await Promise.all([...document.images].map((i) => i.decode().catch(() => {})));
		for (let i = 0; i < 4; i++) await new Promise((done) => requestAnimationFrame(done));
		return true;
	})()`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](frames, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
}
