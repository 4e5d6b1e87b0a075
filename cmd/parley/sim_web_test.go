package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// growing is an output that is read while a command writes it.
type growing struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (g *growing) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.Write(p)
}

func (g *growing) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.String()
}

// `parley sim run --web` serves a page that plays the run, to who has the token, until it
// is interrupted.
func TestSimRunWeb(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var out, errs growing
	ended := make(chan error, 1)
	scenario := filepath.Join(t.TempDir(), "two.yaml")
	if err := os.WriteFile(scenario, []byte(twoHosts+"run: {limit: 20m}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := newSimRun()
	cmd.SetArgs([]string{scenario, "--policy", "agility", "--web"})
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	go func() { ended <- cmd.ExecuteContext(ctx) }()
	var found []string
	for late := time.Now().Add(patience); found == nil; <-time.After(10 * time.Millisecond) {
		if found = regexp.MustCompile(`(http://127\.0\.0\.1:\d+/)#token=(\w+)`).FindStringSubmatch(out.String()); time.Now().After(late) {
			t.Fatalf("no address of a page in\n%s\n%s", out.String(), errs.String())
		}
	}
	ask := func(method, path, body string) (int, string) {
		t.Helper()
		asked, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		request, err := http.NewRequestWithContext(asked, method, found[1]+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+found[2])
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }() // what was read says more
		text := make([]byte, 1<<20)
		n, _ := io.ReadFull(answer.Body, text[:min(len(text), 200)])
		return answer.StatusCode, string(text[:n])
	}
	if code, text := ask(http.MethodPost, "play", `{"at_seconds":600,"playing":false}`); code != http.StatusNoContent {
		t.Errorf("a command: got %d and %q", code, text)
	}
	_, text := ask(http.MethodGet, "events", "")
	var event struct {
		At   time.Time `json:"at"`
		From string    `json:"from"`
	}
	text, _, _ = strings.Cut(strings.TrimPrefix(text, "data: "), `,"totals"`)
	if err := json.Unmarshal([]byte(text+"}"), &event); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if event.At.Format(time.TimeOnly) != "00:10:00" || !strings.Contains(event.From, "agility, seed 1") {
		t.Errorf("got %+v, want ten minutes after the beginning", event)
	}
	interrupt()
	if err := <-ended; err != nil {
		t.Errorf("the interrupted command: %v", err)
	}
}
