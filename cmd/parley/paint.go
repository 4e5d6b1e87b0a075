package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// verdict is a state, or how something ended. Its colour says whether it needs attention;
// its text says the same without one.
type verdict string

// The colours of verdicts. What needs nobody's attention has none.
const (
	good     = text.FgGreen
	doubtful = text.FgYellow
	bad      = text.FgRed
)

var colours = map[string]text.Color{
	"ok": good, "active": good, "done": good,

	"warn": doubtful, "warning": doubtful, "suspected": doubtful, "STALE": doubtful, "LAGGING": doubtful, "expired": doubtful,
	"drained": doubtful, "paused": doubtful,
	"suspected, announces a lower incarnation": doubtful,

	"fail": bad, "FAIL": bad, "error": bad, "refused": bad, "REFUSED": bad, "HALTED": bad, "ALARM": bad, "ERROR": bad, "NO ANSWER": bad,
	"PROBLEM": bad, "runs on two hosts": bad, "NO": bad, "NO HOST": bad,
	"NO RELEASE": bad, "NOT LISTED": bad, "EXPIRED": bad, "aborted": bad, "stuck": bad, "overloaded": bad, "two agents with its key": bad,
}

// paint is the verdict on one line, in its colour where the stream has colours. What it
// returns is for writePainted.
func (v verdict) paint(out io.Writer) string {
	clean := oneLine(string(v))
	name, _, _ := strings.Cut(strings.TrimSpace(clean), "(") // a role may have arguments
	colour, ok := colours[name]
	if !ok || !coloured(out) {
		return clean
	}
	return colour.EscapeSeq() + clean + text.Reset.EscapeSeq()
}

// verdicts are the roles that a host plays, or other states beside each other.
type verdicts []string

// paint is each of them with its colour; too many for a cell have none.
func (v verdicts) paint(out io.Writer) string {
	all := shortLine(strings.Join(v, ", "), cellMost)
	if strings.HasSuffix(all, "...") {
		return all
	}
	painted := make([]string, len(v))
	for i, one := range v {
		painted[i] = verdict(one).paint(out)
	}
	return strings.Join(painted, ", ")
}

// ours are the only escape sequences that writePainted lets through.
var ours = regexp.MustCompile(`\x1b\[(0|3[123])m`)

// writePainted writes a text that has colours of ours. All else in it is made safe, as
// any text is.
func writePainted(out io.Writer, painted string) {
	w, ok := out.(*plainWriter)
	if !ok || !coloured(out) {
		fmt.Fprint(out, painted)
		return
	}
	from := 0
	for _, at := range ours.FindAllStringIndex(painted, -1) {
		fmt.Fprint(w, painted[from:at[0]])
		w.colour(painted[at[0]:at[1]])
		from = at[1]
	}
	fmt.Fprint(w, painted[from:])
}

// judged is where other packages and the command itself say how bad a line is.
var judged = regexp.MustCompile(`(?m)^(ok|FAIL|warning|parley:)|: (?:error|warning) LCC[0-9]+: `)

// verdictIn finds the verdict in what judged matched.
var verdictIn = regexp.MustCompile(`[A-Za-z]+`)

// printJudged prints lines with such verdicts, and gives these their colours.
func printJudged(out io.Writer, lines string) {
	if coloured(out) {
		lines = judged.ReplaceAllStringFunc(ours.ReplaceAllString(lines, ""), func(found string) string {
			name := verdictIn.FindString(found)
			if name == "parley" {
				return bad.EscapeSeq() + found + text.Reset.EscapeSeq()
			}
			return strings.Replace(found, name, verdict(name).paint(out), 1)
		})
	}
	writePainted(out, lines+"\n")
}
