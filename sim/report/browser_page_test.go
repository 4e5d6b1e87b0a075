package report

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	protocol "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/internal/browsertest"
)

// recordsText makes each canvas of a page remember where it writes what.
const recordsText = `(() => {
	const proto = CanvasRenderingContext2D.prototype, write = proto.fillText, clear = proto.clearRect;
	window.written = new Map();
	proto.clearRect = function (...box) {
		window.written.set(this.canvas, []);
		return clear.apply(this, box);
	};
	proto.fillText = function (text, x, y, ...more) {
		const size = this.measureText(text), m = this.getTransform();
		const left = x - size.actualBoundingBoxLeft, right = x + size.actualBoundingBoxRight;
		const top = y - size.actualBoundingBoxAscent, bottom = y + size.actualBoundingBoxDescent;
		const points = [[left, top], [right, top], [left, bottom], [right, bottom]].map((p) => m.transformPoint(new DOMPoint(...p)));
		const xs = points.map((p) => p.x), ys = points.map((p) => p.y);
		if (!window.written.has(this.canvas)) window.written.set(this.canvas, []);
		const box = { text, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
		window.written.get(this.canvas).push(box);
		return write.call(this, text, x, y, ...more);
	};
})()`

// overprinted lists the pairs of texts that overlap: of each chart, of the ticks below
// bars, and of the cells of each table; and what a canvas cuts off.
const overprinted = `(() => {
	const found = [];
	const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
	const pairs = (where, list) => list.forEach((a, i) => list.slice(i + 1).forEach((b) => {
		if (over(a, b)) found.push(where + ': "' + a.text + '" and "' + b.text + '"');
	}));
	for (const [canvas, list] of window.written) {
		if (!canvas.isConnected) continue;
		pairs('chart', list.filter((t) => t.text));
		for (const t of list) {
			const inside = t.left > -1 && t.right < canvas.width + 1 && t.top > -1 && t.bottom < canvas.height + 1;
			if (!inside) found.push('chart: "' + t.text + '" is cut off');
		}
	}
	const box = (e) => {
		const { left, right, top, bottom } = e.getBoundingClientRect();
		return { text: e.textContent, left, right, top, bottom };
	};
	for (const ticks of document.querySelectorAll('.ticks')) pairs('ticks', [...ticks.querySelectorAll('span')].map(box));
	const inked = (cell) => {
		const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange(), all = [];
		while (walk.nextNode()) {
			if (walk.currentNode.parentElement.closest('.said') || !walk.currentNode.textContent.trim()) continue;
			range.selectNodeContents(walk.currentNode);
			all.push(...range.getClientRects());
		}
		const of = (pick, key) => pick(...all.map((r) => r[key]));
		const [left, right] = [of(Math.min, 'left'), of(Math.max, 'right')];
		return { text: cell.textContent, left, right, top: of(Math.min, 'top'), bottom: of(Math.max, 'bottom') };
	};
	for (const row of document.querySelectorAll('.bars tr:not([aria-hidden]), .comparison tr')) {
		pairs('cells', [...row.cells].filter((c) => c.checkVisibility() && c.textContent.trim()).map(inked));
	}
	return found;
})()`

// sticking lists the first elements that reach beyond the screen.
const sticking = `[...document.querySelectorAll('body *')]
	.filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest('.wide, pre, .said'))
	.slice(0, 5).map((e) => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40))`

// opened opens a page at a width, and waits until it is drawn.
func opened(t *testing.T, ctx context.Context, path string, width int64) {
	t.Helper()
	first := protocol.AddScriptToEvaluateOnNewDocumentParams{Source: recordsText}
	_, err := chromedp.Call(ctx, protocol.AddScriptToEvaluateOnNewDocument, first)
	if err != nil {
		t.Fatal(err)
	}
	browsertest.Do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate("file://"+path))
	settle(t, ctx)
}

