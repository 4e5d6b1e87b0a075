package web

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/internal/browsertest"
)

var (
	shots   = flag.String("shots", "", "directory for pictures of the page as a browser shows it, to be looked at")
	shotsOf = flag.String("shots-of", "", "address of a page to take pictures of, in the place of an invented site")
)

// browser opens a tab, or skips the test if there is no browser.
func browser(t testing.TB) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	return browsertest.Tab(t, 2*time.Minute)
}

// faults collects the hosts that the page asks, and what goes wrong in it.
type faults struct {
	sync.Mutex
	asked, list []string
}

func (f *faults) listen(ctx context.Context) error {
	err := chromedp.Listen(ctx, func(event any) {
		f.Lock()
		defer f.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			f.asked = append(f.asked, e.Request.URL)
		case *runtime.EventExceptionThrown:
			text := e.ExceptionDetails.Text
			if e.ExceptionDetails.Exception != nil {
				text += " " + e.ExceptionDetails.Exception.Description
			}
			f.list = append(f.list, text)
		case *log.EventEntryAdded: // what the content security policy blocks is among them
			f.list = append(f.list, e.Entry.Text)
		}
	})
	if err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		return err
	}
	_, err = chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	return err
}

// holds waits until an expression holds in the page.
func holds(t testing.TB, ctx context.Context, expression string) {
	t.Helper()
	wait := fmt.Sprintf(`(async () => {
		const end = performance.now() + 60000;
		while (performance.now() < end) {
			if (%s) return true;
			await new Promise((done) => requestAnimationFrame(done));
		}
		return false;
	})()`, expression)
	if !browsertest.Ask[bool](t, ctx, wait) {
		t.Fatalf("it does not become true: %s\nthe page says %q", expression,
			browsertest.Ask[string](t, ctx, `document.body.innerText.slice(0, 2000)`))
	}
}

// opened opens a page at a width, and waits until it shows the site.
func opened(t testing.TB, ctx context.Context, address string, width int64) {
	t.Helper()
	browsertest.Do(t, ctx, chromedp.EmulateViewport(width, 950), chromedp.Navigate(address))
	holds(t, ctx, `document.querySelector('#hosts tbody tr') && document.querySelector('#heat canvas')`)
}

// TestShots takes pictures for a person, with -shots.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots DIRECTORY was given")
	}
	address := *shotsOf
	if address == "" {
		address = served(t, newInvented(100, 10))
	}
	for _, width := range []int64{390, 820, 1280, 1920} {
		for _, scheme := range []string{"light", "dark"} {
			ctx := browser(t)
			browsertest.Prefer(t, ctx, scheme)
			opened(t, ctx, address, width)
			shot(t, ctx, fmt.Sprintf("%d-%s.png", width, scheme))
			browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#moves li.done button")))
			holds(t, ctx, `document.querySelector('#told .transcript, #told h3 + p')`)
			shot(t, ctx, fmt.Sprintf("%d-%s-story.png", width, scheme))
		}
	}
}

func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	take := chromedp.FullScreenshot(100)
	picture, err := chromedp.Run(ctx, take)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// The page works at each width and in both modes: it asks its own server alone, nothing is
// blocked or fails, and it is not wider than the screen.
func TestPageInBrowser(t *testing.T) {
	for i, width := range []int64{390, 1300, 1920} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			ctx := browser(t)
			address := served(t, newInvented(12, 5))
			var f faults
			if err := f.listen(ctx); err != nil {
				t.Fatal(err)
			}
			browsertest.Prefer(t, ctx, []string{"light", "dark"}[i%2])
			opened(t, ctx, address, width)
			const sticking = `[...document.querySelectorAll('body *')]
				.filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.wide, .skip'))
				.slice(0, 5).map((e) => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40))`
			if found := browsertest.Ask[[]string](t, ctx, sticking); len(found) > 0 {
				t.Errorf("the page is wider than the screen: %q", found)
			}
			const nameless = `[...document.querySelectorAll('button, input, select, dialog')]
				.filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby')
					|| (e.labels && e.labels.length)))
				.map((e) => e.outerHTML)`
			if found := browsertest.Ask[[]string](t, ctx, nameless); len(found) > 0 {
				t.Errorf("without a name for a screen reader: %q", found)
			}
			if now := browsertest.Ask[string](t, ctx, `location.href`); strings.Contains(now, "token") {
				t.Errorf("the address still has the token: %s", now)
			}
			f.Lock()
			defer f.Unlock()
			origin, _, _ := strings.Cut(address, "#")
			for _, asked := range f.asked {
				if !strings.HasPrefix(asked, origin) && !strings.HasPrefix(asked, "data:") {
					t.Errorf("the page asks for %s", asked)
				}
			}
			if len(f.list) > 0 {
				t.Errorf("in the page: %s", strings.Join(f.list, "\n"))
			}
		})
	}
}

