package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"parley/hostagent/api"
	"parley/hostagent/audit"
)

const advice = "this host only recommends: `parley migrate web1 h2` carries it out at this host, the mode auto lets policies do it"

func endedDeals() []audit.Entry {
	at := time.Date(2026, 3, 4, 12, 30, 0, 0, time.Local)
	return []audit.Entry{
		{At: at, Kind: "deal", Deal: "0f3ac2d19b8e4f70a1b2c3d4e5f60718", Name: "web1", Source: "host-1", Target: "host-2", State: "withdrawn",
			Reason: advice},
		{At: at.Add(-time.Hour), Kind: "deal", Deal: "0f3ac2d19c8e4f70a1b2c3d4e5f60718", Name: "db", Source: "host-1", Target: "host-3",
			State: "done", Operator: true, By: "root", Total: 1234 * time.Millisecond, Downtime: 58 * time.Millisecond},
	}
}

// A row of the history is read at any width: no word is broken or lost, and the id that
// is shown tells one deal from the other.
func TestHistoryFitsTheTerminal(t *testing.T) {
	for _, width := range []uint16{60, 80, 120} {
		shown := onWidth(t, width, func(out *os.File) { printHistory(&plainWriter{to: out}, endedDeals(), false) })
		for line := range strings.Lines(shown) {
			if got := text.StringWidthWithoutEscSequences(strings.TrimRight(line, "\r\n")); got > int(width) {
				t.Errorf("at %d columns a line has %d: %q", width, got, line)
			}
		}
		words := strings.Fields(shown)
		for _, word := range append(strings.Fields(advice), "withdrawn", "0f3ac2d19b", "0f3ac2d19c", "1.234s", "58ms", "host-3") {
			if !strings.Contains(" "+strings.Join(words, " ")+" ", " "+word) {
				t.Errorf("at %d columns %q is missing in\n%s", width, word, shown)
			}
		}
		if lines := strings.Count(shown, "\n"); lines > 9 {
			t.Errorf("at %d columns two deals take %d lines:\n%s", width, lines, shown)
		}
	}
	t.Setenv("COLUMNS", "")
	var piped strings.Builder
	printHistory(&piped, endedDeals(), false)
	if strings.Count(piped.String(), "\n") != 3 || !strings.Contains(piped.String(), advice) ||
		!strings.Contains(piped.String(), endedDeals()[0].Deal) {
		t.Errorf("got\n%s\nwant a line for each deal, with its whole id and reason", piped.String())
	}
}

// auditOf answers on a socket as an agent with these entries.
func auditOf(t *testing.T, list []audit.Entry) (socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var answer any = api.Status{Host: "host-1", PeerID: "a", Peers: []api.PeerStatus{{ID: "b", Name: "host-2"}}}
		if r.URL.Path == api.PathHistory {
			passed := []audit.Entry{}
			q := r.URL.Query()
			for _, e := range list {
				if (audit.Filter{Guest: q.Get("guest"), Host: q.Get("host"), Deal: q.Get("deal"), State: q.Get("state")}).Passes(e) {
					passed = append(passed, e)
				}
			}
			answer = passed
		}
		_ = json.NewEncoder(w).Encode(answer) // the command belongs to the test
	})}
	go func() { _ = server.Serve(listener) }() // until it is closed
	t.Cleanup(func() { _ = server.Close() })
	return socket
}

// A filter that nothing can pass says why, and part of an id is enough where it is one
// deal's.
func TestHistoryFilters(t *testing.T) {
	socket := auditOf(t, endedDeals())
	for _, c := range []struct{ flags, want string }{
		{"--state dne", `there is no state "dne": did you mean "done"?`},
		{"--all --state dne", `there is no state "dne": did you mean "done"?`},
		{"--host hst-2", `no entry names a host "hst-2": did you mean "host-2"?`},
		{"--guest zzz", `no entry names a guest "zzz"`},
		{"--deal 77", `no entry names a deal "77"`},
		{"--guest db --state aborted", "no entry matches"},
		{"--deal 0f3", `"0f3" is the beginning of several ids: give more of one of 0f3ac2d19b8e`},
		{"--deal 0f3ac2d19c", "operator's deal"},
	} {
		var out, errs bytes.Buffer
		run(append([]string{"history", "--socket", socket}, strings.Fields(c.flags)...), strings.NewReader(""), &out, &errs)
		if !strings.Contains(out.String()+errs.String(), c.want) {
			t.Errorf("%s: got %q and %q, want %q", c.flags, out.String(), errs.String(), c.want)
		}
	}
}

// Recommendations that were withdrawn leave room for the deals that moved a guest.
func TestStatusShowsFewWithdrawnDeals(t *testing.T) {
	s := api.Status{}
	for range 30 {
		s.History = append(s.History, api.DealStatus{Name: "db", State: "done", At: time.Now()})
		s.History = append(s.History, api.DealStatus{Name: "web1", State: "withdrawn", Reason: advice, At: time.Now()})
	}
	var out strings.Builder
	printDeals(&out, s)
	if strings.Count(out.String(), advice) != 3 || strings.Count(out.String(), "done") != 7 ||
		!strings.Contains(out.String(), "50 more ended deals not shown: `parley history`") {
		t.Errorf("got\n%s", out.String())
	}
}
