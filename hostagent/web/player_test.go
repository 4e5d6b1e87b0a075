package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley/hostagent/site"
	"parley/internal/browsertest"
)

// recorded is a recording of an invented site.
type recorded struct{ *invented }

var recordedBegin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (recorded) Span() (begin, end time.Time) { return recordedBegin, recordedBegin.Add(6 * time.Hour) }

func (r recorded) At(at time.Time) site.Report {
	report := site.Report{At: at, From: "a scenario"}
	for i := range r.hosts {
		load := site.Load{Known: true, CPU: r.load(i, float64(at.Unix())), Memory: 0.4, CapacityCPU: 16, CapacityMemory: 64 << 30}
		report.Hosts = append(report.Hosts, site.Host{Host: name(i), State: site.State{Mode: "auto", Load: load}})
	}
	for i := range int(at.Sub(recordedBegin).Hours()) {
		d := site.Deal{
			Deal: fmt.Sprintf("deal-%04d", i), Guest: fmt.Sprint(i), Name: fmt.Sprintf("guest%03d", i),
			Side: "source", Source: name(0), Target: name(1),
			State: "done", At: recordedBegin.Add(time.Duration(i+1) * time.Hour),
		}
		d.Begin.At = d.At
		report.Hosts[0].Ended = append(report.Hosts[0].Ended, d)
	}
	return report
}

func (r recorded) Deal(at time.Time, id string) (site.Story, error) {
	report := r.At(at)
	id, _, err := report.Ends(id)
	for _, d := range report.Hosts[0].Ended {
		if err == nil && d.Deal == id {
			return site.Story{Deal: id, Ends: []site.End{{Host: name(0), Account: accountOf(d)}}}, nil
		}
	}
	return site.Story{}, err
}

func (r recorded) Talk(time.Time, string, string) (site.Story, error) { return site.Story{}, nil }

func (r recorded) Whole(at time.Time, steps int) map[string]*site.Past {
	all := map[string]*site.Past{}
	step := 6 * time.Hour / time.Duration(steps)
	for i := range r.hosts {
		p := &site.Past{Step: int(step.Seconds())}
		for p.End = recordedBegin; p.End.Before(at); p.End = p.End.Add(step) {
			p.CPU, p.Memory = append(p.CPU, site.Percent(r.load(i, float64(p.End.Unix())))), append(p.Memory, 40)
		}
		all[name(i)] = p
	}
	return all
}

func (recorded) Outline(steps int) site.Outline {
	o := site.Outline{Step: 6 * 3600 / steps, Moves: make([]int, steps), Overloaded: make([]int, steps)}
	for i := range 5 {
		o.Moves[(i+1)*steps/6], o.Overloaded[i*steps/6] = 1+i%2, i
	}
	return o
}

// Omitted: of this recording, messages of the first five hours are kept, and the deals of the
// last two are told then.
func (recorded) Omitted(at time.Time) (o site.Omitted) {
	if at.Sub(recordedBegin) >= 5*time.Hour {
		o.Deals, o.Unkept = 1200, recordedBegin.Add(5*time.Hour)
	}
	return o
}

// Time passes as the reader chooses, from the first look on, and ends with the recording.
func TestPlayer(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	p := newPlayer(recorded{newInvented(2, 0)}, func() time.Time { return now })
	pass := func(d time.Duration) { now = now.Add(d) }
	at := func(want time.Duration, playing bool) {
		t.Helper()
		got, state := p.now()
		if got.Sub(recordedBegin) != want || state.Playing != playing {
			t.Errorf("got %v, playing %v, want %v, %v", got.Sub(recordedBegin), state.Playing, want, playing)
		}
	}
	do := func(text string) {
		t.Helper()
		var c command
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		if err := p.do(c); err != nil {
			t.Fatal(err)
		}
	}
	pass(time.Hour) // nobody looks
	at(0, true)
	if p.speed != 60 {
		t.Errorf("six hours are played at the speed %v, want 60", p.speed)
	}
	pass(time.Second)
	at(time.Minute, true)
	do(`{"playing":false}`)
	pass(time.Hour)
	at(time.Minute, false)
	do(`{"at_seconds":3600,"speed":3600,"playing":true}`)
	pass(time.Second)
	at(2*time.Hour, true)
	pass(time.Hour)
	at(6*time.Hour, false)
	do(`{"playing":true}`)
	at(0, true)
}

