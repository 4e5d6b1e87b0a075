package service

import (
	"regexp"

	"parley/lcc"
	"parley/peer"
)

// The token of a deal lets a guest in, so nobody reads it in a log, or in what is
// shown of messages: deal(Id, Token, Seconds) is told with a hidden token.

// hiddenToken stands for a token.
const hiddenToken = lcc.String("hidden")

var tokenInText = regexp.MustCompile(`(\bdeal\(\s*(?:"(?:[^"\\]|\\.)*"|[^",()]*)\s*,\s*)(?:"(?:[^"\\]|\\.)*"?|[^",()]+)`)

// withoutTokens hides tokens in a text for people.
func withoutTokens(text string) string { return tokenInText.ReplaceAllString(text, `${1}"hidden"`) }

// tokensHidden is a record without tokens.
func tokensHidden(r peer.Record) peer.Record {
	r.Record.Role, r.Record.Term = hideTokens(r.Record.Role), hideTokens(r.Record.Term)
	return r
}

// hideTokens copies a term where there is a token in it. Its depth was held against
// the limits of the engine; a list is walked item by item.
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

// logText is a text for the log: without tokens and not long.
func logText(text string) string {
	text = withoutTokens(text)
	if len(text) > logBytes {
		text = text[:logBytes] + "..."
	}
	return text
}

// logBytes is how much of what others say goes into one line of the log.
const logBytes = 200
