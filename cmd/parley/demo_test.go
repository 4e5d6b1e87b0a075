package main

import (
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
