package main

import (
	"fmt"
	"strings"
	"testing"

	"parley/hostagent/api"
)

// Of many peers those with a problem are shown first, and what is left out is said.
func TestManyPeers(t *testing.T) {
	var peers []api.PeerStatus
	for i := range 500 {
		peers = append(peers, api.PeerStatus{Name: fmt.Sprintf("h%03d", i), Connected: i != 300, Suspected: i == 400})
	}
	var out strings.Builder
	printPeers(&out, peers)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != peersShown+2 || !strings.Contains(lines[1], "h400  suspected") || !strings.Contains(lines[2], "h300  no") ||
		!strings.HasPrefix(lines[len(lines)-1], "40 of 500 peers shown") {
		t.Errorf("got %d lines\n%s\nwant h400 and h300 first, 40 peers, and how many there are", len(lines), out.String())
	}
	out.Reset()
	printPeers(&out, peers[:peersShown])
	if strings.Contains(out.String(), "shown") || strings.Index(out.String(), "h000") > strings.Index(out.String(), "h039") {
		t.Errorf("got\n%s\nwant all of 40 peers in their order", out.String())
	}
}
