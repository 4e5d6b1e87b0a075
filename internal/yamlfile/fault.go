package yamlfile

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with a file.
type Fault struct {
	File    string // "": not from a file
	Line    int    // from 1; 0: of the whole file
	Column  int    // from 1; 0: of the whole line
	Key     string // path, such as rules[1].guests; "": of no key
	Text    string // what is wrong, and what to give
	Nearest string // the key that was probably meant; "": none
	Excerpt string // the line of the file; "": of the whole file
	// Relies are keys whose values the fault follows from: a fault of one of them hides it.
	Relies []string
}

// Error is file:line:column: key: text, as far as each is known.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	for _, n := range []int{f.Line, f.Column} {
		if n > 0 {
			fmt.Fprintf(&b, ":%d", n)
		}
	}
	for _, part := range []string{f.Key, f.Text} {
		if part != "" && b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(part)
	}
	return b.String()
}

// Marked is the line of the file with a mark under the place, on two lines; "" where
// the place is not known.
func (f *Fault) Marked() string {
	if f.Excerpt == "" || f.Column == 0 {
		return ""
	}
	// A tab stays one below, so that the mark stands under its place.
	under := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string([]rune(f.Excerpt)[:min(f.Column-1, len([]rune(f.Excerpt)))]))
	number := fmt.Sprintf("%5d | ", f.Line)
	return number + f.Excerpt + "\n" + strings.Repeat(" ", len(number)-2) + "| " + under + "^"
}

// Faults are all that is wrong with a file, in the order of their places.
type Faults []*Fault

// Error has one fault on a line.
func (l Faults) Error() string {
	texts := make([]string, len(l))
	for i, f := range l {
		texts[i] = f.Error()
	}
	return strings.Join(texts, "\n")
}

// Unwrap gives each fault to errors.As.
func (l Faults) Unwrap() []error {
	list := make([]error, len(l))
	for i, f := range l {
		list[i] = f
	}
	return list
}
