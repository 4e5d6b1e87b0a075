package main

import (
	"fmt"
	"slices"
	"strings"

	"parley/lcc/check"
	"parley/models/publish/bundle"
)

// enactment says whether a host would enact a model.
type enactment struct {
	why  *bundle.Refusal // nil: it would
	weak bool            // a refusal is no error
}

// findings are those of the text, and that no host would enact it where they do not show
// that already.
func (c *checked) findings() []check.Diagnostic {
	faulty := slices.ContainsFunc(c.found, func(d check.Diagnostic) bool { return d.Severity == check.Error })
	if c.enact == nil || c.enact.why == nil || faulty {
		return c.found
	}
	d := check.Diagnostic{Code: string(c.enact.why.Code), Severity: check.Error, Message: c.whyNotEnacted()}
	d.Pos.File, d.Pos.Line, d.Pos.Column = c.name, 1, 1 // of the whole text
	if c.enact.weak {
		d.Severity = check.Info
	}
	return append(slices.Clone(c.found), d)
}

// whyNotEnacted is the reason without the name of the text, which stands before it.
func (c *checked) whyNotEnacted() string { return strings.TrimPrefix(c.enact.why.Detail, c.name+": ") }

// enactText says whether a host would enact a model; "" where that was not asked.
func enactText(c *checked) string {
	switch {
	case c.library:
		return "; a library"
	case c.enact == nil:
		return ""
	case c.enact.why == nil:
		return "; a host would enact it"
	case len(c.findings()) == len(c.found): // the errors are the reason
		return "; no host would enact it"
	case !c.enact.weak: // the finding says why
		return fmt.Sprintf("; no host would enact it (%s)", c.enact.why.Code)
	}
	return fmt.Sprintf("; no host would enact it (%s): %s", c.enact.why.Code, c.whyNotEnacted())
}

// enactJSON says whether a host would enact a model, as --json prints it.
type enactJSON struct {
	File    string `json:"file"`
	Enacted bool   `json:"enacted"`
	Code    string `json:"code,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

func enactmentJSON(c *checked) enactJSON {
	e := enactJSON{File: c.name, Enacted: c.enact.why == nil}
	if !e.Enacted {
		e.Code, e.Reason = string(c.enact.why.Code), c.whyNotEnacted()
	}
	return e
}