// A reader finds out why a guest moved, finds a host and sorts, with the keyboard too.
func TestPageAnswersReader(t *testing.T) {
	ctx := browser(t)
	source := newInvented(12, 5)
	opened(t, ctx, served(t, source), 1300)
	holds(t, ctx, `document.querySelector('#problems').innerText.includes('host004 does not answer')`)
	holds(t, ctx, `document.querySelector('#policies').innerText.includes('These have an older one: host009')`)
	holds(t, ctx, `document.querySelector('#moves li.moving').innerText.replaceAll('\u00a0', ' ').includes('host001 at 90 % asked host002')`)

	browsertest.Do(t, ctx, chromedp.Focus(chromedp.CSS("#moves li.done button")), chromedp.KeyEvent(kb.Enter))
	holds(t, ctx, `document.querySelector('#told tr.marked')`)
	said := strings.ReplaceAll(browsertest.Ask[string](t, ctx, `document.querySelector('#told').innerText`), "\u00a0", " ")
	for _, want := range []string{
		"It follows the policy balance of north, release 7 (agility.lcc). By line 44", "Low - Least > Gap\t0.9 - 0.3 > 0.12",
		"gap(0.12)\tgap(Gap)\ta level of the policy: hosts whose loads differ by less are even", "With < Full\t0.4 < 0.95",
		"12 hosts offered the role underloaded.", "had announced the least: underloaded(0.3)", "10 more offered the role",
		"no other move of these hosts", "By this move alone", "Its memory", "It takes off the load of", "5 min later", "0.6 cores", "0.5 cores",
		"spoke first", "was chosen", "compared what two moves are worth",
		"This one was worth most: 0.421 cores. The next was largest.example.org, with 0.314 cores.", "not asked", "it is pinned",
		" Low - Least > Gap did not hold: it was 0.4 - 0.3 > 0.12. At ", "it was 0.9 - 0.3 > 0.12.",
		"accept(deal)", "as overloaded(0.9), agility.lcc:44", "30 ms", "90 %",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the story of a move has no %q:\n%s", want, said)
		}
	}
	line := browsertest.Ask[string](t, ctx, `document.querySelector('#told .decided').innerText`)
	if !strings.Contains(line, "ask(G, Need, L)") {
		t.Errorf("the line that decided is said to be %q", line)
	}
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Escape))
	holds(t, ctx, `!document.querySelector('#told').open && document.activeElement.closest('#moves')`)
	browsertest.Do(t, ctx, chromedp.Focus(chromedp.CSS("#moves li.failed button")), chromedp.KeyEvent(kb.Enter))
	holds(t, ctx, `document.querySelector('#told').innerText.includes('closest together')`) // of a policy that does not ask
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Escape))

	browsertest.Do(t, ctx, chromedp.KeyEvent("/"))
	holds(t, ctx, `document.activeElement.id === 'find'`)
	find(t, ctx, "host006")
	holds(t, ctx, `document.querySelectorAll('#hosts tbody tr').length === 1 && document.querySelectorAll('#guests tbody tr').length === 5`)
	find(t, ctx, "no such host")
	holds(t, ctx, `document.querySelector('#hosts').innerText.includes('None of the 12 hosts')`)
	holds(t, ctx, `/None of the \d+ moves/.test(document.querySelector('#moves').innerText)`)
	find(t, ctx, "")
	holds(t, ctx, `document.querySelectorAll('#hosts tbody tr').length === 12`)
	browsertest.Ask[bool](t, ctx, `document.querySelectorAll('#hosts thead button')[2].click() || true`)
	holds(t, ctx, `(() => {
		const shown = [...document.querySelectorAll('#hosts tbody tr')].map((r) => parseInt(r.cells[2].textContent) || -1);
		const sort = document.querySelectorAll('#hosts th')[2].getAttribute('aria-sort');
		return sort === 'descending' && shown.every((v, i) => i === 0 || v <= shown[i - 1]);
	})()`)

	browsertest.Ask[bool](t, ctx,
		`[...document.querySelectorAll('#hosts tbody button')].find((b) => b.textContent === 'host006').click() || true`)
	holds(t, ctx, `document.querySelector('#told').innerText.includes('does not leave the drained host')`)
	browsertest.Ask[bool](t, ctx, `document.querySelector('#told tbody button').click() || true`)
	holds(t, ctx, `document.querySelector('#told-title').innerText.startsWith('guest')`)
	holds(t, ctx, `document.querySelector('#told').innerText.includes('Its moves')`)
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Escape))

	browsertest.Do(t, ctx, chromedp.Focus(chromedp.CSS("#heat .chart")), chromedp.KeyEvent(kb.ArrowRight))
	holds(t, ctx, `(document.querySelector('.chart-tip:not([hidden])') || { innerText: '' }).innerText.includes('host001')`)

	source.mu.Lock()
	source.fails = errors.New("the agent has ended")
	source.mu.Unlock()
	holds(t, ctx, `document.querySelector('#live').innerText.includes('the agent has ended')`)
}

