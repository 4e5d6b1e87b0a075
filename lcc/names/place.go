package names

import (
	"bytes"
	"regexp"

	"parley/lcc/syntax"
)

// Place is what may be written at an offset of a text.
type Place byte

// The places.
const (
	Nowhere    Place = iota // in a comment or a string, or behind the end of an item
	Agents                  // a role: behind a(
	Events                  // an event: behind ::, then, or, par and their parentheses
	Conditions              // a constraint: behind <-, :-, and, not
	Values                  // a value: an argument of a term, or a side of a comparison
)

var (
	behindAgent     = regexp.MustCompile(`(^|[^\w])a\s*\($`)
	behindEvent     = regexp.MustCompile(`(::=?|(^|[^\w])(then|or|par))[\s(]*$`)
	behindCondition = regexp.MustCompile(`(<-|<--|←|:-|;|∧|&|¬|(^|[^\w])(and|not))[\s(]*$`)
	behindValue     = regexp.MustCompile(`([\[|]|\w\(|[-+*/=<>]|(^|[^\w])(is|in|mod))\s*$`)
)

// PlaceOf returns what may be written at an offset, and the beginning of the name that is
// there already.
func PlaceOf(text []byte, offset int) (place Place, begun string) {
	offset = min(max(offset, 0), len(text))
	start := offset
	for start > 0 && wordLength(text[start-1:start]) == 1 {
		start--
	}
	begun = string(text[start:offset])
	before, open := withoutComments(text[:start])
	if open {
		return Nowhere, begun
	}
	if comma := bytes.TrimRight(before, " \t\r\n"); bytes.HasSuffix(comma, []byte(",")) {
		return behindComma(comma[:len(comma)-1]), begun
	}
	switch {
	case behindAgent.Match(before):
		return Agents, begun
	case behindEvent.Match(before):
		return Events, begun
	case behindCondition.Match(before):
		return Conditions, begun
	case behindValue.Match(before):
		return Values, begun
	}
	return Nowhere, begun
}

// behindComma tells a comma between arguments from one between constraints, by the
// innermost parenthesis that is open before it.
func behindComma(before []byte) Place {
	depth := 0
	for i := len(before) - 1; i >= 0; i-- {
		switch before[i] {
		case ')', ']':
			depth++
		case '[':
			if depth == 0 {
				return Values
			}
			depth--
		case '(':
			if depth > 0 {
				depth--
				continue
			}
			name := bytes.TrimRight(before[:i], " \t\r\n")
			if behindCondition.Match(before[:i]) || behindEvent.Match(before[:i]) || len(name) == 0 {
				return Conditions
			}
			return Values
		}
	}
	return Conditions
}

// withoutComments replaces comments and strings by space and the names in quotes by letters,
// and says whether the end of the text is in one of them.
func withoutComments(text []byte) (clean []byte, open bool) {
	clean = bytes.Clone(text)
	for i := 0; i < len(clean); {
		end, space := 0, byte(' ')
		switch {
		case clean[i] == '%', bytes.HasPrefix(clean[i:], []byte("//")):
			end = bytes.IndexByte(clean[i:], '\n')
		case bytes.HasPrefix(clean[i:], []byte("/*")):
			if end = bytes.Index(clean[i:], []byte("*/")); end >= 0 {
				end += 2
			}
		case clean[i] == '"':
			end = quoteLength(clean[i:])
		case clean[i] == '\'':
			end, space = quoteLength(clean[i:]), 'q'
		default:
			i++
			continue
		}
		if end < 0 {
			return clean, true
		}
		for k := i; k < i+end; k++ {
			clean[k] = space
		}
		i += end
	}
	return clean, false
}

// quoteLength is the length of the text in quotes at the beginning of a text, which ends on
// its line; -1 when it does not end.
func quoteLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		case '\n':
			return i
		}
	}
	return -1
}

// Above returns the comments directly above a line of a text, without their delimiters.
func Above(file *syntax.File, line int) (lines []string) {
	for i := len(file.Comments) - 1; i >= 0; i-- {
		c := file.Comments[i]
		if c.Trailing || c.Line+bytes.Count([]byte(c.Text), []byte("\n")) != line-1 {
			continue
		}
		lines = append([]string{bare(c.Text)}, lines...)
		line = c.Line
	}
	return lines
}

var delimiters = regexp.MustCompile(`^(%+|//+|/\*)\s*|\s*\*/$`)

func bare(comment string) string { return delimiters.ReplaceAllString(comment, "") }

var (
	variable  = regexp.MustCompile(`\b([A-Z]\w*|_\w+)`)
	itemStart = regexp.MustCompile(`(?m)^(a\s*\(|[a-z@]\w*[^\n]*(\.|:-|::)[ \t\r]*$)`)
)

// VariablesNear returns the variables of the clause or rule in which an offset is, in text
// order. It reads the words only, so that an item with an error has its variables too. An
// item begins at the beginning of a line.
func VariablesNear(text []byte, offset int) (list []string) {
	clean, _ := withoutComments(text)
	start, end := 0, len(clean)
	for _, at := range itemStart.FindAllIndex(clean, -1) {
		if at[0] > offset {
			end = at[0]
			break
		}
		start = at[0]
	}
	seen := map[string]bool{}
	for _, word := range variable.FindAll(clean[start:end], -1) {
		if name := string(word); !seen[name] {
			seen[name] = true
			list = append(list, name)
		}
	}
	return list
}
