package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

// Heartbeats continue until they are interrupted, even while the agent is down, and
// name the latest release of the repository at that time.
func TestHeartbeats(t *testing.T) {
	dir := t.TempDir()
	work := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if code := run(args, nil, &out, &out); code != 0 {
			t.Fatalf("parley %v: %s", args, out.String())
		}
		return out.String()
	}
	site, key, socket := filepath.Join(dir, "site"), filepath.Join(dir, "ann.key"), filepath.Join(dir, "sock")
	work("key", "new", key)
	work("cluster", "init", "north", "--key", key, "--repository", site)
	work("policy", "publish", "--key", key, "--out", filepath.Join(dir, "one"), "--repository", site)
	r, err := repository.Open(site)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	failures := &lineWaiter{wanted: "no agent listens", came: make(chan struct{})}
	go func() {
		root := newRoot()
		root.SetArgs([]string{"policy", "heartbeat", "--key", key, "--every", "1s", "--socket", socket, "--repository", site})
		root.SetOut(io.Discard)
		root.SetErr(failures)
		ended <- root.ExecuteContext(ctx)
	}()
	<-failures.came

	beats := make(chan bundle.Heartbeat, 10)
	serveNotices(t, socket, beats)
	beat := <-beats
	if err := beat.Check(r.Anchor().Root); err != nil || beat.Version != 1 || beat.Digest != r.Anchor().Digest {
		t.Errorf("got %+v (%v), want that release 1 is the latest", beat, err)
	}
	work("policy", "publish", "--key", key, "--out", filepath.Join(dir, "two"), "--repository", site)
	for beat.Version == 1 {
		beat = <-beats
	}
	if beat.Version != 2 {
		t.Errorf("got %+v, want that release 2 is the latest", beat)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("interrupted: got %v, want no error", err)
	}
}

// lineWaiter closes came when a text has been written to it.
type lineWaiter struct {
	wanted string
	came   chan struct{}
	seen   bool
}

func (w *lineWaiter) Write(p []byte) (int, error) {
	if !w.seen && strings.Contains(string(p), w.wanted) {
		w.seen = true
		close(w.came)
	}
	return len(p), nil
}

// serveNotices stands in for an agent that accepts heartbeats.
func serveNotices(t *testing.T, socket string, beats chan<- bundle.Heartbeat) {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		notice, err := bundle.DecodeNotice(data)
		if err != nil || notice.Heartbeat == nil || r.URL.Path != "/v1/notice" {
			t.Errorf("%s: got %v (%v), want a heartbeat", r.URL.Path, notice, err)
			return
		}
		beats <- *notice.Heartbeat
		_, _ = w.Write([]byte("{}")) // the client may have disconnected
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // it ends when the test closes it
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
}
