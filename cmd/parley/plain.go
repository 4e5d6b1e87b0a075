package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"

	"parley/internal/yamlfile"
)

// This file is between what others say and the terminal of a person. Names of guests,
// reasons of other hosts and states of their policies may hold anything: sequences that
// clear the screen, a line that looks like one of ours, or letters that run backwards.

// What is shown of one text of others in a table and in a line; --json has the whole.
const (
	cellMost = 240
	whyMost  = 80
	lineMost = 400
)

// oneLine makes one short line of a text that others wrote.
func oneLine(text string) string { return shortLine(text, lineMost) }

func shortLine(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return harmless(r)
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-3]) + "..."
}

// harmless is a letter as a terminal may get it. What is no letter, mark, number, symbol
// or space is replaced: control characters of both sets, and all that reorders or hides
// what stands beside it.
func harmless(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	if unicode.Is(unicode.Zs, r) {
		return ' '
	}
	return '\uFFFD'
}

// plainWriter lets through what is harmless, and lines and tabs: all that the command
// prints goes through one, so that nothing is forgotten.
type plainWriter struct {
	to io.Writer

	mu   sync.Mutex
	rest []byte // the beginning of a letter that was written in two parts
}

func (w *plainWriter) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := append(w.rest, data...)
	w.rest = nil
	clean := make([]byte, 0, len(all))
	for len(all) > 0 {
		r, size := utf8.DecodeRune(all)
		if r == utf8.RuneError && size == 1 && !utf8.FullRune(all) {
			w.rest = append([]byte(nil), all...)
			break
		}
		all = all[size:]
		if r != '\n' && r != '\t' {
			r = harmless(r)
		}
		clean = utf8.AppendRune(clean, r)
	}
	if _, err := w.to.Write(clean); err != nil {
		return 0, err
	}
	return len(data), nil
}

// terminalOf returns the file that an output ends in, if it does.
func terminalOf(out io.Writer) (*os.File, bool) {
	if w, ok := out.(*plainWriter); ok {
		out = w.to
	}
	file, ok := out.(*os.File)
	return file, ok
}

// sayf prints texts of ours with values of others: what is between the values is not
// changed, and no value is more than one line.
func sayf(out io.Writer, format string, values ...any) {
	for i, v := range values {
		switch v := v.(type) {
		case string:
			values[i] = oneLine(v)
		case error:
			values[i] = oneLine(v.Error())
		case fmt.Stringer:
			values[i] = oneLine(v.String())
		}
	}
	fmt.Fprintf(out, format, values...)
}

// reasonCell is a cell that says why: it may be an error of libvirt's, several times as wide as
// the rest of the row.
type reasonCell string

// brief leaves out the middle of a long text: libvirt's errors begin with what was
// tried, and end with what was in the way.
func (w reasonCell) brief() string {
	text := []rune(shortLine(string(w), lineMost))
	if len(text) <= whyMost {
		return string(text)
	}
	const gap = " ... "
	end := (whyMost - len(gap)) / 2
	begin := whyMost - len(gap) - end
	return strings.TrimSpace(string(text[:begin])) + gap + strings.TrimSpace(string(text[len(text)-end:]))
}

// listing is a table whose cells are plain.
type listing struct{ table.Writer }

func (l listing) AppendRow(row table.Row, config ...table.RowConfig) {
	clean := make(table.Row, len(row))
	for i, cell := range row {
		if w, ok := cell.(reasonCell); ok {
			cell = w.brief()
		}
		clean[i] = shortLine(fmt.Sprint(cell), cellMost)
	}
	l.Writer.AppendRow(clean, config...)
}

// indented is the text of an error: what follows its first line stands apart, so that no
// line of another's text passes for one of the command.
func indented(err error) string {
	lines := strings.Split(strings.ReplaceAll(marked(err), "\r", " "), "\n")
	for i, line := range lines {
		if i > 0 && line != "" && !strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "\t") {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}

// marked is an error with the lines of the files that people wrote, and a mark under
// each place that is wrong.
func marked(err error) string {
	text := err.Error()
	var faults yamlfile.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			if lines := f.Marked(); lines != "" {
				text = strings.Replace(text, f.Error(), f.Error()+"\n"+lines, 1)
			}
		}
	}
	return text
}

// writeJSON writes a value as JSON in which everything that is not harmless is escaped.
func writeJSON(out io.Writer, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, r := range string(data) {
		switch {
		case r == '\n' || harmless(r) == r:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	_, err = fmt.Fprintln(out, b.String())
	return err
}

// shellWord writes an argument of a command so that a shell takes it as it is.
func shellWord(text string) string {
	safe := func(r rune) bool {
		return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_@%+=:,./-", r))
	}
	switch {
	case text != "" && strings.IndexFunc(text, func(r rune) bool { return !safe(r) }) < 0:
		return text
	case utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return harmless(r) != r }) < 0:
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for _, c := range []byte(text) {
		if c >= ' ' && c < 0x7f && c != '\'' && c != '\\' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	return b.String() + "'"
}

// shellCommand is a command of ours with arguments that others named.
func shellCommand(verb string, args ...string) string {
	words := []string{"parley", verb}
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			words = append(words, "--")
			break
		}
	}
	for _, a := range args {
		words = append(words, shellWord(a))
	}
	return strings.Join(words, " ")
}
