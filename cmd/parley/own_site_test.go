package main

import (
	"os/exec"
	"testing"

	"parley/internal/walkthrough"
)

const ownSitePage = "../../docs/own-site.md"

// TestOwnSite runs docs/own-site.md line by line: the verbs of parley in this
// process, git and other commands as they are, agents on the loopback network. It
// compares every line of output on the page with the real output.
func TestOwnSite(t *testing.T) {
	if testing.Short() {
		t.Skip("the page takes half a minute: go test without -short runs it")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("the page keeps its policies in git, which is missing: apt-get install git, or make test as root")
	}
	steps, err := walkthrough.Read(read(t, ownSitePage))
	if err != nil {
		t.Fatalf("%s: %v", ownSitePage, err)
	}
	if len(steps) < 60 {
		t.Fatalf("got %d commands on the page, want at least 60: is it read as it is written?", len(steps))
	}
	site := newOfficeSite(t)
	for _, s := range steps {
		site.do(t, s)
		if t.Failed() {
			break // later steps would fail for the same reason
		}
	}
}
