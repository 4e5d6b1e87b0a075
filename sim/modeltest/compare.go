package modeltest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/text"
)

// The comparison shows this many messages before and after the first difference, since
// a run may have very many.
const (
	rowsBefore = 40
	rowsAfter  = 20
)

// compare sets the expected messages beside those sent, up to the end of the best
// match, and marks the first difference.
func (s *search) compare(a attempt) Failure {
	f := Failure{Message: "the messages are not those expected"}
	if s.work > workMax {
		f.Message += "; there are too many ways to read them: bind more of the patterns, or use fewer branches"
	}
	f.Rows = s.before(a)
	if a.count == len(s.sent) {
		s.unsent(a, &f)
		return f
	}
	row := Row{Expected: "(nothing more)", Actual: s.sent[a.count].String(), First: true}
	if next := s.next(a); len(next) > 0 {
		var could []string
		for _, i := range next {
			could = append(could, s.want[i].text)
		}
		row.Expected, f.Line = strings.Join(could, " or "), s.want[next[0]].number
	}
	f.Rows = append(f.Rows, row)
	rest := s.sent[a.count+1:]
	for _, m := range rest[:min(len(rest), rowsAfter)] {
		f.Rows = append(f.Rows, Row{Actual: m.String()})
	}
	if n := len(rest) - rowsAfter; n > 0 {
		f.Rows = append(f.Rows, Row{Actual: fmt.Sprintf("(%d more)", n)})
	}
	return f
}

// before returns the rows of the matched messages.
func (s *search) before(a attempt) (rows []Row) {
	list := a.readings()
	from := len(list) - rowsBefore
	if from > 0 {
		dots := fmt.Sprintf("(%d before)", from)
		rows = append(rows, Row{Expected: dots, Actual: dots})
	}
	from = max(0, from)
	for at, i := range list[from:] {
		row := Row{Expected: "(others)", Actual: s.sent[from+at].String()}
		if i >= 0 {
			row.Expected = s.want[i].text
		}
		rows = append(rows, row)
	}
	return rows
}

// unsent adds the messages that were expected but not sent.
func (s *search) unsent(a attempt, f *Failure) {
	for i, w := range s.want {
		if a.state[i] != open || w.maybe {
			continue
		}
		row := Row{Expected: w.text, First: f.Line == 0}
		if row.First {
			row.Actual, f.Line = "(nothing more was sent)", w.number
		}
		f.Rows = append(f.Rows, row)
	}
}

// columnMax is the width of the left column of a comparison, in characters.
const columnMax = 56

// Text is the result for people: one line if the test passed, and one for each unused action.
func (r *Result) Text() string {
	var b strings.Builder
	if r.Passed() {
		fmt.Fprintf(&b, "ok    %s  %s, %s", r.Test, english.Plural(r.Seeds, "run", ""), english.Plural(r.Messages, "message", ""))
		for _, u := range r.Unused {
			fmt.Fprintf(&b, "\n  %s:%d: no agent of %s asked for this action: %s", r.Test, u.Line, u.Peer, u.Text)
		}
		return b.String()
	}
	fmt.Fprintf(&b, "FAIL  %s  with seed %d", r.Test, r.Seed)
	for _, f := range r.Failures {
		where := r.Test
		if f.Line > 0 {
			where = fmt.Sprintf("%s:%d", r.Test, f.Line)
		}
		fmt.Fprintf(&b, "\n  %s: %s", where, f.Message)
		f.rows(&b)
	}
	return b.String()
}

func (f *Failure) rows(b *strings.Builder) {
	if len(f.Rows) == 0 {
		return
	}
	width := len("expected")
	for _, row := range f.Rows {
		width = max(width, utf8.RuneCountInString(text.Snip(row.Expected, columnMax, "...")))
	}
	write := func(mark, left, right string) {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(left))
		b.WriteString(strings.TrimRight(fmt.Sprintf("\n    %s %s%s  %s", mark, left, pad, right), " "))
	}
	write(" ", "expected", "actual")
	for _, row := range f.Rows {
		mark := " "
		if row.First {
			mark = ">"
		}
		write(mark, text.Snip(row.Expected, columnMax, "..."), row.Actual)
	}
}