// The page works in a browser, at each width and in both modes: it makes no requests, its
// script has no errors, it is not wider than the screen, and no text is written over
// another.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	for name, c := range map[string]Comparison{
		"sample": sampleCourses(60, 289, 5), "wide": wide(), "odd": odd(), "empty": {},
	} {
		path := written(t, c)
		for i, width := range widths {
			t.Run(fmt.Sprint(name, " ", width), func(t *testing.T) {
				ctx := browser(t)
				var w watch
				if err := w.listen(ctx); err != nil {
					t.Fatal(err)
				}
				browsertest.Prefer(t, ctx, []string{"light", "dark"}[i%2])
				opened(t, ctx, path, width)
				if overhang := browsertest.Ask[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); overhang > 0 {
					t.Errorf("the page is %d pixels wider than the screen: %q", overhang, browsertest.Ask[[]string](t, ctx, sticking))
				}
				if found := browsertest.Ask[[]string](t, ctx, overprinted); len(found) > 0 {
					t.Errorf("texts are written over others:\n%s", strings.Join(found[:min(10, len(found))], "\n"))
				}
				if scripts := browsertest.Ask[int](t, ctx, `document.querySelectorAll('script').length`); scripts != 2 {
					t.Errorf("the page has %d scripts, want 2: its data and its own", scripts)
				}
				w.Lock()
				defer w.Unlock()
				if len(w.requests) != 1 || w.requests[0] != "file://"+path {
					t.Errorf("the page asks for %q, want itself alone", w.requests)
				}
				if len(w.faults) > 0 {
					t.Errorf("the script: %s", strings.Join(w.faults, "; "))
				}
			})
		}
	}
}

// wide is a comparison with values that are hard to write: tiny, huge, long names, many
// policies.
func wide() Comparison {
	c := sampleCourses(7, 97, 3)
	for k, name := range []string{"gossip+sender_initiated[quiet=0.25;gap=0.125]", "d", "e", "f", "g", "h"} {
		p := c.Policies[k%3]
		p.Name = name
		c.Policies = append(c.Policies, p)
	}
	for i := range c.Policies {
		runs := append([]Run(nil), c.Policies[i].Runs...)
		for j, r := range runs {
			values := map[string]float64{}
			for key, v := range r.Values {
				values[key] = v
			}
			values["energy"] *= 1.23e7
			values["overload"] *= 1.1e-7
			runs[j].Values = values
		}
		c.Policies[i].Runs = runs
	}
	return c
}

// moved moves the pointer over an element, at shares of its size, and returns the box with
// values.
func moved(t *testing.T, ctx context.Context, selector string, x, y float64) string {
	t.Helper()
	at := browsertest.Ask[[]float64](t, ctx, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({ block: 'center' });
		const b = e.getBoundingClientRect();
		return [b.left, b.top, b.width, b.height];
	})()`, selector))
	settle(t, ctx)
	for _, by := range []float64{-3, 0} { // a pointer that comes in, and stays
		browsertest.Do(t, ctx, chromedp.MouseEvent(chromedp.MouseMoved, at[0]+at[2]*x+by, at[1]+at[3]*y))
		settle(t, ctx)
	}
	return said(t, ctx)
}

// said is the box with values; empty if it is hidden.
func said(t *testing.T, ctx context.Context) string {
	t.Helper()
	return browsertest.Ask[string](t, ctx, `(document.querySelector('.chart-tip:not([hidden])') || { innerText: '' }).innerText`)
}

// A pointer, keys and the choices of policy and seed work.
func TestPageAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	c := sampleCourses(60, 289, 3)
	c.Policies[0].Runs[0].Course.Load[144][0] = 1.07
	for seed, watts := range []float64{4000, 5000, 6000} {
		for i := 120; i < 170; i++ {
			c.Policies[0].Runs[seed].Course.Watts[i] = watts
		}
	}
	ctx := browser(t)
	opened(t, ctx, written(t, c), 1300)
	step := levelText(int(level(float64(c.Policies[1].Runs[0].Course.Load[144][0]))))
	holds := func(what, got string, wanted ...string) {
		t.Helper()
		for _, want := range wanted {
			if !strings.Contains(got, want) {
				t.Errorf("%s: got %q, want %q in it", what, got, want)
			}
		}
	}
	holds("a map", moved(t, ctx, ".heat.p0 .u-over", 0.5, 0.005), "105 to 110 %", "host001", "12 h")
	holds("another map", moved(t, ctx, ".heat.p1 .u-over", 0.5, 0.005), "host001", step)
	holds("the mean", moved(t, ctx, "#t-watts .u-over", 0.5, 0.5), "12 h", "none", "5,000", "4,000 to 6,000", "agility")

	browsertest.Do(t, ctx, chromedp.SetValue(chromedp.CSS("#seed"), "3"))
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.getElementById('seed').dispatchEvent(new Event('change'))`)); err != nil {
		t.Fatal(err)
	}
	one := moved(t, ctx, "#t-watts .u-over", 0.5, 0.5)
	holds("one seed", one, "none", "6,000")
	if strings.Contains(one, " to ") {
		t.Errorf("one seed has a range: %q", one)
	}
	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS(".keys input[data-policy='0']")))
	if fewer := moved(t, ctx, "#t-watts .u-over", 0.5, 0.5); strings.Contains(fewer, "none") || !strings.Contains(fewer, "agility") {
		t.Errorf("with the first policy switched off: got %q", fewer)
	}

	browsertest.Do(t, ctx, chromedp.MouseEvent(chromedp.MouseMoved, 1, 1), chromedp.Focus(chromedp.CSS("#t-deviation")))
	settle(t, ctx) // a page that scrolls hides the box
	first := keyed(t, ctx, kb.ArrowRight)
	second := keyed(t, ctx, kb.ArrowRight)
	if first == "" || first == second {
		t.Errorf("the right arrow: got %q and then %q, want two times", first, second)
	}
	const back = `!document.querySelector('#t-watts button').hidden`
	keyed(t, ctx, "+")
	if !browsertest.Ask[bool](t, ctx, back) {
		t.Error("+ shows a part of the time: got no button of another chart that shows all")
	}
	keyed(t, ctx, kb.Escape)
	if browsertest.Ask[bool](t, ctx, back) {
		t.Error("Escape shows the whole time: the button that does is still there")
	}
}

