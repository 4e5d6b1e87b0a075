package service

import (
	"regexp"

	"parley/lcc"
	"parley/peer"
)

// The token of a deal admits a guest, so it must not be readable in a log or in
// displayed messages: deal(Id, Token, Seconds) is shown with a hidden token.

// hiddenToken replaces a token.
const hiddenToken = lcc.String("hidden")

var tokenInText = regexp.MustCompile(`(\bdeal\(\s*(?:"(?:[^"\\]|\\.)*"|[^",()]*)\s*,\s*)(?:"(?:[^"\\]|\\.)*"?|[^",()]+)`)

// withoutTokens hides the tokens in a text for people.
func withoutTokens(text string) string { return tokenInText.ReplaceAllString(text, `${1}"hidden"`) }

// tokensHidden returns a record without tokens.
func tokensHidden(r peer.Record) peer.Record {
	r.Record.Role, r.Record.Term = hideTokens(r.Record.Role), hideTokens(r.Record.Term)
	return r
}

// hideTokens copies a term if it contains a token. The engine's limits bound the depth
// of the term; a list is walked iteratively.
func hideTokens(t lcc.Term) lcc.Term {
	c, ok := t.(*lcc.Compound)
	if !ok {
		return t
	}
	args := make([]lcc.Term, len(c.Args))
	changed := false
	for i, arg := range c.Args {
		if args[i] = hideTokens(arg); args[i] != arg {
			changed = true
		}
	}
	if c.Functor == "deal" && len(args) == 3 {
		args[1], changed = hiddenToken, true
	}
	if !changed {
		return t
	}
	return &lcc.Compound{Functor: c.Functor, Args: args}
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
