package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

const twoHosts = `
title: Two hosts
hosts: [{name: host, count: 2, cores: 16, memory: 64 GiB}]
guests: [{name: guest, count: 8, host: host1, sizes: [{cores: 2, memory: 4 GiB}], load: {kind: constant, share: 0.7}}]
`

// An interrupted comparison shows the seeds that all policies have finished, and says so.
// What it has kept is not run again.
func TestInterruptedComparison(t *testing.T) {
	dir := t.TempDir()
	scenario, keep, page := filepath.Join(dir, "two.yaml"), filepath.Join(dir, "runs.jsonl"), filepath.Join(dir, "page.html")
	if err := os.WriteFile(scenario, []byte(twoHosts), 0o644); err != nil {
		t.Fatal(err)
	}
	lines := func() int {
		text, err := os.ReadFile(keep)
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		return bytes.Count(text, []byte("\n"))
	}
	command := []string{"sim", "compare", scenario, "--policy", "none,agility", "--keep", keep, "--html", page}
	ended := make(chan struct{})
	var code int
	var out, errs bytes.Buffer
	go func() {
		defer close(ended)
		code = run(append(command, "--seeds", "100000"), strings.NewReader(""), &out, &errs)
	}()
	for lines() < 8 {
		runtime.Gosched()
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-ended
	if code != interruptedCode || !strings.Contains(out.String(), "only a part: ") || !strings.Contains(out.String(), "│ agility") {
		t.Errorf("got code %d and\n%s\nwant %d and the table of a part", code, out.String(), interruptedCode)
	}
	if !strings.Contains(errs.String(), "parley: interrupted: the table and the files have the ") || !strings.Contains(errs.String(), keep) {
		t.Errorf("got %q, want what finished and how to continue", errs.String())
	}
	if !strings.Contains(errs.String(), "200,000 runs of 2 hosts and 8 guests over 2h0m0s of virtual time: about ") {
		t.Errorf("got %q, want beforehand about how long it takes", errs.String())
	}
	if text, err := os.ReadFile(page); err != nil || !bytes.Contains(text, []byte("only a part: ")) {
		t.Errorf("the page does not say that it is a part (%v)", err)
	}

	before := lines()
	out.Reset()
	code = run(append(command, "--seeds", "2"), strings.NewReader(""), &out, &errs)
	if code != 0 || strings.Contains(out.String(), "only a part") {
		t.Errorf("the same again with two seeds: got code %d and\n%s", code, out.String())
	}
	if got := lines(); got != before {
		t.Errorf("the same again with two seeds: %d runs were kept, want that the %d from before were taken", got, before)
	}
	if code = run(append(command, "--seeds", "1", "--wire"), strings.NewReader(""), &out, &errs); code != 2 ||
		!strings.Contains(errs.String(), "this run is of another comparison: ") {
		t.Errorf("with another option: got code %d and %s, want that the file is refused", code, errs.String())
	}
}
