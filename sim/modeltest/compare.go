package modeltest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// compare lays what was expected beside what was sent, as far as the best
// reading goes, and marks the first difference.
func (s *search) compare(a attempt) Failure {
	f := Failure{Message: "the messages are not those expected"}
	if s.tries > triesMax {
		f.Message += "; there are too many ways to read them: bind more of the patterns, or use fewer branches"
	}
	for at, i := range a.read {
		row := Row{Expected: "(others)", Actual: s.sent[at].String()}
		if i >= 0 {
			row.Expected = s.want[i].text
		}
		f.Rows = append(f.Rows, row)
	}
	next := s.next(a)
	if at := len(a.read); at < len(s.sent) {
		var could []string
		for _, i := range next {
			could = append(could, s.want[i].text)
		}
		row := Row{Expected: "(nothing more)", Actual: s.sent[at].String(), First: true}
		if len(could) > 0 {
			row.Expected = strings.Join(could, " or ")
			f.Line = s.want[next[0]].number
		}
		f.Rows = append(f.Rows, row)
		for _, m := range s.sent[at+1:] {
			f.Rows = append(f.Rows, Row{Actual: m.String()})
		}
		return f
	}
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
	return f
}

// columnMax is the width of the left column of a comparison, in characters.
const columnMax = 56

// Text is the result for people: one line where the test passed.
func (r *Result) Text() string {
	var b strings.Builder
	if r.Passed() {
		fmt.Fprintf(&b, "ok    %s  %s, %s", r.Test, plural(r.Seeds, "run"), plural(r.Messages, "message"))
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

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (f *Failure) rows(b *strings.Builder) {
	if len(f.Rows) == 0 {
		return
	}
	width := len("expected")
	for _, row := range f.Rows {
		width = max(width, utf8.RuneCountInString(clip(row.Expected)))
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
		write(mark, clip(row.Expected), row.Actual)
	}
}

func clip(text string) string {
	runes := []rune(text)
	if len(runes) <= columnMax {
		return text
	}
	return string(runes[:columnMax-3]) + "..."
}
