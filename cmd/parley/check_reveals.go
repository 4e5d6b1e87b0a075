package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"parley/lcc/check"
	"parley/lcc/syntax"
)

// revealJSON is what a model makes a host disclose and do, as --json prints it.
type revealJSON struct {
	File    string      `json:"file"`
	Tells   []tellsJSON `json:"tells"`
	Acts    []actsJSON  `json:"acts"`
	Partial bool        `json:"partial,omitempty"` // the list may be incomplete
}

type tellsJSON struct {
	Line    int      `json:"line"`
	Library string   `json:"library,omitempty"` // that the line is one of
	Role    string   `json:"role"`
	To      string   `json:"to"`
	Message string   `json:"message"`
	Carries []string `json:"carries"` // constraints whose answers may be in it
	Because []string `json:"because"` // constraints that decide whether it is sent
}

type actsJSON struct {
	Line    int    `json:"line"`
	Library string `json:"library,omitempty"`
	Role    string `json:"role"`
	Action  string `json:"action"`
}

func exposureJSON(c *checked) revealJSON {
	r := revealJSON{File: c.name, Tells: []tellsJSON{}, Acts: []actsJSON{}, Partial: c.shows.Partial}
	for _, t := range c.shows.Tells {
		r.Tells = append(r.Tells, tellsJSON{t.Pos.Line, t.Pos.Library(), t.Role, t.To, t.Message, orEmpty(t.Carries), orEmpty(t.Because)})
	}
	for _, d := range c.shows.Acts {
		r.Acts = append(r.Acts, actsJSON{d.Pos.Line, d.Pos.Library(), d.Role, d.Action})
	}
	return r
}

func orEmpty(list []string) []string { return append([]string{}, list...) }

// printDisclosures prints a line for each message and each action.
func printDisclosures(out io.Writer, c *checked) {
	at := func(p syntax.Position) string { return fmt.Sprintf("%s:%d", cmp.Or(p.Library(), c.name), p.Line) }
	for _, t := range c.shows.Tells {
		fmt.Fprintf(out, "%s: role %s tells %s: %s%s%s\n", at(t.Pos), t.Role, somebody(t), t.Message,
			list("; it may carry ", t.Carries), list("; it is sent because of ", t.Because))
	}
	for _, d := range c.shows.Acts {
		fmt.Fprintf(out, "%s: role %s may have the host do %s\n", at(d.Pos), d.Role, d.Action)
	}
	if c.shows.Partial {
		fmt.Fprintf(out, "%s: there may be more: values are handed on through too many roles and rules\n", c.name)
	}
}

func somebody(t check.Disclosure) string {
	if t.To == "" {
		return "a role that the run decides"
	}
	return t.To
}

func list(what string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return what + strings.Join(names, ", ")
}