// A reader sees who talks to whom, and what two hosts, or one of them, said last; with the
// keyboard too. Messages that both ends count are counted once.
func TestTalkInBrowser(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, served(t, newInvented(12, 2)), 1300)
	browsertest.Ask[bool](t, ctx, `(document.getElementById('talk').scrollIntoView(), true)`) // what nobody sees is not drawn
	holds(t, ctx, `document.querySelectorAll('#talk .dot').length === 12 && document.querySelectorAll('#talk .line').length > 20`)
	holds(t, ctx, `document.querySelector('#talk .dot.quiet').getAttribute('aria-label') === 'host004: no messages'`)
	browsertest.Ask[bool](t, ctx, `(() => {
		const span = document.querySelector('#talk-span');
		span.value = '1';
		return span.dispatchEvent(new Event('change'));
	})()`)
	find(t, ctx, "host002 host003")
	holds(t, ctx, `(() => {
		const rows = [...document.querySelectorAll('#talk tbody tr')];
		return rows.length === 1 && rows[0].cells[3].textContent === '2' && rows[0].cells[4].textContent === '2';
	})()`)
	browsertest.Ask[bool](t, ctx, `document.querySelector('#talk tbody button').click() || true`)
	holds(t, ctx, `document.querySelectorAll('#told .transcript li').length === 2`)
	said := browsertest.Ask[string](t, ctx, `document.querySelector('#told').innerText`)
	for _, want := range []string{"host002 and host003", "1 refusal, 1 for deals", "refuse(full)", "host002 → host003"} {
		if !strings.Contains(said, want) {
			t.Errorf("what two hosts said has no %q:\n%s", want, said)
		}
	}
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Escape))
	browsertest.Ask[bool](t, ctx, `document.querySelector('#talk .dot[tabindex="0"]').focus() || true`)
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	holds(t, ctx, `document.activeElement.getAttribute('aria-label').startsWith('host002: ')
		&& document.querySelectorAll('#talk .lit .near').length > 2`)
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	holds(t, ctx, `document.querySelector('#told-title').innerText === 'host002: with whom it talks'
		&& document.querySelectorAll('#told tbody tr').length > 3 && document.querySelector('#told .transcript')`)
}