// A page takes commands from itself alone, and says what is wrong with one.
func TestPlayCommands(t *testing.T) {
	page := New(Options{Recording: recorded{newInvented(2, 0)}, Token: "right", Names: Loopback()})
	live := New(Options{Source: newInvented(2, 0), Token: "right", Names: Loopback()})
	for _, c := range []struct {
		page        *Page
		token, from string
		body, says  string
		want        int
	}{
		{page, "right", "same-origin", `{"playing":false}`, "", http.StatusNoContent},
		{page, "right", "same-origin", `{"speed":0}`, "more than 0", http.StatusBadRequest},
		{page, "right", "same-origin", `{"at_seconds":1e9}`, "from 0 to 21600", http.StatusBadRequest},
		{page, "right", "same-origin", `{"faster":1}`, "playing, speed or at_seconds", http.StatusBadRequest},
		{page, "wrong", "same-origin", `{"playing":true}`, "token", http.StatusUnauthorized},
		{page, "right", "cross-site", `{"playing":true}`, "cross-origin", http.StatusForbidden},
		{live, "right", "same-origin", `{"playing":true}`, "", http.StatusNotFound},
	} {
		r := httptest.NewRequest(http.MethodPost, "/play", strings.NewReader(c.body))
		r.Host = "127.0.0.1"
		r.Header.Set("Authorization", "Bearer "+c.token)
		r.Header.Set("Sec-Fetch-Site", c.from)
		w := httptest.NewRecorder()
		c.page.ServeHTTP(w, r)
		if w.Code != c.want || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s with the token %s from %s: got %d %q, want %d and %q", c.body, c.token, c.from, w.Code, w.Body, c.want, c.says)
		}
	}
	if _, state := page.player.now(); state.Playing {
		t.Error("the page still plays, or a command of others was carried out")
	}
}

// playedAt serves a page that plays a recording, and opens it.
func playedAt(t *testing.T, ctx context.Context, width int64) *Page {
	t.Helper()
	page := New(Options{Recording: recorded{newInvented(12, 0)}, Token: "a-token-of-a-test", Names: Loopback()})
	server := httptest.NewServer(page)
	t.Cleanup(func() {
		page.Close()
		server.CloseClientConnections()
		server.Close()
	})
	opened(t, ctx, server.URL+"/#token=a-token-of-a-test", width)
	return page
}

// A reader pauses a run, goes to a time of it, and looks into a move of then.
func TestPlayInBrowser(t *testing.T) {
	ctx := browser(t)
	var f faults
	if err := f.listen(ctx); err != nil {
		t.Fatal(err)
	}
	playedAt(t, ctx, 1300)
	holds(t, ctx, `!document.querySelector('#play').hidden`)
	holds(t, ctx, `document.querySelector('#play .omitted').hidden`)
	holds(t, ctx, `document.querySelector('#live').innerText.includes('simulated, played: a scenario')`)
	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#play .run")))
	holds(t, ctx, `document.querySelector('#play .run').textContent === 'Play'`)
	seek := `(() => {
		const slider = document.querySelector('#play input');
		slider.value = %d;
		return slider.dispatchEvent(new Event('input'));
	})()`
	browsertest.Ask[bool](t, ctx, fmt.Sprintf(seek, 3*3600+600))
	holds(t, ctx, `document.querySelectorAll('#moves li').length === 3`)
	holds(t, ctx, `document.querySelector('#play output').textContent === '03:10:00 of 06:00:00'`)
	holds(t, ctx, `document.querySelector('#moves time').textContent === '03:00:00'`)
	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#moves li.done button")))
	holds(t, ctx, `(document.querySelector('#told .transcript time') || { textContent: '' }).textContent.startsWith('03:00:00')`)
	browsertest.Ask[bool](t, ctx, `document.querySelector('#told').close() || true`)
	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#play .back")))
	holds(t, ctx, `document.querySelector('#play output').textContent === '03:00:45 of 06:00:00'`)
	holds(t, ctx, `Number(document.querySelector('#play input').value) === 3 * 3600 + 45`)
	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#play .back")))
	holds(t, ctx, `document.querySelectorAll('#moves li').length === 2`)
	browsertest.Do(t, ctx, chromedp.Click(chromedp.CSS("#play .on")))
	holds(t, ctx, `document.querySelectorAll('#moves li').length === 3`)
	browsertest.Ask[bool](t, ctx, fmt.Sprintf(seek, 6*3600))
	holds(t, ctx, `document.querySelector('#play .run').textContent === 'Play again' && document.querySelectorAll('#moves li').length === 6`)
	holds(t, ctx, `document.querySelector('#play .omitted').innerText.includes('1,200 earlier ones are left out')`)
	holds(t, ctx, `document.querySelector('#play .omitted').innerText.includes('since 05:00:00 are not kept')`)
	if *shots != "" {
		shot(t, ctx, "play.png")
	}
	f.Lock()
	defer f.Unlock()
	if len(f.list) > 0 {
		t.Errorf("in the page: %s", strings.Join(f.list, "\n"))
	}
}
