package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The picture at the start has the values that the end calls "before".
func TestDemoStart(t *testing.T) {
	if testing.Short() {
		t.Skip("the demo waits until nothing happens: go test without -short runs it")
	}
	var out, errs strings.Builder
	if code := run([]string{"demo", "--hosts", "3", "--guests", "9", "--seed", "2"}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("code %d: %s", code, errs.String())
	}
	start := regexp.MustCompile(`Load at the start \(spread ([0-9.]+)\)`).FindStringSubmatch(out.String())
	end := regexp.MustCompile(`Spread of load +([0-9.]+) before`).FindStringSubmatch(out.String())
	if start == nil || end == nil || start[1] != end[1] {
		t.Errorf("got the spread %q at the start and %q before, want the same, in\n%s", start, end, out.String())
	}
}

// A policy that sends without a pause ends the demo, which says who sends what.
func TestDemoRush(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "rush.lcc")
	text := `r(i, initial). r(x(_), auxiliary). r(y, necessary).
peer(carl).
a(i, X) :: null <- peer(T) then a(x(T), X).
a(x(T), X) :: ask => a(y, T) then ((yes <= a(y, T)) or (null <- failed(T) then a(x(T), X)) or (null <- timeout(5))).
a(y, Y) :: ask <= a(x(_), X) then yes => a(x(_), X).
`
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code := run([]string{"demo", "--policy", policy, "--hosts", "2", "--guests", "2", "--limit", "20s"}, strings.NewReader(""), &out, &errs)
	want := regexp.MustCompile(`host0[12] sends without a pause: more than 1000 messages within 1s\. ` +
		`The last one is ask to carl, in role x\(carl\) \(line 4\): wait before`)
	if code != 1 || !want.MatchString(errs.String()) {
		t.Errorf("got code %d and %q, want 1 and %s", code, errs.String(), want)
	}
	if !strings.Contains(out.String(), " => carl: ask\n") || !strings.Contains(out.String(), "Not steady yet: a host sends without a pause") {
		t.Errorf("got %d bytes without the message or the reason, which end with %q", out.Len(), out.String()[max(0, out.Len()-300):])
	}
}