// Drains, a plan that is old and a policy on trial are told.
func TestPlanInBrowser(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, served(t, newInvented(12, 5)), 1280)
	for _, c := range []struct{ id, want string }{
		{"drains", "host006 is drained: 1 guest has left, 5 are left"}, {"drains", "db does not leave the drained host"},
		{"plan", "host008 at 120 % asked host009"}, {"plan", "Recommended 3 min ago. host008 was at 120 % then"},
		{"plan", "CPU now → with the plan"}, {"policies", "on trial on host007, stage 1"}, {"policies", "host009: 6"},
		{"trials", "is on trial on host007, stage 1"}, {"trials", "older ones are on host009: 6"},
	} {
		holds(t, ctx, fmt.Sprintf(`document.querySelector('#%s').innerText.replaceAll('\u00a0', ' ').includes(%q)`, c.id, c.want))
	}
}

// find writes into the field that filters.
func find(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	browsertest.Ask[bool](t, ctx, fmt.Sprintf(`(() => {
		const field = document.querySelector('#find');
		field.value = %q;
		return field.dispatchEvent(new Event('input'));
	})()`, text))
}

// Without its token the page asks for one, and takes it.
func TestPageAsksForToken(t *testing.T) {
	ctx := browser(t)
	address, _, _ := strings.Cut(served(t, newInvented(3, 1)), "#")
	browsertest.Do(t, ctx, chromedp.Navigate(address))
	holds(t, ctx, `!document.querySelector('#ask').hidden && document.querySelector('main').hidden`)
	for _, c := range []struct{ token, then string }{
		{"wrong", `document.querySelector('#refused').textContent === 'The token is wrong.'`},
		{"a-token-of-a-test", `document.querySelector('#hosts tbody tr') && document.querySelector('#ask').hidden`},
	} {
		browsertest.Ask[bool](t, ctx, fmt.Sprintf(`(document.querySelector('#token').value = %q) && true`, c.token))
		browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#ask button")))
		holds(t, ctx, c.then)
	}
}

// What the page's thread computes for one change of a large site: decoding, comparing,
// writing and laying out, so that other programs of the machine are not measured. What it
// paints beyond that depends on the graphics card, which this machine may not have: task-ms/op
// has it as well.
func BenchmarkFrames(b *testing.B) {
	ctx := browser(b)
	opened(b, ctx, served(b, newInvented(100, 10)), 1920)
	browsertest.Ask[bool](b, ctx, `document.querySelector('#guests .more').click() || true`) // all guests
	holds(b, ctx, `document.querySelectorAll('#guests tbody tr').length === 990`)
	computed := performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}
	if _, err := chromedp.Call(ctx, performance.Enable, computed); err != nil {
		b.Fatal(err)
	}
	for _, place := range []string{"heat", "talk"} {
		b.Run(place, func(b *testing.B) {
			browsertest.Ask[bool](b, ctx, fmt.Sprintf(`document.querySelector('#%s').scrollIntoView() || true`, place))
			browsertest.Ask[bool](b, ctx, `(Parley.frames.length = 0) || true`)
			holds(b, ctx, `Parley.frames.length >= 3`) // what has come on the screen is drawn
			drawn := 0
			before := spentOn(b, ctx)
			b.ResetTimer()
			for drawn < b.N { // the page keeps the last 200
				frames := min(b.N-drawn, 100)
				browsertest.Ask[bool](b, ctx, `(Parley.frames.length = 0) || true`)
				holds(b, ctx, fmt.Sprintf(`Parley.frames.length >= %d`, frames))
				drawn += browsertest.Ask[int](b, ctx, `Parley.frames.length`)
			}
			after := spentOn(b, ctx)
			for name, unit := range map[string]string{"ScriptDuration": "script-ms/op", "RecalcStyleDuration": "style-ms/op",
				"LayoutDuration": "layout-ms/op", "TaskDuration": "task-ms/op"} {
				b.ReportMetric(float64((after[name]-before[name]).Milliseconds())/float64(drawn), unit)
			}
		})
	}
}

// spentOn is what the page's thread has computed so far, by what for.
func spentOn(t testing.TB, ctx context.Context) map[string]time.Duration {
	t.Helper()
	found, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	spent := map[string]time.Duration{}
	for _, m := range found.Metrics {
		spent[m.Name] = time.Duration(m.Value * float64(time.Second))
	}
	return spent
}