// keyed presses a key, and returns the box with values.
func keyed(t *testing.T, ctx context.Context, key string) string {
	t.Helper()
	browsertest.Do(t, ctx, chromedp.KeyEvent(key))
	settle(t, ctx)
	return said(t, ctx)
}

// Without a script, tables and bars are there, and a map is a picture.
func TestPageWithoutScript(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	path := written(t, sampleCourses(12, 97, 3))
	ctx := browser(t)
	browsertest.Do(t, ctx, chromedp.EmulateViewport(1300, 900))
	scripts(t, ctx, false)
	browsertest.Do(t, ctx, chromedp.Navigate("file://"+path))
	scripts(t, ctx, true) // what is asked below is a script, too
	for what, expression := range map[string]string{
		"a map":                  `document.querySelector('.plot img').checkVisibility()`,
		"the bars":               `document.querySelector('.strip .bar').checkVisibility()`,
		"a table":                `document.querySelector('#course ~ .cards table tbody tr').cells.length === 4`,
		"nothing for the script": `[...document.querySelectorAll('.scripted, .chart')].every((e) => !e.checkVisibility())`,
	} {
		if !browsertest.Ask[bool](t, ctx, expression) {
			t.Errorf("%s: not as it should be", what)
		}
	}
}

// scripts lets the page run scripts, or not.
func scripts(t *testing.T, ctx context.Context, run bool) {
	t.Helper()
	off := emulation.SetScriptExecutionDisabledParams{Value: !run}
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, off); err != nil {
		t.Fatal(err)
	}
}

// Paper is light whatever the reader prefers, and no chart is wider than its column.
func TestPageOnPaper(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	ctx := browser(t)
	opened(t, ctx, written(t, sampleCourses(12, 97, 3)), 1300)
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	browsertest.Do(t, ctx, chromedp.EmulateViewport(700, 1000))
	browsertest.Ask[bool](t, ctx, `dispatchEvent(new Event('beforeprint'))`)
	settle(t, ctx)
	if wide := browsertest.Ask[int](t, ctx, `[...document.querySelectorAll('canvas')]
		.filter((c) => c.getBoundingClientRect().right > c.closest('figure').getBoundingClientRect().right).length`); wide > 0 {
		t.Errorf("%d charts are wider than their columns", wide)
	}
	if charts := browsertest.Ask[int](t, ctx, `document.querySelectorAll('canvas').length`); charts < 9 {
		t.Errorf("got %d charts, want 6 over time and 3 maps", charts)
	}
	paper := browsertest.Ask[string](t, ctx, `getComputedStyle(document.querySelector('.chart')).getPropertyValue('--paper')`)
	if strings.TrimSpace(paper) != "#ffffff" {
		t.Errorf("the paper is %s", paper)
	}
	if browsertest.Ask[bool](t, ctx, `document.querySelector('#seed').checkVisibility()`) {
		t.Error("a choice is printed")
	}
}
