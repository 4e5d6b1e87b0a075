package service

import (
	"regexp"
	"slices"

	"parley/hostagent/recall"
	"parley/peer"
)

// The token of a deal admits a guest, so it must not be readable in a log or in
// displayed messages: deal(Id, Token, Seconds) is shown with a hidden token.

var tokenInText = regexp.MustCompile(`(\bdeal\(\s*(?:"(?:[^"\\]|\\.)*"|[^",()]*)\s*,\s*)(?:"(?:[^"\\]|\\.)*"?|[^",()]+)`)

// withoutTokens hides the tokens in a text for people.
func withoutTokens(text string) string { return tokenInText.ReplaceAllString(text, `${1}"hidden"`) }

// tokensHidden returns a record without tokens.
func tokensHidden(r peer.Record) peer.Record {
	r.Record.Role, r.Record.Term = recall.HideTokens(r.Record.Role), recall.HideTokens(r.Record.Term)
	r.Record.Grounds = slices.Clone(r.Record.Grounds)
	for i, g := range r.Record.Grounds {
		r.Record.Grounds[i].Term = recall.HideTokens(g.Term)
	}
	return r
}

// logText prepares a text for the log: without tokens, and shortened.
func logText(text string) string {
	text = withoutTokens(text)
	if len(text) > logBytes {
		text = text[:logBytes] + "..."
	}
	return text
}

// logBytes bounds how much of another peer's text goes into one log line.
const logBytes = 200
