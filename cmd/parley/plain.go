package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/internal/yamlfile"
)

// This file protects a person's terminal from texts of others. Names of guests, reasons
// of other hosts and states of their policies may contain anything: sequences that
// clear the screen, a line that imitates one of ours, or right-to-left letters.

// Bounds of one foreign text in a table cell and in a line; --json has the whole text.
const (
	cellMost = 240
	lineMost = 400
)

// oneLine makes a foreign text one short line.
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

// harmless makes a rune safe for a terminal. It replaces whatever is not a letter,
// mark, number, symbol or space: the control characters, and everything that reorders
// or hides other text.
func harmless(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	if unicode.Is(unicode.Zs, r) {
		return ' '
	}
	return '\uFFFD'
}

// plainWriter makes text safe with harmless, and keeps newlines and tabs. All output of
// the command passes through one, so that no text is missed.
type plainWriter struct {
	to io.Writer

	mu   sync.Mutex
	rest []byte // the beginning of a rune that is split over two writes
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

// colour writes an escape sequence of ours.
func (w *plainWriter) colour(sequence string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = io.WriteString(w.to, sequence) // the next Write reports what is wrong
}

// sayf prints our texts with foreign values: the text between the values is unchanged,
// and each value stays on one line. A verdict has its colour.
func sayf(out io.Writer, format string, values ...any) {
	writePainted(out, fmt.Sprintf(format, painted(out, values)...))
}

// painted are foreign values, each on one line.
func painted(out io.Writer, values []any) []any {
	for i, v := range values {
		switch v := v.(type) {
		case interface{ paint(io.Writer) string }:
			values[i] = v.paint(out)
		case string:
			values[i] = oneLine(v)
		case error:
			values[i] = oneLine(v.Error())
		case fmt.Stringer:
			values[i] = oneLine(v.String())
		}
	}
	return values
}

// reasonCell is a cell with a reason: it may be a libvirt error, several times wider
// than the rest of the row.
type reasonCell string

// indented is the text of an error with all lines after the first indented, so that no
// foreign line can pass for one of the command's.
func indented(err error) string {
	lines := strings.Split(strings.ReplaceAll(marked(err), "\r", " "), "\n")
	for i, line := range lines {
		if i > 0 && line != "" && !strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "\t") {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}

// marked is an error with what ends a refusal, with excerpts of the faulty files, and a
// mark under each fault.
func marked(err error) string {
	text := err.Error()
	var refused *api.Refused
	if errors.As(err, &refused) {
		text = strings.Replace(text, refused.Why.Detail, wording.RefusalOf(refused.Guest, refused.Why), 1)
	}
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

// writeJSON writes a value as JSON and escapes everything that is not harmless.
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

// shellWord quotes an argument so that a shell takes it literally.
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

// shellCommand is a parley command with foreign arguments, quoted for a shell.
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
