package wording

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/hostagent/api"
)

func TestFact(t *testing.T) {
	for _, c := range []struct {
		code   string
		values map[string]any
		want   string
	}{
		{"guest_gone", nil, "it is not on this host"},
		{"guest_gone", map[string]any{"guest": "web", "to": "h2", "at": "2026-01-02 03:04:05"},
			"it is not on this host: it went to h2 at 2026-01-02 03:04:05, and `parley where web` says where it is now"},
		{"process_ended", map[string]any{"state": "done", "at": "2026-01-02 03:04:05", "reason": ""},
			"it is a process that has ended on this host: done at 2026-01-02 03:04:05"},
		{"process_ended", map[string]any{"state": "failed", "at": "2026-01-02 03:04:05", "reason": "its program has ended with the exit code 3"},
			"it is a process that has ended on this host: failed at 2026-01-02 03:04:05, its program has ended with the exit code 3"},
		{"guest_here", map[string]any{"state": "running", "host": "h1", "cpu_cores": 1.5, "memory_bytes": int64(3 << 30)},
			"it is running on h1 and takes 1.50 cores and 3072 MiB"},
		{"guest_here", map[string]any{"state": "running", "host": "h1", "cpu_cores": 0.5, "memory_bytes": 64 << 20, "kind": "container",
			"disk_bytes": 1 << 30, "needs": []string{"criu=4.2", "runc=1"}},
			"it is a container, running on h1 and takes 0.50 cores and 64 MiB, its volumes 1024 MiB of disk; it needs criu=4.2, runc=1"},
		{"deal", map[string]any{"guest": "web", "source": "h1", "target": "h2", "state": "done", "total_ns": 300_000_000, "downtime_ns": 5_000_000,
			"reason": "", "kind": "process", "stages_ns": []map[string]any{{"name": "copy", "took": 250_000_000}, {"name": "switch", "took": 5_000_000}}},
			"deal of the policy: process web from h1 to h2: done, took 300ms with 5ms of downtime (copy 250ms, switch 5ms)"},
		{"guest_movable", map[string]any{"known": false}, "it may be moved; whether it is, is for the policy: this host's load is not known"},
		{"load", map[string]any{"known": true, "load": 0.5, "cpu": 0.5, "memory": 0.25, "high": 0.8, "low": 0.5},
			"this host's load is 50 % (cpu 50 %, memory 25 %); the configuration calls above 80 % high and below 50 % low"},
		{"policy_state", map[string]any{"release": uint64(3), "publisher": "north", "state": "refused", "code": "not_run", "reason": "it ends"},
			"release 3 of north: it is refused here: not_run it ends"},
		{"policy_state", map[string]any{"release": 3, "publisher": "north", "state": "active", "code": "", "reason": ""},
			"release 3 of north: it is active here"},
		{"may_tell", map[string]any{"file": "a.lcc", "line": 4, "role": "idle", "to": "", "message": "hi(_)", "measures": []string{"load/1"}, "because": []string(nil)},
			"a.lcc:4: as idle it may tell a role that the run decides: hi(_), with what it measures: load/1"},
		{"deal", map[string]any{"operator": true, "guest": "web", "source": "h1", "target": "h2", "state": "done", "load": 0.0,
			"total_ns": int64(1_500_000_000), "downtime_ns": int64(20_000_000), "reason": ""},
			"deal of an operator: web from h1 to h2: done, took 1.5s with 20ms of downtime"},
		{"deal", map[string]any{"operator": true, "drain": true, "guest": "web", "source": "h1", "target": "h2", "state": "moving", "reason": ""},
			"deal of a drain: web from h1 to h2: moving"},
		{"guest_unmoved", map[string]any{"code": "pinned", "reason": "it is pinned", "guest": "db"}, "it is not moved now: it is pinned (`parley pin db --off`)"},
		{"drain_asked", map[string]any{"source": "h1", "guest": "web", "code": "", "reason": "full"}, "the drain of h1 asked about web: full"},
		{"of_a_newer_agent", map[string]any{"n": 1}, "of_a_newer_agent map[n:1]"},
		{"guest_here", map[string]any{"memory_bytes": "much"}, "guest_here map[memory_bytes:much]"},
	} {
		if got := Fact(api.Fact{Code: c.code, Values: c.values}); got != c.want {
			t.Errorf("%s: got %q, want %q", c.code, got, c.want)
		}
	}
}

var given = regexp.MustCompile(`(?:\bfact|loadFact|refused)\("([a-z_]+)"`)

// TestEveryCodeHasWords compares the templates with the codes that the agent uses.
func TestEveryCodeHasWords(t *testing.T) {
	files, err := filepath.Glob("../../service/*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range given.FindAllStringSubmatch(string(text), -1) {
			codes[found[1]] = true
			if templates.Lookup(found[1]) == nil {
				t.Errorf("%s: no words for the fact %s", file, found[1])
			}
		}
	}
	for _, words := range templates.Templates() {
		if name := words.Name(); name != "explain" && !codes[name] {
			t.Errorf("words for %s, which no agent says", name)
		}
	}
	if len(codes) < 30 || !strings.Contains(explain, "define") {
		t.Errorf("found %d codes: the search misses them", len(codes))
	}
}
