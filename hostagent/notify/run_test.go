package notify

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/hostagent/site"
)

// stuck has one problem until it is solved.
type stuck struct{ solved atomic.Bool }

func (s *stuck) see(context.Context) ([]site.Problem, error) {
	if s.solved.Load() {
		return nil, nil
	}
	return []site.Problem{{Kind: site.DrainStuck, About: "db", Text: "no host takes it"}}, nil
}

// begin runs a receiver until the test ends.
func begin(t *testing.T, r Receiver, s *stuck) {
	t.Helper()
	r.every, r.pause, r.Most = 10*time.Millisecond, time.Millisecond, 9
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		Run(ctx, Host{"h1", "id"}, r, s.see, slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(func() { cancel(); <-done })
}

// A server that fails twice gets the message at the third attempt, and is told when the
// problem has ended.
func TestPost(t *testing.T) {
	var asked atomic.Int64
	got := make(chan Message, 9)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) <= 2 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		var m Message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || r.Method != http.MethodPost {
			t.Errorf("got %s and %v", r.Method, err)
		}
		got <- m
	}))
	defer server.Close()
	s := &stuck{}
	begin(t, Receiver{Post: server.URL + "/secret"}, s)
	if m := <-got; m.Event != site.DrainStuck || m.Host != "h1" || m.About != "db" || m.Text != "no host takes it" || m.Ended {
		t.Errorf("got %+v", m)
	}
	s.solved.Store(true)
	if m := <-got; !m.Ended {
		t.Errorf("got %+v, want that it has ended", m)
	}
}

// A command gets the message on its standard input and in its environment.
func TestCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "told")
	s := &stuck{}
	late := time.After(30 * time.Second)
	script := `{ echo "$PARLEY_EVENT $PARLEY_ENDED: $PARLEY_TEXT"; cat; } > "$0.new" && mv "$0.new" "$0"`
	begin(t, Receiver{Command: []string{"/bin/sh", "-c", script, file}}, s)
	for {
		data, err := os.ReadFile(file)
		if err == nil {
			line, body, _ := strings.Cut(string(data), "\n")
			var m Message
			const want = "drain_stuck false: Parley on h1: db: no host takes it"
			if err := json.Unmarshal([]byte(body), &m); err != nil || m.About != "db" || line != want {
				t.Errorf("got %q, %+v (%v)", line, m, err)
			}
			return
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-late:
			t.Fatal(err)
		}
	}
}

// What another attempt cannot change is not tried again; what fails each time is given up.
func TestAttempts(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		want   int64
	}{"refused": {http.StatusForbidden, 1}, "broken": {http.StatusBadGateway, attemptsMost}, "moved": {http.StatusFound, 1}} {
		var asked atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
		}))
		var log strings.Builder
		r := Receiver{Post: server.URL + "/secret", pause: time.Microsecond}
		r.insist(t.Context(), Message{}, slog.New(slog.NewTextHandler(&log, nil)))
		server.Close()
		if asked.Load() != c.want || !strings.Contains(log.String(), "notification_failed") || strings.Contains(log.String(), "secret") {
			t.Errorf("%s: got %d attempts, want %d; the log is\n%s", name, asked.Load(), c.want, log.String())
		}
	}
	var log strings.Builder
	r := Receiver{Post: "http://127.0.0.1:1/secret", pause: time.Microsecond}
	r.insist(t.Context(), Message{}, slog.New(slog.NewTextHandler(&log, nil)))
	if n := strings.Count(log.String(), "notification_retried"); n != attemptsMost-1 || strings.Contains(log.String(), "secret") {
		t.Errorf("got %d retries\n%s", n, log.String())
	}
	for want, command := range map[string][]string{
		"no such file": {"/nonexistent"}, "exit status 3: it broke": {"/bin/sh", "-c", "echo it broke >&2; exit 3"},
	} {
		if err := (Receiver{Command: command}).send(t.Context(), Message{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %q", command, err, want)
		}
	}
}
