package service

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/peer"
)

// No token of a deal is readable in displayed messages, wherever it is in a term or in
// the text of a reason.
func TestTokensAreHidden(t *testing.T) {
	const token = "d0b226aaaabbbbccccddddeeeeffff00"
	for _, text := range []string{
		`accept(deal("x", "` + token + `", 10))`,
		`deal(x, "` + token + `", 10)`,
		`many([deal("a", "` + token + `", 1), other(deal("b", "` + token + `", 2))])`,
		`deal("a quote \" inside", "` + token + `", 10)`,
	} {
		term, err := lcc.ParseTerm(text)
		if err != nil {
			t.Fatal(err)
		}
		r := tokensHidden(peer.Record{Record: lcc.Record{Role: term, Term: term}})
		for _, got := range []string{r.Record.Term.String(), r.Record.Role.String(), withoutTokens(text),
			withoutTokens("it cannot be " + text + ": why")} {
			if strings.Contains(got, token) || !strings.Contains(got, "hidden") {
				t.Errorf("%s: got %s, want the token hidden", text, got)
			}
		}
		if strings.Contains(term.String(), "hidden") {
			t.Error("the term itself was changed")
		}
	}
	cut := logText(strings.Repeat("x", 150) + ` deal("x", "` + token + `", 10)` + strings.Repeat("x", 5000))
	if strings.Contains(cut, token) || len(cut) > logBytes+3 {
		t.Errorf("got %d bytes in a line: %s", len(cut), cut)
	}
}

// The roles in a status and an explanation have no tokens, for people and for programs.
func TestRolesHaveNoTokens(t *testing.T) {
	const token = "1cc5aaaabbbbccccddddeeeeffff0000"
	role, err := lcc.ParseTerm(`sending(deal("888df9", "` + token + `", 10), "web", "h2")`)
	if err != nil {
		t.Fatal(err)
	}
	const want = `sending(deal("888df9", "hidden", 10), "web", "h2")`
	if got := texts([]lcc.Term{role, lcc.Atom("idle")}); !slices.Equal(got, []string{want, "idle"}) {
		t.Errorf("got %q, want %q and idle", got, want)
	}
}

// The log lines of each kind are limited for each peer; other peers and kinds are not
// affected.
func TestLogRateOfEachPeer(t *testing.T) {
	var r logRate
	now := time.Now()
	written := 0
	for range 1000 {
		if _, ok := r.allows("busy", "deal", now); ok {
			written++
		}
	}
	if written != linesAtOnce {
		t.Errorf("got %d lines, want %d", written, linesAtOnce)
	}
	if _, ok := r.allows("quiet", "deal", now); !ok {
		t.Error("another peer's line was left out")
	}
	attrs, ok := r.allows("busy", "deal", now.Add(2*lineEvery))
	if !ok || len(attrs) != 1 || attrs[0].Value.Int64() != 1000-linesAtOnce {
		t.Errorf("got %v, %v, want a line that tells of %d left out", attrs, ok, 1000-linesAtOnce)
	}
}
