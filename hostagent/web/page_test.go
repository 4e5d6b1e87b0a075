package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/hostagent/site"
)

// Who has no token, or asks under another name, learns nothing of the site; the parts of
// the page are for everybody, and may run nothing of others.
func TestGuard(t *testing.T) {
	page := New(Options{Source: newInvented(2, 1), Token: "right", Names: Loopback()})
	for _, c := range []struct {
		host, path, token string
		want              int
	}{
		{"127.0.0.1:4280", "/", "", http.StatusOK},
		{"localhost", "/page.js", "", http.StatusOK},
		{"[::1]:80", "/charts.css", "", http.StatusOK},
		{"127.0.0.1", "/deal?deal=deal-0001", "", http.StatusUnauthorized},
		{"127.0.0.1", "/deal?deal=deal-0001", "wrong", http.StatusUnauthorized},
		{"127.0.0.1", "/events", "", http.StatusUnauthorized},
		{"127.0.0.1", "/deal?deal=none", "right", http.StatusServiceUnavailable},
		{"evil.example.org", "/", "right", http.StatusMisdirectedRequest},
		{"evil.example.org", "/events", "right", http.StatusMisdirectedRequest},
		{"127.0.0.1", "/assets/page.js", "right", http.StatusNotFound},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Host = c.host
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		w := httptest.NewRecorder()
		page.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s%s with the token %q: got %d, want %d", c.host, c.path, c.token, w.Code, c.want)
		}
		csp := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(w.Body.String(), "guest000") {
			t.Errorf("%s%s: got the policy %q and %q", c.host, c.path, csp, w.Body)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/events", nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	page.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a POST: got %d, want that the page takes none", w.Code)
	}
}

// A reader gets the whole site first and then what changes, and learns of a look that
// failed. When nobody reads, nobody looks.
func TestStream(t *testing.T) {
	source := newInvented(8, 2)
	page := New(Options{Source: source, Every: time.Millisecond})
	server := httptest.NewServer(page)
	defer server.Close()
	defer page.Close()
	ctx, leave := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	next := func() (e event) {
		for lines.Scan() {
			if data, is := strings.CutPrefix(lines.Text(), "data: "); is {
				if err := json.Unmarshal([]byte(data), &e); err != nil {
					t.Fatal(err)
				}
				return e
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return e
	}
	first, second := next(), next()
	if len(first.Hosts) != 8 || len(first.Pasts) != 7 || len(first.Moves) < 5 || first.Policy == nil || first.From != "host001" {
		t.Errorf("the first event has %d hosts, %d pasts, %d moves, policy %s", len(first.Hosts), len(first.Pasts), len(first.Moves),
			first.Policy)
	}
	if _, again := second.Hosts["host004"]; again || len(second.Hosts) != 7 || second.Policy != nil {
		t.Errorf("the second event has %d hosts and the policy %s, want those that changed", len(second.Hosts), second.Policy)
	}
	source.mu.Lock()
	source.fails = errors.New("the agent has ended")
	source.mu.Unlock()
	for next().Error != "the agent has ended" {
	}
	leave()
	late := time.After(10 * time.Second)
	for page.watch.reading() {
		select {
		case <-late:
			t.Fatal("the site is looked at although nobody reads")
		case <-time.After(time.Millisecond):
		}
	}
}

// reading says whether the site is looked at.
func (w *watch) reading() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stop != nil
}

// Many readers share the looks, and a slow one gets the latest picture.
func TestWatchShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newInvented(3, 1)
		w := newWatch(source, 2*time.Second)
		var leaves []func()
		var slow <-chan *picture
		for range 5 {
			c, leave := w.read()
			leaves, slow = append(leaves, leave), c
		}
		time.Sleep(21 * time.Second)
		synctest.Wait()
		if source.looks != 11 {
			t.Errorf("five readers made %d looks in 21 s, want 11", source.looks)
		}
		if got := <-slow; !got.head.At.Equal(w.latest.head.At) {
			t.Errorf("a slow reader got the picture of %v, want the latest of %v", got.head.At, w.latest.head.At)
		}
		for _, leave := range leaves {
			leave()
		}
		time.Sleep(time.Minute)
		if source.looks != 11 {
			t.Errorf("without readers there were %d looks, want 11", source.looks)
		}
	})
}

// A message is told once, by its sender; what only its receiver knows is told as well.
func TestTranscript(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	say := func(after int, kind, with, term string) site.Line {
		return site.Line{At: at.Add(time.Duration(after) * time.Millisecond), Kind: kind, With: with, Term: term}
	}
	story := site.Story{Ends: []site.End{
		{Host: "h1", Account: site.Account{Talk: []site.Line{
			say(0, "send", "h2", "ask"), say(9, "receive", "h2", "accept"), say(10, "solve", "", "migrate"),
		}}},
		{Host: "h2", Account: site.Account{Talk: []site.Line{say(3, "receive", "h1", "ask"), say(4, "receive", "h1", "again")}}},
	}}
	var got []string
	for _, l := range story.Transcript() {
		got = append(got, strings.Join([]string{l.Kind, l.Host, l.With, l.Term}, " "))
	}
	want := []string{"message h1 h2 ask", "message h1 h2 again", "message h2 h1 accept", "solve h1  migrate"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// Who lags is named.
func TestReleases(t *testing.T) {
	r := site.Report{Hosts: []site.Host{
		{Host: "h1", State: site.State{Releases: []site.Release{{Publisher: "north", Version: 3}}, Policies: []site.Policy{
			{Publisher: "north", Name: "even", State: "active"},
		}}},
		{Host: "h2", State: site.State{Releases: []site.Release{{Publisher: "north", Version: 2}}, Policies: []site.Policy{
			{Publisher: "north", Name: "even", State: "refused", Detail: "a role"}, {Publisher: "north", Name: "other", State: "not_targeted"},
		}}},
	}}
	got := string(encoded(releasesOf(r)))
	const want = `{"publishers":[{"name":"north","newest":3,"on":1,"behind":["h2: 2"]}],` +
		`"policies":[{"publisher":"north","name":"even","active":1,"trial":{"hosts":[]},"waiting":[],"others":["h2: refused, a role"]},` +
		`{"publisher":"north","name":"other","active":0,"trial":{"hosts":[]},"waiting":[],"others":[]}],"models":[]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
